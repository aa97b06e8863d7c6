// SPDX-License-Identifier: Apache-2.0
// `calque run`: a pipeline over its inputs, with a summary at the end.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "host/pipeline/found.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/input_files.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/publish.hpp"

namespace calque::host {
namespace {

/// Which file a path leads to, whatever it is called.
using file_identity = std::pair<dev_t, ino_t>;

std::optional<file_identity> identify(const std::string &path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return file_identity{info.st_dev, info.st_ino};
}

class job {
 public:
  job(program &p, const run_options &options, ready_pipeline &ready)
      : p_(p), options_(options), ready_(ready), folder_(options.output.empty() ? ready.value().output_folder : options.output) {}

  exit_code work() {
    if (const auto wrong = find_inputs()) return *wrong;
    if (const auto wrong = check_outputs()) return *wrong;
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      p_.progress(k, inputs_.size(), inputs_[k].path);
      do_input(inputs_[k]);
      if (signal_that_came() != 0) break;
      if (options_.most_failures > 0 && failures_.size() >= options_.most_failures && k + 1 < inputs_.size()) {
        stopped_early_ = true;
        break;
      }
    }
    p_.end_progress();
    summarize(std::chrono::steady_clock::now() - began);
    return outcome();
  }

 private:
  struct failure {
    std::string path, status, code;
    exit_code meaning;
  };

  exit_code refuse(const diagnostic &d) {
    p_.show(d);
    const exit_code meaning = exit_code_of_input({&d, 1});
    return meaning == exit_code::some_failed ? exit_code::usage : meaning;
  }

  std::optional<exit_code> find_inputs() {
    if (!options_.files.empty())
      for (const std::string &file : options_.files) inputs_.push_back({file, ""});
    else
      inputs_ = expand_patterns(ready_.value().inputs);
    if (!inputs_.empty()) return std::nullopt;
    const bool has_patterns = !ready_.value().inputs.empty();
    return refuse(error("input.no-match",
                        has_patterns ? "no file matches [input] of " + ready_.value().path : "there is nothing to read",
                        fmt::format("name the files: calque run {} FILE…", options_.pipeline)));
  }

  /// Before any document is opened: where outputs go, and that no two inputs give one name.
  std::optional<exit_code> check_outputs() {
    if (folder_.empty())
      return refuse(error("run.no-folder", "there is no folder for the outputs", "name one with -o FOLDER, or in [output]"));
    for (const named_input &input : inputs_)
      if (const auto id = identify(input.path)) input_files_.emplace(*id, input.path);
    std::map<std::string, const named_input *> from;
    for (const named_input &input : inputs_)
      for (const pipeline_stage &stage : ready_.value().stages) {
        if (stage.description.role != stage_role::export_ || stage.to.find("{id}") != std::string::npos) continue;
        const std::string pattern = stage.to.empty() ? default_output_name(stage.description) : stage.to;
        const std::string name = output_name(pattern, {input.dir, stem_of_path(input.path), "", 1, 1});
        const auto [known, is_new] = from.emplace(name, &input);
        if (!is_new && known->second->path != input.path)
          return refuse(error("output.duplicate",
                              fmt::format("{} and {} would both become {}", known->second->path, input.path, name),
                              "give `to` a {dir} or {id}, or run them into two folders"));
      }
    return std::nullopt;
  }

  static std::string stem_of_path(const std::string &path) { return stem_of(path.substr(path.rfind('/') + 1)); }

  void do_input(const named_input &input) {
    source_texts sources;
    auto opened = open_input(input.path, ready_.value().bounds.max_input);
    if (!opened.has_value()) {
      const bool is_rejected = opened.error().code == "input.empty" || opened.error().code == "input.too-big";
      fail(input.path, is_rejected ? run_status::rejected : run_status::io_error, opened.errors(), sources);
      return;
    }
    const auto began = std::chrono::steady_clock::now();
    run_outcome done = ready_.runner->run(opened.value(), {input.dir, stem_of_path(input.path)});
    for (diagnostic &d : done.diagnostics) d.document = input.path;
    place_in_input(done.diagnostics, opened.value(), sources);
    if (!is_done(done.status)) {
      fail(input.path, done.status, done.diagnostics, sources);
      return;
    }
    if (auto published = put_out(input.path, done); !published.has_value()) {
      for (diagnostic d : published.errors()) {
        d.document = input.path;
        done.diagnostics.insert(done.diagnostics.begin(), std::move(d));
      }
      fail(input.path, run_status::io_error, done.diagnostics, sources);
      return;
    }
    p_.show(done.diagnostics, sources);
    if (done.status == run_status::ok_with_warnings)
      ++with_warnings_;
    else
      ++ok_;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    p_.detail(fmt::format("{}: {} in {:.1f} ms, importer {}", input.path, counted(done.files.size(), "file"), took.count(), done.importer));
    if (!options_.found) return;
    for (std::size_t k = 0; k < done.parts.size(); ++k) {
      p_.data(input.path + (done.parts.size() > 1 ? fmt::format(" (part {})\n", k + 1) : "\n"));
      p_.data(describe_found(done.parts[k].final->view()));
    }
  }

  result<void> put_out(const std::string &path, const run_outcome &done) {
    std::vector<file_to_publish> files;
    for (const made_file &file : done.files) {
      const auto [known, is_new] = made_.emplace(file.path, path);
      if (!is_new)
        return error("output.duplicate", fmt::format("{} and {} would both become {}", known->second, path, file.path),
                     "give `to` a {dir} or {id}, or run them into two folders");
      if (const auto id = identify(folder_ + "/" + file.path); id && input_files_.contains(*id))
        return error("output.is-an-input", fmt::format("{} would overwrite the input {}", folder_ + "/" + file.path, input_files_.at(*id)),
                     "choose another folder with -o");
      files.push_back({file.path, file.bytes});
    }
    auto published = publish(folder_, files);
    if (published.has_value())
      files_ += files.size();
    else
      for (const made_file &file : done.files) made_.erase(file.path);
    return published;
  }

  void fail(const std::string &path, run_status status, const std::vector<diagnostic> &why, const source_texts &sources) {
    if (status == run_status::stopped) return; // by a signal: counted as not run
    p_.show(why, sources);
    std::string code;
    for (const diagnostic &d : why)
      if (d.level == severity::error && code.empty()) code = d.code;
    failures_.push_back({path, std::string(name_of(status)), code, exit_code_of_input(why)});
  }

  /// At most twelve lines, whatever happened.
  void summarize(std::chrono::steady_clock::duration took) {
    const std::size_t not_run = inputs_.size() - ok_ - with_warnings_ - failures_.size();
    std::string counts = fmt::format("{}: {} ok", counted(inputs_.size(), "input"), ok_);
    if (with_warnings_ > 0) counts += fmt::format(", {} with warnings", with_warnings_);
    if (!failures_.empty()) counts += fmt::format(", {} failed", failures_.size());
    if (not_run > 0) counts += fmt::format(", {} not run", not_run);
    p_.log().info(fmt::format("pipeline {}: {}; {}", ready_.value().name, counts, counted(files_, "file")));
    const double seconds = std::chrono::duration<double>(took).count();
    p_.say(fmt::format("{}: {}; {} in {} ({:.1f} s)", ready_.value().name, counts, counted(files_, "file"), folder_, seconds));
    constexpr std::size_t most_shown = 6;
    for (std::size_t k = 0; k < std::min(failures_.size(), most_shown); ++k)
      p_.say(fmt::format("  {:<15} {}  {}", failures_[k].status, show_text(failures_[k].path), failures_[k].code));
    if (failures_.size() > most_shown) p_.say(fmt::format("  … and {} more", failures_.size() - most_shown));
    if (!failures_.empty())
      p_.say(fmt::format("next: calque explain {}", failures_.front().code));
    else if (stopped_early_ || not_run > 0)
      p_.say(fmt::format("next: calque run {} again, for all of them", options_.pipeline));
  }

  exit_code outcome() const {
    if (const int signal = signal_that_came(); signal != 0)
      return signal == 2 ? exit_code::interrupted : exit_code::terminated;
    if (stopped_early_) return exit_code::stopped;
    if (!failures_.empty()) {
      // One cause for all that failed, and nothing else done: the exit code says the cause.
      const bool is_one = std::all_of(failures_.begin(), failures_.end(),
                                      [&](const failure &f) { return f.meaning == failures_.front().meaning; });
      return is_one && ok_ + with_warnings_ == 0 ? failures_.front().meaning : exit_code::some_failed;
    }
    return with_warnings_ > 0 && options_.deny_warnings ? exit_code::warnings_denied : exit_code::ok;
  }

  program &p_;
  const run_options &options_;
  ready_pipeline &ready_;
  std::string folder_;
  std::vector<named_input> inputs_;
  std::map<file_identity, std::string> input_files_;
  std::map<std::string, std::string> made_; // output → input
  std::vector<failure> failures_;
  std::size_t ok_ = 0, with_warnings_ = 0, files_ = 0;
  bool stopped_early_ = false;
};

}  // namespace

exit_code run(program &p, const run_options &options) {
  ready_pipeline ready;
  const plugin_catalog &plugins = p.plugins(options.pipeline);
  if (!make_ready(p, plugins, load_pipeline(options.pipeline, plugins, options.overrides), ready)) return ready.outcome;
  return job(p, options, ready).work();
}

}  // namespace calque::host
