// SPDX-License-Identifier: Apache-2.0
// A plugin that misbehaves on demand: each document says at which stage, and how. faults.tsv has what must come of it.
#include "fault_stages.hpp"

namespace faults {
namespace {

/// How a stage is to do its own work, for the faults that are made of it.
enum class manner { plain, half, unaccounted, big };

struct order {
  manner how = manner::plain;
  uint64_t mebibytes = 0;
};

[[noreturn]] void fail_half_done() {
  throw calque::failure("test.fault-half", "the stage failed in the middle of its work");
}

/// Faults by way of the host's own calls; false: not one of them.
bool commit_by_calls(const fault &f, const calque::call &c) {
  if (f.name == "fail") throw calque::failure("test.fault-fail", "the document asked for a failure", "ask for nothing");
  if (f.name == "reject") throw calque::failure("test.fault-reject", "the document asked to be rejected");
  if (f.name == "silent-fail") throw calque::stopped{CALQUE_FAILED};
  if (f.name == "warn") {
    c.report(calque::level::warning, "test.fault-warn", "the document asked for a warning");
  } else if (f.name == "slow") {
    // Work that goes on: it shows progress, so only the total budget may end it.
    constexpr uint64_t step = 10;
    const uint64_t total = f.number(1000);
    for (uint64_t past = 0; past < total; past += step) {
      sleep_ms(step);
      c.progress(past, total);
    }
  } else if (f.name == "progress-flood") {
    const uint64_t times = f.number(1'000'000);
    for (uint64_t k = 0; k < times; ++k) c.progress(k, times);
  } else {
    return false;
  }
  return true;
}

/// Commits a fault of a stage; what comes back is how the stage shall do its work.
order commit_at_stage(const std::optional<fault> &asked, const calque::call &c) {
  if (!asked) return {};
  if (asked->name == "half") return {manner::half, 0};
  if (asked->name == "unaccounted") return {manner::unaccounted, 0};
  if (asked->name == "big-output") return {manner::big, asked->number(8)};
  if (commit_by_calls(*asked, c)) return {};
  const outcome ended = commit(*asked);
  switch (ended.what) {
    case outcome::is::done:
      break;
    case outcome::is::denied:
      c.report(calque::level::info, "test.fault-denied", ended.why);
      break;
    case outcome::is::escaped:
      throw calque::failure("test.fault-escaped", ended.why);
    case outcome::is::survived:
      throw calque::failure("test.fault-survived", ended.why);
    case outcome::is::unknown:
      throw calque::failure("test.fault-unknown", "there is no fault \"" + asked->name + "\" here");
  }
  return {};
}

[[noreturn]] void not_here(std::string_view name) {
  throw calque::failure("test.fault-unknown", "this stage cannot commit \"" + std::string(name) + "\"");
}

std::optional<fault> fault_in(calque::document_view document, std::string_view stage) {
  for (const calque::node n : document.root().leaves())
    if (auto found = fault_in_line(n.text(), stage)) return found;
  return std::nullopt;
}

}  // namespace

void fault_importer::run(const calque::input &in, calque::builder &out, const calque::call &c) const {
  const std::string_view all = in.bytes();
  std::optional<fault> asked;
  const auto line_end = [&](size_t at) { return std::min(all.find('\n', at), all.size()); };
  for (size_t at = 0; at < all.size() && !asked; at = line_end(at) + 1)
    asked = fault_in_line(all.substr(at, line_end(at) - at), "import");
  const order ordered = commit_at_stage(asked, c);
  if (ordered.how == manner::big) not_here("big-output");

  for (size_t at = 0; at < all.size();) {
    const size_t end = line_end(at), next = std::min(end + 1, all.size());
    const std::string_view line = all.substr(at, end - at);
    if (ordered.how == manner::half && at >= all.size() / 2) fail_half_done();
    if (at == 0 && line.starts_with("fault: ")) {
      out.skip({at, next}, "test.fault-line");
    } else {
      // An edge of the text is where a missing byte is seen least.
      if (!line.empty() && !(ordered.how == manner::unaccounted && next == all.size())) {
        const auto paragraph = out.begin(calque::kind::paragraph);
        out.text(line, {at, end});
      }
      if (end < next) out.skip({end, next}, "test.layout");
    }
    at = next;
  }
  if (ordered.how == manner::half) fail_half_done();
}

void fault_normalizer::run(calque::document_view document, calque::rewrite &out, const calque::call &c) const {
  const order ordered = commit_at_stage(fault_in(document, "normalize"), c);
  if (ordered.how == manner::big) not_here("big-output");
  if (ordered.how == manner::unaccounted) out.start_rebuild();  // and nothing is copied
  if (ordered.how != manner::half) return;
  const calque::node first = *document.root().leaves().begin();
  uint32_t end = first.range().begin + 1;  // of the first code point
  while (end < first.range().end && (static_cast<unsigned char>(document.text()[end]) & 0xC0) == 0x80) ++end;
  out.edit(first, {first.range().begin, end}, "?", "test.edited");
  fail_half_done();
}

void fault_annotator::run(calque::document_view document, calque::marks &out, const calque::call &c) const {
  const order ordered = commit_at_stage(fault_in(document, "annotate"), c);
  if (ordered.how == manner::big) not_here("big-output");
  if (ordered.how == manner::unaccounted) out.touch("calque.page/1");  // not one of its layers
  for (const calque::node n : document.root().leaves()) {
    if (n.range().is_empty()) continue;
    out.span("calque.segment/1", "sentence", n.range()).text("rule", "line");
    if (ordered.how == manner::half) fail_half_done();
  }
}

void fault_exporter::run(calque::document_view document, calque::output &out, const calque::call &c) const {
  const order ordered = commit_at_stage(fault_in(document, "export"), c);
  auto file = out.create("text/plain");
  const size_t half = document.root().range().end / 2;
  for (const calque::node n : document.root().leaves()) {
    if (ordered.how == manner::half && n.range().end > half) fail_half_done();
    file << mark << n.text() << "\n";
  }
  const std::string block(1 << 20, '.');
  for (uint64_t k = 0; k < ordered.mebibytes; ++k) file << block;
  file.close();
  if (ordered.how != manner::unaccounted) out.emitted_tree(document.root());
}

}  // namespace faults

CALQUE_PLUGIN("fault", "1.0.0", "Apache-2.0", "https://example.org", faults::fault_importer, faults::fault_normalizer,
              faults::fault_annotator, faults::fault_exporter)
