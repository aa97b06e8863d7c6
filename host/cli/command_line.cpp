// SPDX-License-Identifier: Apache-2.0
// From the command line to a verb, and from its outcome to the exit code. The only file that knows CLI11.
#include "host/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>

#include "host/cli/program.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

using chosen_verb = std::function<exit_code(program &)>;

/// What every verb takes, before it or after it.
void add_program_options(CLI::App &app, program_options &options) {
  app.add_option("--color", options.color, "Colour in messages (auto: on a terminal, unless NO_COLOR is set)")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", options.quiet, "Say errors only");
  app.add_flag_callback("--no-progress", [&options] { options.progress = false; }, "Show no progress");
  app.add_flag("-v,--verbose", options.verbosity, "Say more: notes and times; twice: log what is done");
  app.add_option("--log-file", options.log_file, "Write a log to FILE")->type_name("FILE");
  app.add_option("--log-format", options.log_format, "text, or json: an object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORM");
  app.add_option("--plugin-path", options.plugin_path, "Look for plugins in FOLDER first; may be repeated")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
}

CLI::App *add_verb(CLI::App &app, const char *name, const char *summary) {
  CLI::App *verb = app.add_subcommand(name, summary);
  verb->fallthrough();
  return verb;
}

void add_overrides(CLI::App *verb, std::vector<std::string> &overrides) {
  verb->add_option("--set", overrides, "Set a key of the pipeline, as in stage.tei.with.indent=false; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_convert(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<convert_options>();
  CLI::App *verb = add_verb(app, "convert", "Convert one file without a pipeline file");
  verb->add_option("IN", options->input, "The input; - is standard input")->required();
  verb->add_option("-o,--output", options->output, "The output; - or nothing is standard output")->type_name("OUT");
  verb->add_option("--from", options->from, "The importer, by id (default: the one that knows the content best)")
      ->type_name("ID");
  verb->add_option("--to", options->to, "The exporter, by id (default: by the extension of OUT)")->type_name("ID");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return convert(p, *options); }; });
}

void add_run(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<run_options>();
  CLI::App *verb = add_verb(app, "run", "Run a pipeline: the main job");
  verb->add_option("PIPELINE", options->pipeline, "The pipeline file")->required();
  verb->add_option("FILE", options->files, "Inputs, in place of [input]");
  verb->add_option("-o,--output", options->output, "The output folder, in place of [output]")->type_name("FOLDER");
  add_overrides(verb, options->overrides);
  verb->add_option("-j,--workers", options->workers, "How many documents at once (default: one a processor)")
      ->check(CLI::Range(1, 256))
      ->take_last()
      ->type_name("N");
  verb->add_flag("-n,--dry-run", options->dry, "Say what would be done, and why; write nothing");
  verb->add_option("--format", options->format, "Of --dry-run: human or json")->check(CLI::IsMember({"human", "json"}));
  verb->add_flag("--force", options->force, "Do all of it again, whatever is up to date");
  verb->add_option("--only", options->only, "Only inputs that match GLOB; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  verb->add_option("--limit", options->limit, "Do N documents at most")->type_name("N");
  verb->add_flag_callback("--keep-going", [options] { options->most_failures.clear(); }, "Go on whatever fails (the default)");
  verb->add_option("--max-failures", options->most_failures, "Stop after N failed inputs, or N% of all (default: go on)")
      ->check(CLI::Validator(
          [](std::string &text) {
            const std::string digits = text.substr(0, text.ends_with('%') ? text.size() - 1 : text.size());
            const bool is_number = !digits.empty() && digits.size() < 10 && digits.find_first_not_of("0123456789") == digits.npos;
            return is_number ? std::string() : "\"" + text + "\" is no number, and no number with %";
          },
          ""))
      ->type_name("N");
  verb->add_option("--wait", options->wait, "Wait as long as this for another run in the folder, as in 10min")
      ->type_name("TIME");
  verb->add_flag("--prune", options->prune, "Remove outputs of inputs that are gone");
  verb->add_flag("--bag", options->bag, "Write the outputs below data/, as a BagIt bag");
  verb->add_option("--premis", options->premis, "Write what was done as PREMIS 3 to FILE")->type_name("FILE");
  verb->add_option("--events", options->events, "Write the events of the run to FILE as well; - is standard output, fd:N a descriptor")
      ->type_name("FILE");
  verb->add_option("--metrics", options->metrics, "Write the totals to FILE, for Prometheus")->type_name("FILE");
  verb->add_option("--on-failure", options->on_failure, "Run COMMAND when the run did not end well; the totals are its input, as JSON")
      ->type_name("COMMAND");
  verb->add_option("--keep-runs", options->keep_runs, "Records of how many runs stay (30)")->type_name("N");
  verb->add_option("--state", options->state, "Where the state lies (default: .calque in the output folder)")->type_name("FOLDER");
  verb->add_flag("--fresh-workers", options->fresh_workers, "A new worker for each document");
  verb->add_flag("--require-sandbox", options->require_sandbox, "Exit with 69 when the kernel cannot close a worker in");
  verb->add_flag("--no-sandbox", options->no_sandbox, "Workers without a jail");
  verb->add_flag("--in-process", options->in_process, "No worker at all, for debuggers");
  verb->add_flag("--no-cache", options->no_cache, "Keep no documents between stages for later runs");
  verb->add_flag("--no-fsync", options->no_fsync)->group("");
  verb->add_option("--landlock-abi", options->landlock_abi)->group("");
  verb->add_flag("--found", options->found, "Say what each document holds; does all of them again");
  verb->add_flag("--deny-warnings", options->deny_warnings, "Exit with 3 when there are warnings");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return run(p, *options); }; });
}

void add_why(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<why_options>();
  CLI::App *verb = add_verb(app, "why", "Say why a run would do a document again, or why not");
  verb->add_option("DOCUMENT", options->document, "The input")->required();
  verb->add_option("-p,--pipeline", options->pipeline, "The pipeline file")->required()->type_name("PIPELINE");
  verb->add_option("-o,--output", options->output, "The output folder, in place of [output]")->type_name("FOLDER");
  verb->add_option("--state", options->state, "Where the state lies")->type_name("FOLDER");
  add_overrides(verb, options->overrides);
  verb->callback([options, &chosen] { chosen = [options](program &p) { return why(p, *options); }; });
}

void add_verify(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<verify_options>();
  CLI::App *verb = add_verb(app, "verify", "Compare the outputs with what the runs recorded: changed, missing, unexpected");
  verb->add_option("FOLDER", options->folder, "The output folder")->required();
  verb->add_flag("--fast", options->fast, "Compare sizes only");
  verb->add_option("--state", options->state, "Where the state lies")->type_name("FOLDER");
  verb->add_option("--format", options->format, "human or json")->check(CLI::IsMember({"human", "json"}));
  verb->callback([options, &chosen] { chosen = [options](program &p) { return verify(p, *options); }; });
}

void add_repro(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<repro_options>();
  CLI::App *verb = add_verb(app, "repro", "Show the failure of a quarantined document once more");
  verb->add_option("BUNDLE", options->bundle, "Its folder in .calque/quarantine")->required();
  verb->add_flag("--in-process", options->in_process, "In this process, for debuggers");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return repro(p, *options); }; });
}

void add_gc(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<gc_options>();
  CLI::App *verb = add_verb(app, "gc", "Remove kept documents beyond a size, and old records of runs");
  verb->add_option("FOLDER", options->folder, "An output folder, for the records of its runs");
  verb->add_option("--size", options->size, "What the kept documents may take (4 GiB)")->type_name("SIZE");
  verb->add_option("--keep-runs", options->keep_runs, "Records of how many runs stay (30)")->type_name("N");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return gc(p, *options); }; });
}

void add_check(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<check_options>();
  CLI::App *verb = add_verb(app, "check", "Check pipeline files: every error at once, nothing is run");
  verb->add_option("PIPELINE", options->pipelines, "Pipeline files")->required();
  add_overrides(verb, options->overrides);
  verb->add_option("--format", options->format, "How problems are shown")
      ->check(CLI::IsMember({"human", "concise", "json"}));
  verb->add_flag("--deny-warnings", options->deny_warnings, "Exit with 3 when there are warnings");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return check(p, *options); }; });
}

void add_test(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<test_options>();
  CLI::App *verb = add_verb(app, "test", "Run the tests that pipeline files carry");
  verb->add_option("PIPELINE", options->pipelines, "Pipeline files")->required();
  verb->add_option("-k", options->only, "Only tests whose name holds TEXT")->type_name("TEXT");
  verb->add_flag("--update", options->update, "Write what was found to the expected files; read the changes after");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return test(p, *options); }; });
}

void add_plugins(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<plugins_options>();
  CLI::App *verb = add_verb(app, "plugins", "List the plugins, or show one with all its options");
  const auto add_format = [&](CLI::App *to) {
    to->add_option("--format", options->format, "human or json")->check(CLI::IsMember({"human", "json"}));
  };
  add_format(verb);
  add_format(add_verb(*verb, "list", "All stages, and the plugins that cannot be loaded"));
  CLI::App *show = add_verb(*verb, "show", "What one stage does, its options and codes");
  show->add_option("ID", options->id, "\"tei\", or \"import/markdown\" where two roles share an id")->required();
  add_format(show);
  show->callback([options] { options->show = true; });
  verb->require_subcommand(0, 1);
  verb->final_callback([options, &chosen] { chosen = [options](program &p) { return plugins(p, *options); }; });
}

void add_memory(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<memory_options>();
  CLI::App *verb = add_verb(app, "memory", "Fill a translation memory from TMX files, write it as TMX, or count what it holds");
  CLI::App *import = add_verb(*verb, "import", "Put TMX files into a memory, all of them or none");
  import->add_option("FILE", options->files, "TMX files")->required();
  import->add_option("--into", options->memory, "The memory; it is made when it is not there")->required()->type_name("MEMORY");
  import->callback([options] { options->what = memory_options::verb::import; });
  CLI::App *out = add_verb(*verb, "export", "Write a memory as TMX 1.4b");
  out->add_option("MEMORY", options->memory, "The memory")->required();
  out->add_option("-o,--output", options->output, "The TMX file; - is standard output")->required()->type_name("FILE");
  out->add_option("--source", options->source, "Only units of this source language")->type_name("LANGUAGE");
  out->add_option("--target", options->target, "Only units of this target language")->type_name("LANGUAGE");
  out->callback([options] { options->what = memory_options::verb::export_; });
  CLI::App *stats = add_verb(*verb, "stats", "Count units by languages and by the files that they are from");
  stats->add_option("MEMORY", options->memory, "The memory")->required();
  stats->add_option("--format", options->format, "human or json")->check(CLI::IsMember({"human", "json"}));
  verb->require_subcommand(1);
  verb->final_callback([options, &chosen] { chosen = [options](program &p) { return memory(p, *options); }; });
}

void add_preview(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<preview_options>();
  CLI::App *verb = add_verb(app, "preview", "Show the document after each stage, or where a word comes from");
  verb->add_option("FILE", options->input, "The input")->required();
  verb->add_option("-p,--pipeline", options->pipeline, "The pipeline file")->required()->type_name("PIPELINE");
  verb->add_flag("--dump", options->dump, "Print the text dump after each stage");
  verb->add_option("--at", options->at, "Print each place of WORD in the result, with its bytes in the source")
      ->type_name("WORD");
  add_overrides(verb, options->overrides);
  verb->callback([options, &chosen] { chosen = [options](program &p) { return preview(p, *options); }; });
}

void add_schedule(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<schedule_options>();
  CLI::App *verb = add_verb(app, "schedule", "Write systemd units, or a line for cron, that run a pipeline by the calendar");
  verb->add_option("PIPELINE", options->pipeline, "The pipeline file")->required();
  CLI::Option_group *when = verb->add_option_group("When");
  when->add_option("--daily", options->daily, "Each day at this time, as in 02:30")->type_name("HH:MM");
  when->add_option("--weekly", options->weekly, "Each week, as in sunday 02:30")
      ->type_size(2)
      ->expected(1)
      ->type_name("DAY HH:MM");
  when->add_option("--calendar", options->calendar, "As systemd's OnCalendar= says, as in \"Mon..Fri 02:30\"")
      ->type_name("EXPRESSION");
  when->require_option(1);
  verb->add_option("-o,--output", options->output, "The output folder, in place of [output]")->type_name("FOLDER");
  verb->add_option("--to", options->to, "Where to write the units (default: the current folder)")->type_name("FOLDER");
  verb->add_option("--user", options->user, "Who it runs as (default: you, unless you are root)")->type_name("NAME");
  verb->add_flag("--cron", options->cron, "Print a line for a crontab instead; with --user, one for /etc/cron.d");
  verb->add_flag("--force", options->force, "Replace units that say something else");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return schedule(p, *options); }; });
}

void add_report(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<report_options>();
  CLI::App *verb = add_verb(app, "report", "Make the report of a run again, from its records");
  verb->add_option("RUN", options->run, "An output folder, for its last run, or a folder of its .calque/runs")->required();
  verb->add_option("-o,--output", options->output, "Where to (default: report.html beside the records)")->type_name("FILE");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return report(p, *options); }; });
}

void add_log(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<log_options>();
  CLI::App *verb = add_verb(app, "log", "Show what became of each input of a run, also while it goes on");
  verb->add_option("RUN", options->run, "An output folder, for its last run, or a folder of its .calque/runs");
  verb->add_option("--filter", options->filters, "Only inputs with that status, verdict, code, stage or input (patterns); may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--format", options->format, "human, json (the events as they are) or tsv")
      ->check(CLI::IsMember({"human", "json", "tsv"}));
  verb->add_flag("--runs", options->runs, "List the runs of the folder");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return log_runs(p, *options); }; });
}

void add_explain(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<explain_options>();
  CLI::App *verb = add_verb(app, "explain", "Explain a code that a message has given");
  verb->add_option("CODE", options->code, "The code, as in pipeline.unknown-key");
  verb->add_flag("--list", options->list, "All codes");
  verb->callback([options, &chosen] {
    if (options->code.empty() == !options->list)
      throw CLI::ValidationError("explain", "give either a code or --list");
    chosen = [options](program &p) { return explain(p, *options); };
  });
}

void add_doctor(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<doctor_options>();
  CLI::App *verb = add_verb(app, "doctor", "Look at the machine, and at the jail that plugins run in");
  CLI::Option *sandbox = verb->add_flag("--sandbox", options->sandbox, "Try to break out of the jail, in many ways");
  verb->add_option("--landlock-abi", options->landlock_abi, "With --sandbox: as if the kernel knew no newer Landlock than N")
      ->type_name("N")
      ->needs(sandbox);
  verb->add_option("--format", options->format, "human or json")->check(CLI::IsMember({"human", "json"}));
  verb->callback([options, &chosen] { chosen = [options](program &p) { return doctor(p, *options); }; });
}

void add_escape(CLI::App &app, chosen_verb &chosen) {
  auto options = std::make_shared<escape_options>();
  CLI::App *verb = add_verb(app, "__escape", "One attempt of doctor --sandbox");
  verb->group(""); // not for people
  verb->add_option("NAME", options->name)->required();
  verb->add_option("FOLDER", options->folder)->required();
  verb->add_option("ABI", options->landlock_abi)->required();
  verb->callback([options, &chosen] { chosen = [options](program &p) { return try_to_escape(p, *options); }; });
}

void add_describe(CLI::App &app, chosen_verb &chosen) {
  auto file = std::make_shared<std::string>();
  CLI::App *verb = add_verb(app, "__describe", "What a plugin file says of itself");
  verb->group(""); // not for people
  verb->add_option("FILE", *file)->required();
  verb->callback([file, &chosen] { chosen = [file](program &p) { return describe(p, *file); }; });
}

/// "calque: no verb "rnu"; did you mean "run"?" or what CLI11 says.
void explain_usage_error(const CLI::App &app, const CLI::Error &error, int argc, char **argv) {
  std::string message = error.what(), hint;
  std::vector<std::string> verbs;
  for (const CLI::App *verb : app.get_subcommands([](const CLI::App *) { return true; }))
    if (!verb->get_group().empty()) verbs.push_back(verb->get_name());
  if (argc > 1 && argv[1][0] != '-' && std::find(verbs.begin(), verbs.end(), argv[1]) == verbs.end()) {
    message = "there is no verb \"" + std::string(argv[1]) + "\"";
    const std::string nearest = suggest(argv[1], verbs);
    if (!nearest.empty()) message += "; did you mean \"" + nearest + "\"?";
  }
  std::cerr << "calque: " << message << "\n        `calque --help` shows the verbs, `calque VERB --help` what one takes\n";
}

}  // namespace

int run_command_line(int argc, char **argv) {
  program_options options;
  chosen_verb chosen;
  CLI::App app("Turns archival documents into editions: imports, normalizes, annotates and exports them as a pipeline "
               "file says.",
               "calque");
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.get_formatter()->label("Subcommands", "Verbs");
  app.footer(exit_code_table());
  app.set_version_flag("--version", std::string(version_text()));
  app.require_subcommand(1);
  app.fallthrough(false);
  add_program_options(app, options);
  add_convert(app, chosen);
  add_run(app, chosen);
  add_why(app, chosen);
  add_verify(app, chosen);
  add_repro(app, chosen);
  add_gc(app, chosen);
  add_check(app, chosen);
  add_test(app, chosen);
  add_plugins(app, chosen);
  add_memory(app, chosen);
  add_preview(app, chosen);
  add_schedule(app, chosen);
  add_report(app, chosen);
  add_log(app, chosen);
  add_explain(app, chosen);
  add_doctor(app, chosen);
  add_describe(app, chosen);
  add_escape(app, chosen);

  exit_code outcome = exit_code::internal_error;
  try {
    app.parse(argc, argv);
    options.command.assign(argv, argv + argc);
    program session(options);
    outcome = chosen(session);
    if (!session.flush_data()) outcome = exit_code::io_error;
  } catch (const CLI::Success &asked) { // --help, --version
    app.exit(asked, std::cout, std::cerr);
    std::cout.flush();
    return static_cast<int>(std::cout ? exit_code::ok : exit_code::io_error);
  } catch (const CLI::Error &error) {
    explain_usage_error(app, error, argc, argv);
    return static_cast<int>(exit_code::usage);
  } catch (const std::bad_alloc &) {
    std::cerr << "calque: out of memory\n";
  } catch (const std::exception &error) {
    std::cerr << "calque: an error of Calque itself: " << error.what() << "\n";
  }
  pass_on_signal(); // ends the program by the signal that stopped it, if one did
  return static_cast<int>(outcome);
}

}  // namespace calque::host
