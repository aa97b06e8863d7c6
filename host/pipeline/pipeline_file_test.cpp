// SPDX-License-Identifier: Apache-2.0
// What a pipeline file becomes. Broken ones are in tests/pipelines/broken.
#include "host/pipeline/pipeline_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "host/pipeline/render.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/pipeline/test_catalog.hpp"

namespace calque::host {
namespace {

const std::string minimal =
    "[pipeline]\nname = \"minutes\"\n[[stage]]\nimport = \"record\"\n[[stage]]\nexport = \"tei\"\n";

loaded_pipeline load(const std::string &text, std::vector<std::string> overrides = {}) {
  return load_pipeline_text("pipe.toml", text, test_catalog(), overrides);
}

std::string concise(const loaded_pipeline &loaded) {
  return render_all(loaded.diagnostics, loaded.sources, {.form = render_form::concise});
}

std::string codes(const loaded_pipeline &loaded) {
  std::string all;
  for (const diagnostic &one : loaded.diagnostics) all += (all.empty() ? "" : " ") + one.code;
  return all;
}

TEST(pipeline_file, a_whole_pipeline_is_read) {
  const loaded_pipeline loaded = load(R"(
[pipeline]
name = "minutes"
summary = "Minutes to editions"
[input]
files = ["records/**/*.txt", "/abs/*.md"]
[[stage]]
import = "record"
with = { labels = ["a", "b"] }
[[stage]]
normalize = "whitespace"
id = "blanks"
with = { keep_nbsp = false, blank = "all", blank_lines = 2, ratio = 1 }
when = { language = "zh", media_type = ["text/*"], fields = { title = "*", date = ["19*", "20*"] } }
[[stage]]
annotate = "dates"
with = { patience = "1.5 s", table_size = "2 KiB" }
[[stage]]
annotate = "org.example.notes"
plugin = "notes"
[[stage]]
export = "tei"
to = "{dir}/{stem}-{part}.xml"
[output]
folder = "out"
[loss]
allow = ["tei.*"]
default = "warn"
[diagnostics]
"editorial.unclosed" = "error"
"record.*" = "off"
[limits]
text = "1 MiB"
depth = 64
)");
  ASSERT_TRUE(loaded.value) << concise(loaded);
  EXPECT_EQ(concise(loaded), "");
  const pipeline &whole = *loaded.value;
  const std::string here = std::filesystem::current_path();
  EXPECT_EQ(whole.name, "minutes");
  EXPECT_EQ(whole.inputs, (std::vector<std::string>{here + "/records/**/*.txt", "/abs/*.md"}));
  ASSERT_EQ(whole.stages.size(), 5U);
  EXPECT_TRUE(whole.has_importer());
  EXPECT_EQ(whole.stages[0].options[0].items.at(1).text, "b");
  EXPECT_FALSE(whole.stages[0].options[1].is_set);
  const pipeline_stage &blanks = whole.stages[1];
  EXPECT_EQ(blanks.name, "blanks");
  EXPECT_EQ(blanks.where.line, 11U);
  EXPECT_TRUE(blanks.options[0].is_set);
  EXPECT_EQ(blanks.options[0].i, 0);
  EXPECT_EQ(blanks.options[1].i, 1);
  EXPECT_EQ(blanks.options[2].i, 2);
  EXPECT_EQ(blanks.options[3].f, 1);
  EXPECT_FALSE(blanks.options[4].is_set);
  EXPECT_EQ(blanks.when.language, std::vector<std::string>{"zh"});
  EXPECT_EQ(blanks.when.fields.at(1).second.size(), 2U);
  EXPECT_EQ(whole.stages[2].options[0].i, 1500);
  EXPECT_EQ(whole.stages[2].options[1].i, 2048);
  EXPECT_EQ(whole.stages[3].name, "org.example.notes");
  EXPECT_EQ(whole.stages[4].to, "{dir}/{stem}-{part}.xml");
  EXPECT_EQ(whole.output_folder, here + "/out");
  EXPECT_TRUE(whole.loss.warn_only);
  ASSERT_EQ(whole.severities.size(), 2U);
  EXPECT_EQ(whole.severities[0].level, severity::error);
  EXPECT_FALSE(whole.severities[1].level);
  EXPECT_EQ(whole.bounds.max_text, 1U << 20);
  EXPECT_EQ(whole.bounds.max_depth, 64U);
}

TEST(pipeline_file, a_test_keeps_its_places) {
  const loaded_pipeline loaded = load(minimal + R"([[test]]
name = "brackets"
input = { text = "[I]", name = "a.txt" }
to = "record"
expect = [
  { layer = "calque.page/1", kind = "page", count = 2, value = { n = 3 } },
  { diagnostics = ["record.blank-line"] },
  { kind = "paragraph", text = "x" }, { status = "ok" }, { outputs = 0 },
]
[[test]]
name = "bytes"
input = { hex = "41 ff" }
from = "record"
expect = [{ at = "tei", contains = "x", file_equals = "a.xml", compare = "xml" }]
)");
  ASSERT_TRUE(loaded.value) << concise(loaded);
  const pipeline_test &first = loaded.value->tests.at(0);
  EXPECT_EQ(first.text, "[I]");
  EXPECT_EQ(first.input_name, "a.txt");
  EXPECT_EQ(first.to, "record");
  ASSERT_EQ(first.expect.size(), 5U);
  EXPECT_EQ(first.expect[0].at, "record");
  EXPECT_EQ(first.expect[0].count, 2U);
  EXPECT_EQ(first.expect[0].values.at(0).second, "3");
  EXPECT_EQ(first.expect[0].where.file, "pipe.toml");
  EXPECT_EQ(first.expect[0].where.line, 12U);
  EXPECT_EQ(first.expect[1].diagnostics->at(0), "record.blank-line");
  EXPECT_EQ(first.expect[4].outputs, 0U);
  const pipeline_test &second = loaded.value->tests.at(1);
  EXPECT_EQ(second.text, "A\xFF");
  EXPECT_EQ(second.expect[0].at, "tei");
  EXPECT_TRUE(second.expect[0].file_equals->ends_with("/a.xml"));
}

TEST(pipeline_file, an_importer_may_be_left_out) {
  const loaded_pipeline loaded = load("[pipeline]\nname = \"x\"\n[[stage]]\nexport = \"tei\"\n");
  ASSERT_TRUE(loaded.value) << concise(loaded);
  EXPECT_FALSE(loaded.value->has_importer());
  EXPECT_EQ(loaded.value->stages[0].to, "{dir}/{stem}.xml");
}

TEST(pipeline_file, overrides_win) {
  const loaded_pipeline loaded =
      load(minimal, {"pipeline.name=other", "stage.tei.to={stem}.tei", "stage.tei.with.indent=true",
                     "output.folder=a b", "limits.depth=7", "loss.allow=[\"tei.*\"]"});
  ASSERT_TRUE(loaded.value) << concise(loaded);
  EXPECT_EQ(loaded.value->name, "other");
  EXPECT_EQ(loaded.value->stages[1].to, "{stem}.tei");
  EXPECT_EQ(loaded.value->stages[1].options[0].i, 1);
  EXPECT_TRUE(loaded.value->output_folder.ends_with("/a b"));
  EXPECT_EQ(loaded.value->bounds.max_depth, 7U);
  EXPECT_EQ(loaded.value->loss.allow.size(), 1U);
}

TEST(pipeline_file, errors_in_overrides_point_at_them) {
  const loaded_pipeline loaded = load(minimal, {"pipeline.name=ok", "stage.tie.to=x", "stage.tei.with.indnt=true",
                                                "output", "output.folder=3", "a b=1"});
  EXPECT_FALSE(loaded.value);
  EXPECT_EQ(concise(loaded),
            "--set:2:7: error[pipeline.unknown-stage]: no stage is called `tie` (did you mean `tei`?)\n"
            "--set:3:16: error[pipeline.unknown-option]: unknown option `indnt` of tei (did you mean `indent`?)\n"
            "--set:4:1: error[pipeline.bad-override]: an override is one line of the form KEY=VALUE (e.g. --set "
            "output.folder=editions)\n"
            "--set:5:15: error[pipeline.wrong-type]: `folder` is an integer, not a text (a text stands in quotes)\n"
            "--set:6:1: error[pipeline.bad-override]: `a b` is no key (keys are joined with dots: --set "
            "stage.tei.with.indent=false)\n");
}

TEST(pipeline_file, included_stages_come_first_and_own_values_win) {
  const scratch_folder folder;
  folder.write("common/read.toml",
               "include = 'limits.toml'\n[input]\nfiles = 'in/*.txt'\n[loss]\nallow = ['record.*']\n[[stage]]\nimport "
               "= 'record'\n");
  folder.write("common/limits.toml", "[limits]\ndepth = 5\nnodes = 6\n");
  folder.write("pipe.toml",
               "include = ['common/read.toml']\n[pipeline]\nname = 'x'\n[loss]\nallow = ['tei.*']\n[limits]\ndepth = "
               "9\n[[stage]]\nexport = 'tei'\n");
  const loaded_pipeline loaded = load_pipeline(folder.path("pipe.toml"), test_catalog());
  ASSERT_TRUE(loaded.value) << concise(loaded);
  EXPECT_EQ(loaded.value->stages.at(0).name, "record");
  EXPECT_EQ(loaded.value->stages.at(1).name, "tei");
  EXPECT_EQ(loaded.value->inputs.at(0), folder.path("common/in/*.txt")) << "relative to the file that says it";
  EXPECT_EQ(loaded.value->loss.allow, (std::vector<std::string>{"record.*", "tei.*"}));
  EXPECT_EQ(loaded.value->bounds.max_depth, 9U);
  EXPECT_EQ(loaded.value->bounds.max_nodes, 6U);
}

TEST(pipeline_file, errors_of_included_files_name_them) {
  const scratch_folder folder;
  folder.write("a.toml", "include = ['b.toml', 'pipe.toml', 'no.toml']\nx = \n");
  folder.write("b.toml", "y = 1 2\n");
  folder.write("pipe.toml", "include = ['a.toml', 'b.toml', '.']\n");
  const loaded_pipeline loaded = load_pipeline(folder.path("pipe.toml"), test_catalog());
  EXPECT_FALSE(loaded.value);
  EXPECT_EQ(codes(loaded), "pipeline.syntax pipeline.syntax pipeline.unreadable-file")
      << "a file that is not TOML includes nothing";
  folder.write("a.toml", "include = ['b.toml', 'pipe.toml', 'no.toml']\n");
  folder.write("b.toml", "");
  EXPECT_EQ(codes(load_pipeline(folder.path("pipe.toml"), test_catalog())),
            "pipeline.include-cycle pipeline.missing-file pipeline.unreadable-file");
}

TEST(pipeline_file, files_that_include_each_other_over_and_over_end) {
  const scratch_folder folder;
  for (int k = 0; k < 40; ++k) {
    const std::string next = "'" + std::to_string(k + 1) + ".toml'";
    folder.write(std::to_string(k) + ".toml", "include = [" + next + ", " + next + "]\n");
  }
  folder.write("40.toml", "");
  const loaded_pipeline loaded = load_pipeline(folder.path("0.toml"), test_catalog());
  ASSERT_FALSE(loaded.diagnostics.empty());
  EXPECT_EQ(loaded.diagnostics[0].code, "pipeline.too-many-files");
}

TEST(pipeline_file, what_is_no_file_is_an_error) {
  const scratch_folder folder;
  EXPECT_EQ(codes(load_pipeline(folder.path("no.toml"), test_catalog())), "pipeline.missing-file");
  EXPECT_EQ(codes(load_pipeline(folder.path(), test_catalog())), "pipeline.unreadable-file");
  EXPECT_EQ(codes(load_pipeline("/dev/zero", test_catalog())), "pipeline.unreadable-file");
  EXPECT_EQ(codes(load_pipeline(folder.path("no/no.toml"), test_catalog())), "pipeline.missing-file");
  const std::string big = folder.path("big.toml");
  std::ofstream(big) << "";
  std::filesystem::resize_file(big, std::uintmax_t{1} << 34);
  EXPECT_EQ(codes(load_pipeline(big, test_catalog())), "pipeline.unreadable-file");
  EXPECT_EQ(codes(load("")), "pipeline.missing-key pipeline.no-stages");
}

TEST(pipeline_file, typing_errors_get_the_right_suggestion) {
  struct slip {
    std::string text, meant;
  };
  const auto key = [](const std::string &line) { return minimal + line; };
  const slip slips[] = {
      {key("[inptu]\n"), "input"},
      {key("[outputs]\n"), "output"},
      {key("[limit]\n"), "limits"},
      {key("[diagnostic]\n"), "diagnostics"},
      {key("[los]\n"), "loss"},
      {key("[input]\nfile = 'x'\n"), "files"},
      {key("[output]\nfodler = 'x'\n"), "folder"},
      {key("[output]\ndir = 'x'\n"), ""},
      {key("[loss]\nalow = []\n"), "allow"},
      {key("[loss]\ndefualt = 'warn'\n"), "default"},
      {key("[loss]\ndefault = 'warm'\n"), "warn"},
      {key("[limits]\ndept = 3\n"), "depth"},
      {key("[limits]\nannotation = 3\n"), "annotations"},
      {key("[limits]\nmax_nodes = 3\n"), "nodes"},
      {key("[diagnostics]\n'record.*' = 'eror'\n"), "error"},
      {key("[diagnostics]\n'record.*' = 'warn'\n"), "warning"},
      {key("[diagnostics]\n'record.blank-lines' = 'off'\n"), "record.blank-line"},
      {key("[diagnostics]\n'editorial.uncloesd' = 'off'\n"), "editorial.unclosed"},
      {key("[[stage]]\nnormalise = 'unicode'\n"), "normalize"},
      {key("[[stage]]\nanotate = 'dates'\n"), "annotate"},
      {key("[[stage]]\nnormalize = 'unicdoe'\n"), "unicode"},
      {key("[[stage]]\nnormalize = 'white_space'\n"), "whitespace"},
      {key("[[stage]]\nnormalize = 'pagejoins'\n"), "page_joins"},
      {key("[[stage]]\nnormalize = 'page-joins'\n"), "page_joins"},
      {key("[[stage]]\nannotate = 'editoral'\n"), "editorial"},
      {key("[[stage]]\nannotate = 'date'\n"), "dates"},
      {key("[[stage]]\nannotate = 'segment'\n"), "segments"},
      {key("[[stage]]\nannotate = 'org.exmaple.notes'\n"), "org.example.notes"},
      {key("[[stage]]\nannotate = 'notes'\n"), "org.example.notes"},
      {key("[[stage]]\nexport = 'htlm'\n"), "html"},
      {key("[[stage]]\nexport = 'markdwon'\n"), "markdown"},
      {key("[[stage]]\nnormalize = 'unicode'\nwiht = {}\n"), "with"},
      {key("[[stage]]\nnormalize = 'unicode'\nwith = { from = 'NFC' }\n"), "form"},
      {key("[[stage]]\nnormalize = 'unicode'\nwith = { form = 'nfc' }\n"), "NFC"},
      {key("[[stage]]\nnormalize = 'whitespace'\nwith = { keep-nbsp = true }\n"), "keep_nbsp"},
      {key("[[stage]]\nnormalize = 'whitespace'\nwith = { keepNbsp = true }\n"), "keep_nbsp"},
      {key("[[stage]]\nnormalize = 'whitespace'\nwith = { blank_line = 1 }\n"), "blank_lines"},
      {key("[[stage]]\nnormalize = 'unicode'\nwhen = { languages = 'zh' }\n"), "language"},
      {key("[[stage]]\nnormalize = 'unicode'\nwhen = { mediatype = 'zh' }\n"), "media_type"},
      {key("[[test]]\nname='x'\ninput={txt='x'}\nexpect=[{status='ok'}]\n"), "text"},
      {key("[[test]]\nname='x'\ninput={text='x'}\nexpects=[{status='ok'}]\n"), "expect"},
      {key("[[test]]\nname='x'\ninput={text='x'}\nexpect=[{status='failled'}]\n"), "failed"},
      {key("[[test]]\nname='x'\ninput={text='x'}\nexpect=[{kind='paragrah'}]\n"), "paragraph"},
      {key("[[test]]\nname='x'\ninput={text='x'}\nexpect=[{layer='calque.pages/1'}]\n"), "calque.page/1"},
      {key("[[test]]\nname='x'\ninput={text='x'}\nexpect=[{at='recrod',status='ok'}]\n"), "record"},
  };
  std::size_t right = 0;
  for (const slip &one : slips) {
    const loaded_pipeline loaded = load(one.text);
    EXPECT_FALSE(loaded.value) << one.text;
    const bool is_right =
        std::any_of(loaded.diagnostics.begin(), loaded.diagnostics.end(), [&](const diagnostic &found) {
          return one.meant.empty() ? found.hint.find("did you mean") == std::string::npos
                                   : found.hint == "did you mean `" + one.meant + "`?";
        });
    right += is_right ? 1 : 0;
    if (!is_right) ADD_FAILURE() << one.text << concise(loaded);
  }
  EXPECT_EQ(right, std::size(slips));
}

}  // namespace
}  // namespace calque::host
