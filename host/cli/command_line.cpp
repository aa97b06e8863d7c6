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
  app.add_flag("-v,--verbose", options.verbosity, "Say more: notes and times; twice: log what is done");
  app.add_option("--log-file", options.log_file, "Write a log to FILE")->type_name("FILE");
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
  verb->add_option("--max-failures", options->most_failures, "Stop after N failed inputs (default: go on)")
      ->type_name("N");
  verb->add_flag("--found", options->found, "Say what each document holds");
  verb->add_flag("--deny-warnings", options->deny_warnings, "Exit with 3 when there are warnings");
  verb->callback([options, &chosen] { chosen = [options](program &p) { return run(p, *options); }; });
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
  add_check(app, chosen);
  add_test(app, chosen);
  add_plugins(app, chosen);
  add_preview(app, chosen);
  add_explain(app, chosen);
  add_doctor(app, chosen);
  add_describe(app, chosen);
  add_escape(app, chosen);

  exit_code outcome = exit_code::internal_error;
  try {
    app.parse(argc, argv);
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
