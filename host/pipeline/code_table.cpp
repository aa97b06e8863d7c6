// SPDX-License-Identifier: Apache-2.0
// The catalogue of the host's codes. Examples are run by a test: each bad one has exactly its code.
#include "host/pipeline/codes.hpp"

#include <algorithm>
#include <iterator>

namespace calque::host {
namespace {

constexpr code_entry entries[] = {
    {"archive.case-collision",
     "Two members of an archive differ in case only",
     "Both are read. Where file systems do not tell capitals from small letters, one replaces the other.",
     {},
     {},
     "Give one of them another name, if the archive is to be unpacked."},
    {"archive.damaged",
     "An archive cannot be read",
     "It is cut off, is no ZIP archive, or says of its members what is not so: their place, size, sum or name. The "
     "message says what.",
     {},
     {},
     "Get the file again. If it is as it was sent, unpack it with a tool that repairs and pack it anew."},
    {"archive.duplicate-name",
     "Two members of an archive have one name",
     "Programs differ in which of them they read, so the same file would be two documents.",
     {},
     {},
     "Pack the archive anew with the member that is meant."},
    {"archive.encrypted",
     "A member of an archive is encrypted",
     "The importer needs it, and there is no way to give a password.",
     {},
     {},
     "Unpack the archive with its password and pack it anew without one."},
    {"archive.link",
     "A member of an archive is a link or a device",
     "It is not read: a link may lead out of the archive.",
     {},
     {},
     "Pack the file that it leads to."},
    {"archive.overlapping",
     "Members of an archive share bytes",
     "So a small archive unpacks to far more than it holds. No program that packs files makes such archives.",
     {},
     {},
     "Do not unpack it elsewhere either. If it is sound, pack its members anew."},
    {"archive.refused-name",
     "A member of an archive has a name that is refused",
     "The name climbs out of the archive (`..`), is absolute, names a drive, holds a backslash or control characters, or "
     "is no text. The member is not read; the others are.",
     {},
     {},
     "Look at where the archive comes from; give the member a plain name if it is needed."},
    {"archive.unknown-method",
     "A member of an archive is packed in a way that is not read",
     "Members that are stored, or packed by deflate or bzip2, can be read.",
     {},
     {},
     "Pack the archive anew with deflate."},
    {"convert.unknown-format",
     "A format of `calque convert` is not known",
     "`--from` and `--to` name an importer and an exporter, and no plugin has that one; or the name of the output has "
     "an "
     "ending that no exporter makes.",
     {},
     {},
     "Name one that `calque plugins list` shows, or give the output an ending such as `.xml`, `.html` or `.md`."},
    {"document.invalid",
     "A document breaks a rule of the document model",
     "Every document is checked whenever a stage hands one over. The message names the section, the place in it and "
     "the "
     "rule. The stage is at fault, not the input.",
     {},
     {},
     "Report it to the author of the plugin that is named, with the input."},
    {"document.limit",
     "A limit was reached",
     "The document, or what is made of it, is bigger than `[limits]` allows; the message says which limit, what was "
     "wanted "
     "and what was granted.",
     {},
     {},
     "If the input is sound, raise that limit in `[limits]`; else see what is wrong with it."},
    {"dump.syntax",
     "A dump of a document cannot be read",
     "It was edited, or cut; the message has the line.",
     {},
     {},
     "Make it again with `calque preview --dump`."},
    {"explain.unknown-code",
     "`calque explain` does not know the code",
     "Neither the host nor a plugin that can be loaded has it.",
     {},
     {},
     "`calque explain --list` shows the codes of the host, `calque plugins show ID` those of a plugin."},
    {"gc.bad-size",
     "A size on the command line is none",
     "`--size` takes a number and a unit.",
     {},
     {},
     "Write it as in `--size 4GiB`."},
    {"input.changed",
     "An input was changed while it was read",
     "What is read while somebody writes it is neither the old file nor the new one.",
     {},
     {},
     "Run again when nothing writes to it."},
    {"input.empty",
     "An input has no content",
     "The file has 0 bytes. Copying or downloading it may have failed.",
     {},
     {},
     "Get the file again, or take it out of the run."},
    {"input.is-a-folder",
     "An input is a folder",
     "Inputs are files; a folder is read by a pattern.",
     {},
     {},
     "Write `FOLDER/*.txt`, or `FOLDER/**/*.txt` for the folders in it as well."},
    {"input.missing",
     "An input does not exist",
     "There is no file of that name, or its links lead in a circle.",
     {},
     {},
     "Check the spelling, and the folder that you are in."},
    {"input.no-match",
     "A run has nothing to read",
     "No file matches the patterns of `[input]`, or neither the pipeline nor the command line names any.",
     {},
     {},
     "Check the patterns, or name files on the command line."},
    {"input.not-a-file",
     "An input is a pipe, a socket or a device",
     "Inputs are read more than once, so they have to be files.",
     {},
     {},
     "Save what comes out of it in a file, or give it to `calque convert -`."},
    {"input.permission",
     "An input may not be read",
     "The user who runs this has no right to read the file or to enter a folder above it.",
     {},
     {},
     "Change its permissions, or run as a user who has them."},
    {"input.too-big",
     "An input is bigger than the limit",
     "`[limits] input` says how many bytes one input may have.",
     {},
     {},
     "Split it, or raise the limit."},
    {"input.unknown-format",
     "No importer knows an input",
     "The pipeline names no importer, and of all that there are none says that it can read this. The message names "
     "them, "
     "and plugins that cannot be loaded.",
     {},
     {},
     "Name the importer: `import = \"text\"`, or `--from text`."},
    {"input.unreadable",
     "Reading an input failed",
     "The disk or the network reports an error.",
     {},
     {},
     "Copy the file to another disk and try that copy."},
    {"jail.failed",
     "The jail of a worker could not be entered",
     "Workers give up their rights before they load a plugin. One of the steps failed though the kernel knows it; the "
     "message has the step and the system's reason.",
     {},
     {},
     "Run `calque doctor --sandbox`; in a container, allow Landlock and seccomp."},
    {"jail.incomplete",
     "The kernel has no whole jail for workers",
     "It lacks Landlock or seccomp, or the program is built with a sanitizer; the message says what is missing. Plugins "
     "are then bound by less.",
     {},
     {},
     "Use a kernel of 5.19 or later with Landlock among its security modules (`lsm=` at boot) and seccomp filters."},
    {"ledger.loss",
     "Something was dropped that the pipeline does not allow to be dropped",
     "A stage left out part of the document, and said so with a code that `[loss] allow` does not have. With `[loss] "
     "default = \"warn\"` this is a warning.",
     {},
     {},
     "If it is right that this is lost, add the code to `[loss] allow`; else choose another exporter or other "
     "options."},
    {"ledger.mark-not-accounted",
     "An exporter passed over marks in silence",
     "It neither wrote all pages and language marks nor said that its format cannot express them.",
     {},
     {},
     "Report it to the author of the plugin that is named."},
    {"ledger.node-not-accounted",
     "An exporter passed over nodes in silence",
     "It neither wrote all nodes nor said that its format cannot express them.",
     {},
     {},
     "Report it to the author of the plugin that is named."},
    {"ledger.not-all-seen",
     "An importer lost notes, tables, images or the like",
     "It counts what is in the source apart from reading it, and fewer came into the document or were skipped with a "
     "code.",
     {},
     {},
     "Report it to the author of the plugin that is named, with the input."},
    {"ledger.source-not-tiled",
     "An importer left bytes of the source unaccounted",
     "Each byte has to be either in the document or skipped with a code. The message has the first range that is "
     "neither, "
     "or both.",
     {},
     {},
     "Report it to the author of the plugin that is named, with the input."},
    {"ledger.structure-lost",
     "A normalizer lost a heading, note, table or the like",
     "It rebuilt the document, and neither kept that node nor named it with a code.",
     {},
     {},
     "Report it to the author of the plugin that is named."},
    {"ledger.text-lost",
     "A normalizer lost text",
     "It rebuilt the document, and neither copied, replaced nor dropped that text with a code.",
     {},
     {},
     "Report it to the author of the plugin that is named."},
    {"memory.bad-language",
     "A language of `calque memory export` is no language tag",
     "`--source` and `--target` are tags of BCP 47. A tag also means those that are closer: `en` gives units in `en-US`.",
     {},
     {},
     "Write it as in `en`, `ru` or `zh-CN`; `calque memory stats` shows the languages of a memory."},
    {"memory.damaged",
     "A translation memory is damaged",
     "Its file is cut off, or parts of it are not what they should be. Nothing was changed.",
     {},
     {},
     "Bring it back from a copy, or import its TMX files into a new one."},
    {"memory.io",
     "A translation memory cannot be read or written",
     "Its folder is not there, the disk is full, or the disk reports an error. An import that ends so changes nothing.",
     {},
     {},
     "See to what the message says, and try again."},
    {"memory.left-out",
     "Something of a TMX file did not come into the memory",
     "A segment without a language, a unit with one language only, a tag that TMX does not have, or notes of a unit that was "
     "there already: the message says what, how often, and on which line first. All else was imported.",
     {},
     {},
     "Mend the file where it matters, and import it again: units that are there already are not put in twice."},
    {"memory.limit",
     "A TMX file goes beyond a limit",
     "The message names the limit: `depth` (elements within each other), `variants` (languages of a unit), `unit` (bytes of "
     "one), `token` (bytes of one tag), `amplification` (what entities stand for). Nothing of it was imported.",
     {},
     {},
     "See whether the file is what it should be."},
    {"memory.locked",
     "A translation memory is being written",
     "An import is at work in it. Who reads while it is being written would see half of it.",
     {},
     {},
     "Try again when the import is done."},
    {"memory.mended",
     "Something of a TMX file was written otherwise",
     "An inline code or a note lacks what TMX 1.4 asks of it, as in files of older revisions. It was kept in a form that "
     "every program reads.",
     {},
     {},
     "Nothing need be done."},
    {"memory.missing",
     "A translation memory is not there",
     "No file has that name.",
     {},
     {},
     "Check the name; `calque memory import FILE.tmx --into NAME` makes one."},
    {"memory.newer",
     "A translation memory was written by a newer Calque",
     "Its tables have a revision that this program does not know.",
     {},
     {},
     "Use the newer Calque, or let it export the memory as TMX and import that."},
    {"memory.not-a-memory",
     "A file is no translation memory",
     "It is something else, such as a TMX file, or a database of another program.",
     {},
     {},
     "Give a file that `calque memory import` made."},
    {"memory.not-tmx",
     "A file is no TMX that is read",
     "Its first element is not `<tmx>`, or its version is not 1.1 to 1.4.",
     {},
     {},
     "Save it as TMX 1.4 in the program that it comes from."},
    {"memory.not-well-formed",
     "A TMX file is no well-formed XML",
     "So nothing of it can be trusted, and nothing of it was imported.",
     {},
     {},
     "Mend it where the message points; `xmllint` finds such places too."},
    {"memory.permission",
     "A translation memory may not be opened",
     "The rights of the file or its folder do not allow it.",
     {},
     {},
     "Change them, or work on a copy."},
    {"memory.unfinished",
     "A translation memory was left in the middle of an import",
     "The import was killed. What it did is undone by whoever writes to the memory next; who only reads may not do that.",
     {},
     {},
     "Import anything into it, and it is as it was before the import that broke off."},
    {"output.bad-name",
     "An output's name leads out of the output folder, or is no file name",
     "An exporter named a file with `..` or a leading slash, or `-o` names a folder where a file is wanted.",
     {},
     {},
     "Choose another name with `to` or `-o`."},
    {"output.cannot-create",
     "An output cannot be made",
     "A file stands where a folder is needed, or the system refuses.",
     {},
     {},
     "Choose another folder with `-o`, or move what is in the way."},
    {"output.cannot-write",
     "Writing an output failed",
     "The disk reports an error. Nothing was changed.",
     {},
     {},
     "Choose another disk with `-o`."},
    {"output.disk-full",
     "The disk is full",
     "Outputs are written aside first and published together, so nothing was changed.",
     {},
     {},
     "Free some space and run again."},
    {"output.duplicate",
     "Two outputs would have one name",
     "Two inputs, parts or stages make a file of the same name (case does not count).",
     {},
     {},
     "Let `to` tell them apart with `{dir}`, `{stem}`, `{id}` or `{part}`."},
    {"output.is-an-input",
     "An output would overwrite an input",
     "Calque never writes over what it reads.",
     {},
     {},
     "Choose another folder with `-o`, or another name with `to`."},
    {"output.no-file",
     "An exporter made no file",
     "It ended without an error and without a file.",
     {},
     {},
     "Report it to the author of the plugin that is named."},
    {"output.not-a-file",
     "Something that is no file has the name of an output",
     "A folder, a pipe or a device stands there.",
     {},
     {},
     "Choose another name, or write to standard output with `-o -`."},
    {"output.permission",
     "An output may not be written",
     "The user who runs this has no right to write there.",
     {},
     {},
     "Choose another folder with `-o`, or change its permissions."},
    {"output.symlink",
     "An output would be written through a symbolic link",
     "Outputs stay below their folder, so links are not followed.",
     {},
     {},
     "Replace the link by a folder."},
    {"packed.byte-order",
     "A packed document was written with another order of bytes",
     "It comes from a machine of another kind.",
     {},
     {},
     "Make it again from its source."},
    {"packed.digest",
     "A packed document was damaged",
     "Its bytes have another digest than it says.",
     {},
     {},
     "Make it again from its source."},
    {"packed.model",
     "A packed document is of another model",
     "Another version of Calque wrote it.",
     {},
     {},
     "Make it again from its source."},
    {"packed.not-a-document",
     "A file is no packed document",
     "It does not begin like a `.cqdoc`.",
     {},
     {},
     "Name a `.cqdoc` file."},
    {"packed.section",
     "A packed document does not hold together",
     "Its sections overlap, are missing, or have other sizes than they say.",
     {},
     {},
     "Make it again from its source."},
    {"packed.truncated",
     "A packed document is cut short",
     "It ends before its contents do.",
     {},
     {},
     "Make it again from its source, or copy it again."},
    {"pipeline.bad-hex", "The `hex` of a test's input is not hexadecimal",
     "Bytes are written as pairs of hexadecimal digits; blanks and line ends between them do not count.",
     R"([[test]]
name = "not a text"
input = { hex = "ff f" }
expect = [{ status = "rejected" }]
)",
     R"([[test]]
name = "not a text"
input = { hex = "ff fe" }
expect = [{ status = "rejected" }]
)",
     "Write each byte with two digits."},
    {"pipeline.bad-name", "A name has letters that names do not have",
     "Pipelines are named in kebab-case (`minutes-to-tei`), stages in snake_case (`read_notes`): the names become file "
     "names, "
     "keys and words of the command line.",
     R"([pipeline]
name = "My Minutes"
)",
     R"([pipeline]
name = "my-minutes"
)",
     "Use small ASCII letters, digits, and the one sign."},
    {"pipeline.bad-output-name", "An output's name leads out of the output folder, or is no file name",
     "Outputs stand below `[output] folder`. Their names are relative, without `..`, without empty parts, and without "
     "the "
     "letters that some systems do not allow (`\\ : * ? \" < > |`).",
     R"([[stage]]
export = "tei"
to = "../{stem}.xml"
)",
     R"([[stage]]
export = "tei"
to = "tei/{stem}.xml"
)",
     "Name the file as it shall stand below the folder; choose the folder in `[output]` or with `-o`."},
    {"pipeline.bad-override", "A `--set` is not KEY=VALUE",
     "What stands before the first `=` is a dotted TOML key, what stands behind it a TOML value or plain text.",
     "# --set output.folder\n", "# --set output.folder=editions\n",
     "Write `--set KEY=VALUE`, e.g. `--set stage.tei.to={stem}.xml`."},
    {"pipeline.bad-quantity", "A size or a duration cannot be read",
     "A size is a number with B, kB, MB, GB, KiB, MiB or GiB; a duration one with ms, s, min or h.",
     R"([limits]
input = "ten megs"
)",
     R"([limits]
input = "10 MiB"
)",
     "Write the number and its unit in quotes."},
    {"pipeline.condition-on-import", "An importer has a condition",
     "`when` tests what is known once the importer is done, so it cannot decide whether the importer runs.",
     R"([[stage]]
import = "record"
when = { media_type = "text/plain" }
)",
     R"([[stage]]
import = "record"

[[stage]]
normalize = "whitespace"
when = { media_type = "text/plain" }
)",
     "Leave `import` out: then the importer is chosen by the input."},
    {"pipeline.contradiction",
     "Two values cannot both hold",
     "An input may be silent for a part of its time only, so `silence` is not longer than `total`.",
     "[budget]\nsilence = \"2 min\"\ntotal = \"1 min\"\n",
     "[budget]\nsilence = \"1 min\"\ntotal = \"2 min\"\n",
     "Make `silence` shorter, or `total` longer."},
    {"pipeline.deprecated-option", "An option will be removed",
     "The plugin still takes it, and says in the option's summary what replaces it.",
     R"([[stage]]
normalize = "whitespace"
with = { collapse = true }
)",
     R"([[stage]]
normalize = "whitespace"
with = { blank = "one" }
)",
     "Use what the help names."},
    {"pipeline.duplicate-key", "A key or table is given twice",
     "TOML allows each key once a table, and each table header once.",
     R"([output]
folder = "a"
folder = "b"
)",
     R"([output]
folder = "b"
)",
     "Keep one. Several stages are several `[[stage]]`, with two brackets."},
    {"pipeline.duplicate-output", "Two exporters would write one file",
     "Their `to` are the same, or differ in case only, which is the same on some systems.",
     R"([[stage]]
export = "tei"
to = "{stem}.out"

[[stage]]
export = "html"
to = "{stem}.out"
)",
     R"([[stage]]
export = "tei"
to = "{stem}.xml"

[[stage]]
export = "html"
to = "{stem}.html"
)",
     "Give each exporter a name of its own."},
    {"pipeline.duplicate-stage", "Two stages have one name",
     "A stage is called by its plugin's id, or by `id`. Names are used by tests, overrides and reports, so each names "
     "one stage.",
     R"([[stage]]
import = "text"

[[stage]]
export = "text"
)",
     R"([[stage]]
import = "text"

[[stage]]
export = "text"
id = "plain"
)",
     "Name one of them with `id`."},
    {"pipeline.duplicate-test", "Two tests have one name", "A test is found again by its name.",
     R"([[test]]
name = "works"
input = { text = "x" }
expect = [{ status = "ok" }]

[[test]]
name = "works"
input = { text = "y" }
expect = [{ status = "ok" }]
)",
     R"([[test]]
name = "one letter"
input = { text = "x" }
expect = [{ status = "ok" }]

[[test]]
name = "another letter"
input = { text = "y" }
expect = [{ status = "ok" }]
)",
     "Say what each one shows."},
    {"pipeline.import-not-first", "An importer stands after another stage",
     "Other stages work on the document that the importer makes.",
     R"([[stage]]
normalize = "unicode"

[[stage]]
import = "record"

[[stage]]
export = "tei"
)",
     R"([[stage]]
import = "record"

[[stage]]
normalize = "unicode"

[[stage]]
export = "tei"
)",
     "Put the importer first. With `include`, the stages of the included file come first."},
    {"pipeline.include-cycle", "A file includes itself", "Directly, or by way of files that it includes.",
     "include = [\"pipeline.toml\"]\n", "include = [\"shared.toml\"]\n",
     "Move what both need into a third file, and include that."},
    {"pipeline.layer-not-written", "A stage needs a layer that is not there yet",
     "Some stages read annotations that another stage makes (`calque plugins show ID`: requires). That one has to run "
     "before them.",
     R"([[stage]]
import = "record"

[[stage]]
annotate = "terms"
with = { termbase = "sample.txt" }

[[stage]]
export = "tei"
)",
     R"([[stage]]
import = "record"

[[stage]]
annotate = "segments"

[[stage]]
annotate = "terms"
with = { termbase = "sample.txt" }

[[stage]]
export = "tei"
)",
     "Put the stage that writes the layer before the one that needs it."},
    {"pipeline.missing-file", "A file that the pipeline names does not exist",
     "Relative names start at the folder of the file that says them, on the command line at the current folder.",
     R"([input]
files = ["no-such.txt"]
)",
     R"([input]
files = ["sample.txt"]
)",
     "Check the spelling, and from where the name starts."},
    {"pipeline.missing-key", "A table lacks a key that it must have", "The help says which, and shows it.",
     R"([pipeline]
summary = "Minutes to TEI"
)",
     R"([pipeline]
name = "minutes"
summary = "Minutes to TEI"
)",
     "Add the key."},
    {"pipeline.missing-option", "A plugin needs an option that is not given",
     "`calque plugins show ID` marks the required ones.",
     R"([[stage]]
import = "record"

[[stage]]
annotate = "segments"

[[stage]]
annotate = "terms"

[[stage]]
export = "tei"
)",
     R"([[stage]]
import = "record"

[[stage]]
annotate = "segments"

[[stage]]
annotate = "terms"
with = { termbase = "sample.txt" }

[[stage]]
export = "tei"
)",
     "Give it in `with`."},
    {"pipeline.no-export", "A pipeline has no exporter", "It can be tested and previewed, but a run makes no files.",
     R"([[stage]]
import = "record"
)",
     R"([[stage]]
import = "record"

[[stage]]
export = "tei"
)",
     "End it with a stage that exports."},
    {"pipeline.no-stages", "A pipeline has no stages", "There is nothing to do.", "stage = []\n",
     R"([[stage]]
import = "record"

[[stage]]
export = "tei"
)",
     "Add `[[stage]]` tables."},
    {"pipeline.no-verb", "A stage does not say what it does",
     "Each `[[stage]]` has one of `import`, `normalize`, `annotate` and `export`, with the id of a plugin.",
     R"([[stage]]
id = "reader"

[[stage]]
export = "tei"
)",
     R"([[stage]]
import = "record"
id = "reader"

[[stage]]
export = "tei"
)",
     "Say what it does."},
    {"pipeline.not-utf-8", "A pipeline file is not UTF-8 text",
     "It was saved in another encoding, or it is not a text file.", "", "",
     "Save it as UTF-8. `iconv -f latin1 -t utf-8` turns a file in Latin-1 into one."},
    {"pipeline.nothing-expected", "A test expects nothing",
     "An entry of `expect` names no thing to look at, or counts and compares without saying of what.",
     R"([[test]]
name = "two brackets"
input = { text = "[I] come [here]" }
expect = [{ at = "record", count = 2 }]
)",
     R"([[test]]
name = "one paragraph"
input = { text = "I come" }
expect = [{ at = "record", kind = "paragraph", count = 1 }]
)",
     "Say `layer`, `kind` or `field` with `count`, `text` and `value`; or `equals`, `contains`, `file_equals`, "
     "`diagnostics`, `status`, `outputs`."},
    {"pipeline.out-of-range", "A number is too small or too big", "The help gives the range.",
     R"([[stage]]
normalize = "whitespace"
with = { blank_lines = 99 }
)",
     R"([[stage]]
normalize = "whitespace"
with = { blank_lines = 2 }
)",
     "Choose a number in the range."},
    {"pipeline.output-without-export", "A stage that makes no files has a `to`", "Only exporters make files.",
     R"([[stage]]
normalize = "unicode"
to = "{stem}.txt"

[[stage]]
export = "tei"
)",
     R"([[stage]]
normalize = "unicode"

[[stage]]
export = "tei"
to = "{stem}.xml"
)",
     "Move `to` to the exporter."},
    {"pipeline.output-without-name", "One of several exporters has no `to`",
     "One exporter alone names its files by the input. Where there are several, each says where its files go.",
     R"([[stage]]
export = "tei"
to = "{stem}.xml"

[[stage]]
export = "html"
)",
     R"([[stage]]
export = "tei"
to = "{stem}.xml"

[[stage]]
export = "html"
to = "{stem}.html"
)",
     "Give each exporter a `to`."},
    {"pipeline.stage-after-export", "A stage's work is in no output", "No exporter follows it.",
     R"([[stage]]
export = "tei"

[[stage]]
normalize = "unicode"
)",
     R"([[stage]]
normalize = "unicode"

[[stage]]
export = "tei"
)",
     "Put it before the exporters, or leave it out."},
    {"pipeline.stage-not-run", "A test looks at a stage that it does not run",
     "`from` is the first stage that the test runs, `to` the last.",
     R"([[test]]
name = "markup"
input = { text = "x" }
to = "record"
expect = [{ at = "tei", contains = "x" }]
)",
     R"([[test]]
name = "markup"
input = { text = "x" }
expect = [{ at = "tei", contains = "x" }]
)",
     "Let the test run further, or look earlier."},
    {"pipeline.syntax", "A file is not TOML", "The parser stops at the first slip of a file, so only one is reported.",
     R"([output]
folder = editions
)",
     R"([output]
folder = "editions"
)",
     "The help names the commonest cause; toml.io has the rules."},
    {"pipeline.too-deep", "Brackets or keys are nested too deep",
     "More than 32 brackets or 16 parts of a key stand in each other; no pipeline needs that.",
     "a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "", "Is it a pipeline file?"},
    {"pipeline.too-many-files", "More than 100 files are included",
     "Files that include each other over and over would never end.", "", "", "Include each file once."},
    {"pipeline.two-imports", "A pipeline has two importers", "An input is read by one importer.",
     R"([[stage]]
import = "record"

[[stage]]
import = "text"

[[stage]]
export = "tei"
)",
     R"([[stage]]
import = "record"

[[stage]]
export = "tei"
)",
     "Leave `import` out to have it chosen by the input, or make two pipelines that include a third."},
    {"pipeline.two-inputs", "A test has two inputs", "It is run on one.",
     R"([[test]]
name = "reads"
input = { text = "x", file = "sample.txt" }
expect = [{ status = "ok" }]
)",
     R"([[test]]
name = "reads"
input = { file = "sample.txt" }
expect = [{ status = "ok" }]
)",
     "Make two tests."},
    {"pipeline.two-verbs", "A stage says two things to do", "A stage is one plugin in one role.",
     R"([[stage]]
import = "record"
export = "tei"
)",
     R"([[stage]]
import = "record"

[[stage]]
export = "tei"
)",
     "Make two `[[stage]]` tables."},
    {"pipeline.unknown-choice", "A value is not one of those that there are", "The help lists them.",
     R"([loss]
default = "ignore"
)",
     R"([loss]
default = "warn"
)",
     "Choose one of the list."},
    {"pipeline.unknown-code", "No plugin and no rule has that code",
     "`[loss] allow`, `[diagnostics]` and tests name codes, or globs of codes such as `markdown.*`. One that fits "
     "nothing is a slip.",
     R"([loss]
allow = ["markdwn.*"]
)",
     R"([loss]
allow = ["markdown.*"]
)",
     "`calque plugins show ID` lists the codes of a plugin, `calque explain --list` those of the host."},
    {"pipeline.unknown-key", "A key is not known",
     "Each table has its keys; a mistyped one would otherwise be passed over in silence.",
     R"([output]
foldr = "editions"
)",
     R"([output]
folder = "editions"
)",
     "The help has the nearest key, or all of them."},
    {"pipeline.unknown-kind", "No node or annotation is of that kind",
     "Kinds of nodes and of the host's layers are listed in docs/document-model.md.",
     R"([[test]]
name = "paragraphs"
input = { text = "x" }
expect = [{ at = "record", kind = "paragraf", count = 1 }]
)",
     R"([[test]]
name = "paragraphs"
input = { text = "x" }
expect = [{ at = "record", kind = "paragraph", count = 1 }]
)",
     "The help has the nearest kind."},
    {"pipeline.unknown-layer", "No stage that has run by then writes that layer",
     "A test looks at a layer that cannot be there.",
     R"([[test]]
name = "dates"
input = { text = "29 April 1962" }
expect = [{ at = "record", layer = "calque.date/1", count = 1 }]
)",
     R"([[stage]]
import = "record"

[[stage]]
annotate = "dates"

[[stage]]
export = "tei"

[[test]]
name = "dates"
input = { text = "29 April 1962" }
expect = [{ at = "dates", layer = "calque.date/1", count = 1 }]
)",
     "Look after the stage that writes it (`at`), and check the name and its number."},
    {"pipeline.unknown-option", "A plugin has no such option", "`calque plugins show ID` lists them.",
     R"([[stage]]
normalize = "whitespace"
with = { keep_nbps = true }
)",
     R"([[stage]]
normalize = "whitespace"
with = { keep_nbsp = true }
)",
     "The help has the nearest option, or all of them."},
    {"pipeline.unknown-placeholder", "A name has a placeholder that is none",
     "`{dir}` is the input's folder below its pattern, `{stem}` its name without the ending, `{id}` the document's "
     "identifier, `{part}` the "
     "number of the part.",
     R"([[stage]]
export = "tei"
to = "{name}.xml"
)",
     R"([[stage]]
export = "tei"
to = "{stem}.xml"
)",
     "Use one of the four."},
    {"pipeline.unknown-plugin", "There is no such plugin in that role",
     "No plugin that was found has that id; or it has another role; or it cannot be loaded, and a note says why.",
     R"([[stage]]
export = "tie"
)",
     R"([[stage]]
export = "tei"
)",
     "`calque plugins list` shows what there is, and what could not be loaded and why."},
    {"pipeline.unknown-stage", "No stage has that name",
     "A stage is called by its `id`, else by the id of its plugin without `calque.`.",
     "# --set stage.tie.to={stem}.xml\n", "# --set stage.tei.to={stem}.xml\n",
     "The help has the nearest name, or all of them."},
    {"pipeline.unreadable-file", "A file cannot be read",
     "It is a folder, a pipe or a device, it is bigger than 16 MiB, or you may not read it.", "include = [\".\"]\n",
     "include = [\"shared.toml\"]\n", "Name a TOML file that you may read."},
    {"pipeline.wrong-type", "A value is of the wrong type",
     "Texts stand in quotes, lists in brackets, tables in braces; true, false and numbers stand bare.",
     R"([[stage]]
normalize = "whitespace"
with = { keep_nbsp = "true" }
)",
     R"([[stage]]
normalize = "whitespace"
with = { keep_nbsp = true }
)",
     "Write it as the type that the message names."},
    {"plugin.abi",
     "A plugin was built for another version of the ABI",
     "While the major is 0 the minor must match exactly. The message has both.",
     {},
     {},
     "Build the plugin again with the headers of this Calque, or get one that was."},
    {"plugin.bad-description",
     "What a plugin says of itself breaks a rule",
     "The message names the stage and the rule.",
     {},
     {},
     "Report it to its author."},
    {"plugin.bad-magic",
     "A library is no plugin",
     "It exports the right name for something else.",
     {},
     {},
     "Take it out of the plugin folder."},
    {"plugin.cannot-load",
     "A plugin cannot be loaded",
     "A library that it needs is missing, or too old.",
     {},
     {},
     "`ldd FILE` shows what is missing; install that."},
    {"plugin.changed",
     "A plugin's file was replaced while it was in use",
     "What is loaded is no longer what was described.",
     {},
     {},
     "Run again."},
    {"plugin.crashed",
     "A plugin crashes when it is loaded",
     "It was loaded in a process of its own to see what it is, and that process died.",
     {},
     {},
     "Report it to its author; take it out of the plugin folder until then."},
    {"plugin.exception",
     "A plugin threw an exception",
     "No exception may cross the ABI. The document fails, the others are done.",
     {},
     {},
     "Report it to the author of the plugin, with the input."},
    {"plugin.foreign-exception",
     "A plugin threw something that is no std::exception",
     "No exception may cross the ABI. The document counts as crashed, the others are done.",
     {},
     {},
     "Report it to the author of the plugin, with the input."},
    {"plugin.misuse",
     "A plugin broke a rule of a call",
     "The message has the call and the rule. The document fails, the others are done.",
     {},
     {},
     "Report it to the author of the plugin, with the input."},
    {"plugin.no-symbol",
     "A library is no plugin",
     "It does not export `calque_plugin_v1`.",
     {},
     {},
     "Take it out of the plugin folder, or build it with `calque_add_plugin()`."},
    {"plugin.not-a-library",
     "A file with the ending of plugins is no library",
     "It is damaged, or for another kind of machine.",
     {},
     {},
     "Get the file again."},
    {"plugin.out-of-memory",
     "A stage had not enough memory",
     "An allocation failed at the limit of the worker's memory. In a batch the document is tried once more, in a "
     "worker of its own.",
     {},
     {},
     "Raise `memory` in `[budget]` if the document is sound; else see what makes it so big."},
    {"plugin.probe-failed",
     "It could not be found out what a plugin is",
     "The process that looks at it could not be started, or what it said cannot be read.",
     {},
     {},
     "Look whether the plugin prints while it is loaded."},
    {"plugin.silent-failure",
     "A plugin failed without saying why",
     "A run that fails reports an error first.",
     {},
     {},
     "Report it to the author of the plugin, with the input."},
    {"plugin.timed-out",
     "A plugin does not finish loading",
     "It was given some seconds in a process of its own.",
     {},
     {},
     "Report it to its author; take it out of the plugin folder until then."},
    {"plugin.unfounded-status",
     "A plugin says that it was stopped, and was not",
     "It returned a status that no call of the host had returned.",
     {},
     {},
     "Report it to the author of the plugin."},
    {"plugin.unknown-status",
     "A plugin returned something that is no status",
     "The message has the number.",
     {},
     {},
     "Report it to the author of the plugin."},
    {"plugin.unreadable",
     "A plugin's file cannot be read",
     "It is no regular file, or you may not read it.",
     {},
     {},
     "Check its permissions."},
    {"plugins.unknown",
     "No plugin has a stage of that name",
     "`calque plugins show` takes the id of a stage.",
     {},
     {},
     "`calque plugins list` shows which there are."},
    {"preview.nothing-asked",
     "`calque preview` was not told what to show",
     "It shows the document after each stage, or where a word comes from.",
     {},
     {},
     "Say `--dump`, or `--at WORD`."},
    {"repro.no-bundle",
     "A folder is no bundle of a quarantined document",
     "A part of it is missing, or it was made by another version of Calque.",
     {},
     {},
     "Name a folder in `.calque/quarantine`."},
    {"run.bad-events",
     "The records of a run cannot be used",
     "Its `events.ndjson` is missing, or a line of it is no event: it was cut, edited or damaged. The message has the "
     "line.",
     {},
     {},
     "Run the pipeline again: it writes new records. The editions are not touched."},
    {"run.bad-time",
     "A time on the command line is none",
     "`--wait` takes a number and a unit.",
     {},
     {},
     "Write it as in `--wait 10min` or `--wait 30s`."},
    {"run.big-report",
     "There is more to say of a document than the records hold",
     "What a worker reports of one document, its files, results, losses and messages, may be 64 MiB. The document fails, "
     "the others are done.",
     {},
     {},
     "Split the document, or let its stages make fewer files of it."},
    {"run.changed-plugins",
     "Plugins or libraries were replaced during a run",
     "A worker that was started later has loaded others than the first one.",
     {},
     {},
     "Run again."},
    {"run.crashed",
     "A worker crashed",
     "The process that held the document died; the message says how, and in which stage. It is tried once more, in "
     "a worker of its own.",
     {},
     {},
     "If it comes again, the document is in quarantine: `calque repro` shows the same failure."},
    {"run.false-report",
     "A worker's report is not true",
     "A file in its staging folder is not what it said that it had written. A plugin has taken over the process.",
     {},
     {},
     "See `stderr` in the record of the run; take the plugin out of the pipeline."},
    {"run.internal-error",
     "An error of Calque itself",
     "Something was thrown where nothing should be. The document fails, the others are done.",
     {},
     {},
     "Please report it, with the input."},
    {"run.locked",
     "Another run is at work in this folder",
     "The message names the process. The kernel drops the lock when that ends, however it ends.",
     {},
     {},
     "Try again later, or let the run wait: `--wait 10min`."},
    {"run.network-state",
     "The state would lie on a network file system",
     "Locks and the order of writes are not to be relied on there.",
     {},
     {},
     "Name a local folder for it with `--state`."},
    {"run.no-folder",
     "A run has no folder for its outputs",
     "Neither the pipeline nor the command line names one.",
     {},
     {},
     "Name one with `-o FOLDER`, or in `[output]`."},
    {"run.no-records",
     "There are no records of a run",
     "The folder has no `.calque/runs` with a run in it, or the file has no events.",
     {},
     {},
     "Name an output folder, or one of the folders in its `.calque/runs`."},
    {"run.no-sandbox",
     "The jail of a worker is not whole",
     "`--require-sandbox` was given, and the kernel lacks what the message says.",
     {},
     {},
     "See `calque doctor --sandbox`, or run without `--require-sandbox`."},
    {"run.no-worker",
     "No worker can be started",
     "It could not be started, or it ended while the stages were made; the message says how.",
     {},
     {},
     "See `calque doctor` and `calque plugins list`."},
    {"run.other-pipeline",
     "A folder of outputs belongs to another pipeline",
     "What is up to date there was made by that pipeline; two of them would remove each other's files.",
     {},
     {},
     "Give this pipeline a folder of its own with `-o` or `[output]`."},
    {"run.out-of-memory",
     "A document needed too much memory",
     "Its worker reached the limit of its address space. It is tried once more, in a worker of its own.",
     {},
     {},
     "Raise `memory` in `[budget]` if the document is sound."},
    {"run.stopped",
     "A run was stopped",
     "It was interrupted; documents that were not finished have no outputs.",
     {},
     {},
     "Run again."},
    {"run.timeout",
     "A document took too long",
     "No call of the host came for as long as `silence` allows, or all of it took longer than `total`. It is tried "
     "once more, in a worker of its own.",
     {},
     {},
     "Raise the budget only if the document is sound: `calque repro` shows where it hangs."},
    {"run.unknown-filter",
     "`calque log` does not know a filter",
     "A filter is KEY=VALUE, and the keys are status, verdict, code, stage and input.",
     {},
     {},
     "Write one of these keys; `*` in the value stands for any characters."},
    {"run.unreadable-records",
     "The records of a run have a form that this program does not read",
     "A newer program wrote them; the message has the form.",
     {},
     {},
     "Read them with the program that wrote them."},
    {"run.vanished",
     "Inputs are gone, and their outputs are still there",
     "They were made from files that `[input]` does not find any more.",
     {},
     {},
     "Remove them with `calque run PIPELINE --prune`."},
    {"run.violation",
     "A stage tried what its jail forbids",
     "The kernel ended the worker at that call. A sound plugin has no use for it.",
     {},
     {},
     "Report it to the author of the plugin; do not use it until then."},
    {"schedule.bad-time",
     "A schedule has a time that is none",
     "`--daily` takes hours and minutes, `--weekly` a day in English and a time, `--calendar` an expression of systemd.",
     {},
     {},
     "Write `--daily 02:30`, `--weekly sunday 02:30` or `--calendar \"Mon..Fri 02:30\"`."},
    {"schedule.bad-word",
     "A schedule cannot hold a path or a user",
     "Units and crontabs are files of lines in UTF-8: a name with a line end, another control character or other bytes "
     "cannot stand in them.",
     {},
     {},
     "Give the file or folder a plain name, or name a user that is there."},
    {"schedule.exists",
     "A unit of that name is there, and says something else",
     "`calque schedule` does not overwrite what it, or you, wrote before.",
     {},
     {},
     "Compare the two; `--force` replaces it, `--to FOLDER` writes elsewhere."},
    {"schedule.no-cron",
     "Cron cannot say that",
     "A crontab has minutes, hours and days; calendar expressions of systemd can be finer than that.",
     {},
     {},
     "Use `--daily` or `--weekly` with `--cron`, or a systemd timer."},
    {"state.damaged",
     "The state of a folder of outputs is damaged",
     "Its longest sound beginning is used. What is not known any more is done again; no output is wrong.",
     {},
     {},
     "Nothing; if it comes again, see whether the disk is sound."},
    {"state.newer-version",
     "The state was written by a newer Calque",
     "This version does not know its form, and will not overwrite it.",
     {},
     {},
     "Use the newer program, or another output folder."},
    {"test.differs",
     "A test of a pipeline found something else than it expects",
     "The message has what was expected and what was found.",
     {},
     {},
     "If what was found is right, change the test; `--update` rewrites files that it compares with."},
    {"test.run-failed",
     "A test's document failed, which the test does not expect",
     "What the run reported follows.",
     {},
     {},
     "If it has to fail, expect it: `{ status = \"rejected\" }`."},
    {"verify.no-state",
     "There is no state in a folder",
     "`calque verify` compares outputs with what `calque run` has recorded, and nothing is recorded there.",
     {},
     {},
     "Name a folder that `calque run` has written to; `--state` when its state lies elsewhere."}
};

constexpr bool is_sorted() {
  for (std::size_t k = 1; k < std::size(entries); ++k)
    if (!(entries[k - 1].code < entries[k].code)) return false;
  return true;
}
static_assert(is_sorted(), "by code, each once");

}  // namespace

std::span<const code_entry> host_codes() {
  return entries;
}

}  // namespace calque::host
