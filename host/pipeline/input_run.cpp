// SPDX-License-Identifier: Apache-2.0
// One input on its way through the stages: what it carries along, and each step of it.
#include "host/pipeline/input_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <calque/document.hpp>
#include <utility>

#include "host/document/packed.hpp"
#include "host/document/rewriter.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/source_places.hpp"

namespace calque::host {
namespace {

using clock = std::chrono::steady_clock;

std::string identifier_of(const calque_document &imported) {
  const auto field = document_view(imported).field("identifier");
  return field ? name_from_identifier(field->text()) : std::string();
}

/// A digest of texts, none of which can run into the next.
class key_maker {
 public:
  explicit key_maker(std::string_view what) { add(what); }
  key_maker &add(std::string_view text) {
    bytes_ += std::to_string(text.size());
    bytes_ += ':';
    bytes_ += text;
    return *this;
  }
  template <std::size_t N>
  key_maker &add(const std::array<std::uint8_t, N> &digest) {
    return add(std::string_view(reinterpret_cast<const char *>(digest.data()), N));
  }
  short_digest key() const {
    const sha256_digest whole = sha256_of(bytes_);
    short_digest half;
    std::copy_n(whole.begin(), half.size(), half.begin());
    return half;
  }

 private:
  std::string bytes_;
};

double milliseconds_since(clock::time_point began) {
  return std::chrono::duration<double, std::milli>(clock::now() - began).count();
}

/// Whether the name of the exporter's file depends on what the document says of itself.
bool names_by_id(const pipeline_stage &stage) {
  return stage.to.find("{id}") != std::string::npos;
}

}  // namespace

input_run::input_run(const run_setting &setting, std::string media_type, std::string path, const named_output &names,
                     const run_observer &observe, const run_request &request)
    : setting_(setting),
      media_type_(std::move(media_type)),
      path_(std::move(path)),
      names_(names),
      observe_(observe),
      request_(request) {}

run_context input_run::context(diagnostics &out) const {
  return {setting_.whole.bounds, setting_.stop, out, setting_.members};
}

void input_run::run(made_stage &importer, std::size_t index, const input_file &input) {
  outcome.importer = importer.description->id;
  source_.emplace(source{importer, index, input, {}});
  if (import()) run_parts(index == no_stage ? 0 : index + 1);
}

void input_run::run_from(document start, std::size_t first) {
  part_state part;
  part.now = part.imported = std::move(start);
  parts_.push_back(std::move(part));
  run_parts(first);
}

void input_run::refuse(diagnostic d, run_status status) {
  d.document = path_;
  outcome.diagnostics.push_back(std::move(d));
  end(status);
}

// False when there is nothing to go on with.
bool input_run::import() {
  source &from = *source_;
  stage_memory *memory = may_remember(*from.importer.description) ? request_.memory : nullptr;
  const std::string &name = from.importer.instance->rules().name;
  const auto add_part = [&](std::optional<document> made, const short_digest &digest, std::size_t parts) {
    part_state part;
    part.now = part.imported = std::move(made);
    part.digest = part.imported_digest = digest;
    part.steps.push_back({from.index, from.key, digest});
    part.made = part.now ? 1 : 0;
    part.number = static_cast<unsigned>(parts_.size() + 1);
    part.parts = static_cast<unsigned>(parts);
    parts_.push_back(std::move(part));
  };
  if (memory != nullptr) {
    const std::string_view print = from.index == no_stage ? memory->fingerprint_of_importer(from.importer.description->id)
                                                          : memory->fingerprint(from.index);
    from.key =
        key_maker("import").add(print).add(from.input.name).add(from.input.media_type).add(from.input.sha256).key();
    if (const stage_result *known = memory->find(from.key); known != nullptr && !known->documents.empty()) {
      if (observe_.omitted) observe_.omitted(from.index, name, stage_omission::reused);
      outcome.import_account = known->account;
      for (diagnostic d : known->diagnostics) keep(d);
      for (const short_digest &digest : known->documents) add_part(std::nullopt, digest, known->documents.size());
      memory->keep(*known);
      return true;
    }
  }

  if (observe_.begins) observe_.begins(from.index, name);
  diagnostics reported;
  const auto began = clock::now();
  auto imported = import_now(reported);
  const auto time = clock::now() - began;
  stage_result result;
  const bool failed = take(reported, nullptr, &result.diagnostics);
  if (!imported || failed) {
    end(status_of(outcome.diagnostics, true));
    return false;
  }
  const std::size_t count = imported->size();
  if (memory != nullptr) {
    memory->offer(from.key, *imported, from.index == no_stage ? 0 : from.index + 1, milliseconds_since(began));
    result.key = from.key;
    result.account = outcome.import_account;
    for (const document &part : *imported) result.documents.push_back(content_digest(part));
  }
  for (std::size_t k = 0; k < count; ++k)
    add_part(std::move((*imported)[k]), memory != nullptr ? result.documents[k] : short_digest{}, count);
  if (memory != nullptr) memory->keep(std::move(result));
  for (const part_state &part : parts_)
    if (observe_.ended)
      observe_.ended({from.index, *from.importer.description, name, part.number, part.parts, *part.now, nullptr, time});
  return true;
}

std::optional<std::vector<document>> input_run::import_now(diagnostics &reported) {
  const input_file &input = source_->input;
  if (setting_.members != nullptr) setting_.members->begin_input(setting_.whole.bounds, setting_.stop);
  auto imported = source_->importer.instance->run_import({input.name, input.media_type, input.bytes}, context(reported));
  if (!imported.has_value()) return std::nullopt;
  outcome.import_account = imported.value().account;
  return std::move(imported.value().parts);
}

// The stages from `first` on, one part after another; then the account.
void input_run::run_parts(std::size_t first) {
  settle(outcome.import_account, nullptr);
  for (part_state &part : parts_) {
    outcome.parts.emplace_back();
    run_part(part, first);
    if (request_.wants_documents && is_done(outcome.parts.back().status)) make_document(part, outcome.parts.back());
    outcome.parts.back().final = std::move(part.now);
    if (outcome.parts.back().status == run_status::stopped) break;
  }
  for (const part_outcome &part : outcome.parts) end(part.status);
  if (!is_done(outcome.status)) outcome.files.clear();
}

void input_run::run_part(part_state &part, std::size_t first) {
  part_outcome &out = outcome.parts.back();
  const std::size_t before = outcome.diagnostics.size();
  for (std::size_t k = first; k < setting_.stages.size() && k <= request_.last; ++k) {
    if (setting_.stages[k].description->role == stage_role::import) continue; // it has run
    if (!runs_here(part, k)) {
      if (out.status != run_status::ok) return;
      if (observe_.omitted) observe_.omitted(k, setting_.whole.stages[k].name, stage_omission::condition);
      continue;
    }
    const short_digest key = request_.memory != nullptr ? key_of_stage(part, k) : short_digest{};
    if (reuse(part, k, key, out)) continue;
    if (!run_stage(part, k, key, out)) return;
  }
  settle(out.account, &out);
  if (out.status == run_status::ok &&
      std::any_of(outcome.diagnostics.begin() + static_cast<std::ptrdiff_t>(before), outcome.diagnostics.end(),
                  [](const diagnostic &d) { return d.level == severity::warning; }))
    out.status = run_status::ok_with_warnings;
}

bool input_run::runs_here(part_state &part, std::size_t k) {
  const pipeline_stage &stage = setting_.whole.stages[k];
  if (stage.when.empty()) return true;
  stage_memory *memory = request_.memory;
  short_digest key{};
  if (memory != nullptr) {
    key = key_maker("condition").add(memory->fingerprint(k)).add(part.imported_digest).add(media_type_).key();
    if (const stage_result *known = memory->find(key)) {
      memory->keep(*known);
      return known->holds;
    }
  }
  const document *imported = imported_document(part, outcome.parts.back());
  if (imported == nullptr) return false;
  const bool runs = holds(stage.when, imported->view(), media_type_);
  if (memory != nullptr) {
    stage_result result;
    result.key = key;
    result.holds = runs;
    memory->keep(std::move(result));
  }
  return runs;
}

bool input_run::reuse(part_state &part, std::size_t k, const short_digest &key, part_outcome &out) {
  made_stage &stage = setting_.stages[k];
  if (request_.memory == nullptr || !may_remember(*stage.description)) return false;
  const stage_result *known = request_.memory->find(key);
  if (known == nullptr) return false;
  const bool exports = stage.description->role == stage_role::export_;
  if (exports ? !request_.memory->has_files(known->files) : known->documents.size() != 1) return false;
  if (observe_.omitted) observe_.omitted(k, setting_.whole.stages[k].name, stage_omission::reused);
  out.account.append(known->account);
  for (diagnostic d : known->diagnostics) keep(d);
  if (exports) {
    for (const known_file &file : known->files)
      outcome.files.push_back({file.path, file.media_type, {}, k, part.number, file.primary, file});
  } else {
    const bool is_same = part.now && part.made == part.steps.size() && known->documents.front() == part.digest;
    part.digest = known->documents.front();
    part.steps.push_back({k, key, part.digest});
    if (is_same) part.made = part.steps.size(); // the stage changes nothing
  }
  request_.memory->keep(*known);
  return true;
}

bool input_run::run_stage(part_state &part, std::size_t k, const short_digest &key, part_outcome &out) {
  if (!make_document(part, out)) return false;
  made_stage &stage = setting_.stages[k];
  const pipeline_stage &whole = setting_.whole.stages[k];
  if (observe_.begins) observe_.begins(k, whole.name);
  const document given = *part.now;
  const std::size_t already = outcome.diagnostics.size();
  diagnostics reported;
  stage_result result;
  const auto began = clock::now();
  std::optional<export_result> exported;
  bool ran = false;
  if (stage.description->role == stage_role::export_) {
    auto made = stage.instance->run_export(given, context(reported));
    if ((ran = made.has_value())) {
      exported = std::move(made).value();
      result.account = exported->account;
    }
  } else {
    ran = step_through(k, *part.now, reported, result.account);
  }
  const auto time = clock::now() - began;
  const double milliseconds = milliseconds_since(began);
  const bool failed = take(reported, &given.view(), &result.diagnostics);
  if (!ran || failed) {
    out.status = status_of(std::span(outcome.diagnostics).subspan(already), false);
    return false;
  }
  out.account.append(result.account);
  if (observe_.ended)
    observe_.ended({k, *stage.description, whole.name, part.number, part.parts, *part.now,
                    exported ? &exported->files : nullptr, time});

  stage_memory *memory = may_remember(*stage.description) ? request_.memory : nullptr;
  result.key = key;
  if (exported) {
    // The primary file gets the stage's name, the others theirs beside it.
    const document *imported = names_by_id(whole) ? imported_document(part, out) : &*part.now;
    if (imported == nullptr) return false;
    const std::string primary = name_of_primary(part, k, names_by_id(whole) ? identifier_of(imported->view()) : "");
    const std::string folder = primary.substr(0, primary.rfind('/') + 1); // npos + 1 is 0
    for (output_file &file : exported->files) {
      std::string path = file.path.empty() ? primary : folder + file.path;
      if (memory != nullptr)
        result.files.push_back({path, file.media_type, file.bytes.size(), {}, file.primary});
      outcome.files.push_back(
          {std::move(path), std::move(file.media_type), std::move(file.bytes), k, part.number, file.primary, {}});
    }
  } else {
    if (memory != nullptr) {
      part.digest = content_digest(*part.now);
      result.documents = {part.digest};
      memory->offer(key, {*part.now}, k + 1, milliseconds);
    } else if (request_.memory != nullptr) {
      part.digest = content_digest(*part.now); // a volatile stage: what follows depends on what it gave this time
    }
    part.steps.push_back({k, key, part.digest});
    part.made = part.steps.size();
  }
  if (memory != nullptr) memory->keep(std::move(result));
  return true;
}

// A normalizer or an annotator.
bool input_run::step_through(std::size_t k, document &now, diagnostics &reported, ledger &account) {
  stage_instance &instance = *setting_.stages[k].instance;
  if (setting_.stages[k].description->role == stage_role::normalize) {
    auto rewritten = instance.run_normalize(now, context(reported));
    if (!rewritten.has_value()) return false;
    now = rewritten.value().output;
    account = rewritten.value().account;
    return true;
  }
  auto annotated = instance.run_annotate(now, context(reported));
  if (!annotated.has_value()) return false;
  now = annotated.value();
  return true;
}

bool input_run::make_document(part_state &part, part_outcome &out) {
  if (part.now && part.made == part.steps.size()) return true;
  const auto failed = [&](const diagnostics &reported) {
    take(reported, nullptr, nullptr);
    out.status = status_of(outcome.diagnostics, false);
    part.now.reset();
    return false;
  };
  // From the latest document that was kept or is at hand; the stages after it run again, and what they say is known.
  const std::size_t at_hand = part.now ? part.made : part.imported ? 1 : 0;
  std::size_t step = part.steps.size();
  for (; step > at_hand; --step)
    if (auto kept = request_.memory->fetch(part.steps[step - 1].key)) {
      document &one = (*kept)[kept->size() == part.parts ? part.number - 1 : 0];
      // A cache may hold anything, a sound document of another key among it.
      if (content_digest(one) != part.steps[step - 1].digest) continue;
      part.now = std::move(one);
      break;
    }
  if (step == at_hand && !part.now) part.now = part.imported;
  if (!part.now) {
    diagnostics reported;
    if (observe_.begins) observe_.begins(source_->index, source_->importer.instance->rules().name);
    auto imported = import_now(reported);
    if (!imported || imported->size() != part.parts) return failed(reported);
    for (part_state &each : parts_) each.imported = (*imported)[each.number - 1];
    part.now = std::move((*imported)[part.number - 1]);
    step = 1;
  }
  if (step == 1) part.imported = part.now;
  for (; step < part.steps.size(); ++step) {
    const std::size_t k = part.steps[step].index;
    diagnostics reported;
    ledger unsaid;
    if (observe_.begins) observe_.begins(k, setting_.whole.stages[k].name);
    if (!step_through(k, *part.now, reported, unsaid)) return failed(reported);
  }
  part.made = part.steps.size();
  return true;
}

const document *input_run::imported_document(part_state &part, part_outcome &out) {
  if (!part.imported) {
    part_state again;
    again.steps = {part.steps.front()};
    again.number = part.number;
    again.parts = part.parts;
    if (!make_document(again, out)) return nullptr;
    part.imported = std::move(again.now);
  }
  return &*part.imported;
}

// A stage that no result may be kept of still has a key: what follows it depends on it.
short_digest input_run::key_of_stage(const part_state &part, std::size_t k) const {
  const pipeline_stage &stage = setting_.whole.stages[k];
  key_maker maker(role_name(stage.description.role));
  maker.add(request_.memory->fingerprint(k)).add(part.digest);
  if (stage.description.role == stage_role::export_) {
    maker.add(name_of_primary(part, k, "{id}"));
    if (names_by_id(stage)) maker.add(part.imported_digest);
  }
  return maker.key();
}

bool input_run::may_remember(const stage_description &stage) const {
  const bool may_differ = (stage.flags & CALQUE_EMBEDS) != 0 && setting_.members != nullptr && setting_.members->has_volatile();
  return (stage.flags & CALQUE_VOLATILE) == 0 && !may_differ;
}

std::string input_run::name_of_primary(const part_state &part, std::size_t k, const std::string &identifier) const {
  const pipeline_stage &stage = setting_.whole.stages[k];
  const std::string pattern = stage.to.empty() ? default_output_name(stage.description) : stage.to;
  return output_name(pattern, {names_.dir, names_.stem, identifier, part.number, part.parts});
}

// Applies the loss policy to an account; of a part, or of the import.
void input_run::settle(const ledger &account, part_outcome *part) {
  for (diagnostic &d : check_losses(account, setting_.whole.loss)) {
    if (keep(d) && d.level == severity::error) {
      if (part != nullptr) part->status = run_status::failed;
      end(run_status::failed);
    } else if (d.level == severity::warning) {
      end(run_status::ok_with_warnings);
    }
  }
}

// Takes over what a stage reported, placed in the source by way of the document that the stage was `given`; `kept` gets
// it as it was reported. True when there is an error in it.
bool input_run::take(const diagnostics &reported, const calque_document *given, std::vector<diagnostic> *kept) {
  bool has_error = false;
  const auto add = [&](diagnostic d) {
    if (given != nullptr) place_in_source(d, *given);
    if (kept != nullptr) kept->push_back(d);
    keep(d);
    has_error |= d.level == severity::error;
  };
  for (const diagnostic &d : reported.all()) add(d);
  for (const auto &[code, count] : reported.folded()) {
    diagnostic d;
    d.level = severity::info;
    d.code = code;
    d.message = fmt::format("{} in all; the others are not shown", count);
    d.count = count;
    add(std::move(d));
  }
  return has_error;
}

// Adds a diagnostic with document and the severity that the pipeline gives its code. False when it is off.
bool input_run::keep(diagnostic &d) {
  for (const severity_rule &rule : setting_.whole.severities) {
    if (!matches(rule.pattern, d.code)) continue;
    if (!rule.level && d.level != severity::error) {
      d.level = severity::debug;
      return false;
    }
    // What ended a run cannot be talked away; the rest is as severe as the pipeline says.
    if (rule.level && d.level != severity::error) d.level = *rule.level;
  }
  d.document = path_;
  if (d.level == severity::warning) end(run_status::ok_with_warnings);
  outcome.diagnostics.push_back(d);
  return true;
}

}  // namespace calque::host
