// SPDX-License-Identifier: Apache-2.0
// `calque memory`: TMX files into a translation memory and out of it, and what it holds.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "host/cli/pipelines.hpp"
#include "host/cli/program.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/records/durable_file.hpp"
#include "translation_memory/languages.hpp"
#include "translation_memory/store.hpp"
#include "translation_memory/tmx_reader.hpp"
#include "translation_memory/tmx_writer.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

/// Thrown between our own functions alone: a signal came, or the output cannot be written.
struct interrupted {};
struct output_error {
  diagnostic why;
};

/// What was done, or the end of the verb.
template <class T>
T done(result<T> outcome) {
  if (!outcome.has_value()) throw output_error{outcome.errors().front()};
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// Runs one of the verbs; what the library throws becomes a diagnostic here and goes no further.
template <class Act>
exit_code guarded(program &p, Act &&act) {
  std::vector<diagnostic> why;
  try {
    return act();
  } catch (const tm::failure &f) {
    why.push_back(error(f.code(), show_text(f.what()), f.hint()));
  } catch (const output_error &e) {
    why.push_back(e.why);
  } catch (const interrupted &) {
    p.end_progress();
    p.say("stopped; nothing was changed");
    return signal_that_came() == 2 ? exit_code::interrupted : exit_code::terminated;
  }
  p.end_progress();
  p.show(why);
  return exit_code_of_input(why);
}

void show_remarks(program &p, const std::string &file, const tm::tmx_account &account) {
  std::vector<diagnostic> all;
  for (const auto &[what, one] : account.remarks) {
    diagnostic d = error(one.is_loss ? "memory.left-out" : "memory.mended",
                         fmt::format("{}: {}{}", what, one.count,
                                     one.first_line == 0 ? "" : fmt::format(", the first on line {}", one.first_line)));
    d.level = one.is_loss ? severity::warning : severity::info;
    d.document = file;
    all.push_back(std::move(d));
  }
  if (!all.empty()) p.show(all);
}

exit_code import(program &p, const memory_options &options) {
  tm::store_writer into(options.memory);
  std::uint64_t is_new = 0, was_there = 0;
  for (const std::string &file : options.files) {
    std::error_code unknown;
    const std::uint64_t size = std::max<std::uint64_t>(fs::file_size(file, unknown), 1);
    std::uint64_t file_new = 0, file_there = 0, other_notes = 0, shown = 0;
    const tm::tmx_sink sink{[&](const tm::unit &u) {
                              const auto outcome = into.add(u);
                              (outcome == tm::store_writer::added::is_new ? file_new : file_there) += 1;
                              other_notes += outcome == tm::store_writer::added::had_other_notes ? 1 : 0;
                            },
                            [&](const std::string &note) { into.add_header_note(note); },
                            [&](std::uint64_t bytes) {
                              if (signal_that_came() != 0) throw interrupted{};
                              if (bytes < shown + (4u << 20)) return;
                              shown = bytes;
                              if (p.has_terminal())
                                p.progress({fmt::format("{}: {}% read, {} new units", show_text(file),
                                                        std::min<std::uint64_t>(bytes * 100 / size, 100), file_new)});
                            }};
    tm::tmx_account account = tm::read_tmx(fs::path(file), sink);
    if (other_notes != 0)
      account.remarks["units that were there already with other notes or dates, which stay"] = {true, other_notes, 0};
    p.end_progress();
    show_remarks(p, file, account);
    p.say(fmt::format("{}: {}: {} new, {} there already", show_text(file), counted(account.pairs, "unit"), file_new,
                      file_there));
    is_new += file_new;
    was_there += file_there;
  }
  into.commit();
  if (options.files.size() > 1)
    p.say(fmt::format("{}: {} new, {} there already", show_text(options.memory), is_new, was_there));
  return exit_code::ok;
}

exit_code export_(program &p, const memory_options &options) {
  const bool to_stdout = options.output == "-";
  std::error_code unknown;
  if (!to_stdout && fs::equivalent(options.memory, options.output, unknown)) {
    p.show(error("output.is-an-input", fmt::format("{} is the memory itself", show_text(options.output)),
                 "choose another name for the output"));
    return exit_code::cannot_create;
  }
  const tm::store_reader from(options.memory);
  std::optional<durable_file> file;
  if (!to_stdout) file.emplace(done(durable_file::create(options.output)));
  std::uint64_t units = 0;
  tm::tmx_writer writer(
      [&](const std::string &bytes) {
        if (signal_that_came() != 0) throw interrupted{};
        if (file)
          done(file->write(bytes));
        else
          p.data(bytes);
      },
      from.header_notes());
  from.each({options.source, options.target}, [&](const tm::unit &u) {
    writer.write(u);
    ++units;
  });
  writer.end();
  if (file) {
    done(file->make_durable());
    done(file->put_in_place());
  }
  p.say(fmt::format("{}: {}", show_text(options.output), counted(units, "unit")));
  return exit_code::ok;
}

std::string span_of(const std::string &first, const std::string &last) {
  return first.empty() ? "no dates" : first == last ? first : first + " to " + last;
}

exit_code stats(program &p, const memory_options &options) {
  const tm::statistics all = tm::store_reader(options.memory).count();
  if (options.format == "json") {
    nlohmann::ordered_json pairs = nlohmann::ordered_json::array(), files = nlohmann::ordered_json::array();
    for (const auto &one : all.pairs)
      pairs.push_back({{"source", one.source}, {"target", one.target}, {"units", one.units}});
    for (const auto &one : all.files)
      files.push_back({{"file", one.file}, {"units", one.units}, {"first", one.first}, {"last", one.last}});
    const nlohmann::ordered_json whole{{"schema", "calque.memory/1"},
                                       {"units", all.units},
                                       {"with_codes", all.with_codes},
                                       {"contexts", all.contexts},
                                       {"first", all.first},
                                       {"last", all.last},
                                       {"pairs", pairs},
                                       {"files", files}};
    p.data(whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return exit_code::ok;
  }
  p.data(fmt::format("{}: {}, {} with inline codes, {}; {}\n", show_text(options.memory), counted(all.units, "unit"),
                     all.with_codes, counted(all.contexts, "context"), show_text(span_of(all.first, all.last))));
  for (const auto &one : all.pairs)
    p.data(fmt::format("{:>10}  {} to {}\n", one.units, show_text(one.source), show_text(one.target)));
  for (const auto &one : all.files)
    p.data(fmt::format("{:>10}  {}: {}\n", one.units, show_text(one.file), show_text(span_of(one.first, one.last))));
  return exit_code::ok;
}

}  // namespace

exit_code memory(program &p, const memory_options &options) {
  stop_on_signals(p.stop());
  memory_options plain = options;
  for (std::string *language : {&plain.source, &plain.target}) {
    if (language->empty()) continue;
    const auto tag = tm::language_tag(*language);
    if (!tag) {
      p.show(error("memory.bad-language", fmt::format("\"{}\" is no language tag", show_text(*language)),
                   "write it as in en, ru or zh-CN"));
      return exit_code::usage;
    }
    *language = *tag;
  }
  return guarded(p, [&] {
    return plain.what == memory_options::verb::import    ? import(p, plain)
           : plain.what == memory_options::verb::export_ ? export_(p, plain)
                                                         : stats(p, plain);
  });
}

}  // namespace calque::host
