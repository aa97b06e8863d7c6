// SPDX-License-Identifier: Apache-2.0
// calque::testing over the real host: each run crosses the same boundaries as in a pipeline.
#include <calque/testing.hpp>

#include <stdexcept>

#include "host/document/dump.hpp"
#include "host/document/rewriter.hpp"
#include "host/document/validate.hpp"
#include "host/plugins/importer_pool.hpp"
#include "host/plugins/options.hpp"
#include "host/plugins/stage_instance.hpp"
#include "host/testing/notation.hpp"

namespace calque::testing {

struct document::impl {
  host::document made;
};

namespace {

testing::diagnostic convert(const host::diagnostic &d) {
  static constexpr const char *names[] = {"debug", "info", "warning", "error"};
  return {names[static_cast<size_t>(d.level)], d.code, d.message, d.hint};
}

document wrap(host::document made) {
  return document(std::make_shared<const document::impl>(document::impl{std::move(made)}));
}

// The notation is written by a stage like any other, so that its documents are made as all documents are.
struct notation_importer : importer {
  static constexpr stage_info info{"calque.notation", "1", "Documents of tests"};
  static int probe(const calque::probe &) { return 0; }
  void run(const input &in, builder &out) const { build_from_notation(in.bytes(), out); }
};

/// Options from TOML values, by the description's own rules.
std::vector<host::option_value> read_settings(const calque_stage &stage, const settings &given,
                                              std::vector<host::diagnostic> &problems) {
  const auto described = host::describe(stage);
  std::vector<host::option_value> values(described.options.size());
  for (const auto &[name, toml] : given) {
    size_t k = 0;
    while (k < described.options.size() && described.options[k].name != name) ++k;
    if (k == described.options.size()) {
      problems.push_back(host::error("pipeline.unknown-option", "there is no option \"" + name + "\""));
      continue;
    }
    auto value = host::parse_option(described.options[k], toml);
    if (value)
      values[k] = std::move(value).value();
    else
      problems.push_back(value.error());
  }
  return values;
}

/// Makes an instance and gives it to `run`, which fills the outcome in; diagnostics are taken over in any case.
template <class Run>
outcome with_instance(const calque_stage &stage, const settings &given, Run &&run) {
  outcome result;
  host::diagnostics out;
  std::vector<host::diagnostic> problems;
  host::stage_use use{stage.id, {}, read_settings(stage, given, problems)};
  for (auto &problem : problems) out.add(std::move(problem));
  if (!out.has_errors()) {
    auto instance = host::stage_instance::make(stage, std::move(use), out);
    const host::limits within;
    if (instance) run(**instance, host::run_context{within, nullptr, out}, result);
  }
  for (const host::diagnostic &d : out.all()) result.diagnostics.push_back(convert(d));
  result.ok = result.ok && !out.has_errors();
  if (!result.ok) {
    result.documents.clear();
    result.files.clear();
  }
  return result;
}

}  // namespace

document document::parse(std::string_view notation) {
  const outcome made = run_importer(details::stage_of<notation_importer>, notation, "notation", {});
  if (!made.ok) {
    std::string why = made.diagnostics.empty() ? "no reason given" : made.diagnostics.front().message;
    throw std::invalid_argument(why);
  }
  return made.documents.front();
}

document_view document::view() const {
  return document_view(held_->made.view());
}
std::string document::dump() const {
  return host::dump(held_->made);
}
std::string document::text() const {
  return list_text(view());
}
std::string document::layer(std::string_view name) const {
  return list_layer(view(), name);
}

outcome run_importer(const calque_stage &stage, std::string_view bytes, std::string_view name, const settings &given,
                     const std::vector<const calque_stage *> &members) {
  std::vector<const calque_stage *> all = members;
  all.push_back(&stage);
  host::importer_pool pool(all);
  return with_instance(stage, given,
                       [&](host::stage_instance &instance, const host::run_context &context, outcome &result) {
                         pool.begin_input(context.within, context.stop);
                         auto made = instance.run_import({std::string(name), "", bytes},
                                                         {context.within, context.stop, context.out, &pool});
                         if (!made) return;
                         result.ledger = host::to_json(made->account);
                         for (host::document &part : made->parts) {
                           if (const auto sound = host::validate(part.view(), host::check_level::full); !sound) {
                             context.out.add(sound.error());
                             return;
                           }
                           result.documents.push_back(wrap(std::move(part)));
                         }
                         result.ok = true;
                       });
}

outcome run_stage(const calque_stage &stage, const document &d, const settings &given) {
  return with_instance(
      stage, given, [&](host::stage_instance &instance, const host::run_context &context, outcome &result) {
        const host::document &before = d.held().made;
        auto keep = [&](host::document after) {
          if (const auto sound = host::validate(after.view(), host::check_level::full); sound) {
            result.documents.push_back(wrap(std::move(after)));
            result.ok = true;
          } else {
            context.out.add(sound.error());
          }
        };
        switch (instance.role()) {
          case host::stage_role::normalize:
            if (auto made = instance.run_normalize(before, context)) {
              result.ledger = host::to_json(made->account);
              keep(std::move(made->output));
            }
            break;
          case host::stage_role::annotate:
            if (auto made = instance.run_annotate(before, context)) keep(std::move(made).value());
            break;
          case host::stage_role::export_:
            if (auto made = instance.run_export(before, context)) {
              result.ledger = host::to_json(made->account);
              for (host::output_file &f : made->files)
                result.files.push_back({f.path, f.media_type, std::move(f.bytes)});
              result.ok = true;
            }
            break;
          case host::stage_role::import:
            context.out.add(host::error("testing.role", "an importer is run with import<Stage>(bytes)"));
            break;
        }
      });
}

}  // namespace calque::testing
