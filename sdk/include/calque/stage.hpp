// SPDX-License-Identifier: Apache-2.0
// A plugin's stages as plain structs: what they say of themselves, and CALQUE_PLUGIN, which makes the C table.
#pragma once

#include <calque/builder.hpp>
#include <calque/document.hpp>
#include <calque/options.hpp>
#include <calque/output.hpp>
#include <calque/rewrite.hpp>

#include <array>
#include <concepts>
#include <memory>
#include <new>
#include <utility>

namespace calque {

/// What a stage is: its id ("owner.name"), its version, and what it does in one line.
struct stage_info {
  const char *id, *version, *summary;
  uint32_t flags = 0;  // CALQUE_REENTRANT, CALQUE_VOLATILE, CALQUE_TILED, CALQUE_EMBEDS
};

/// A NULL-ended list of names, for layers, media types and needs.
template <size_t N>
struct name_list {
  const char *names[N + 1] = {};
};
template <class... Name>
constexpr auto list(Name... name) {
  return name_list<sizeof...(Name)>{{name..., nullptr}};
}

enum class thing : uint32_t { text, note, table, image, link, page, span, field, layer, heading, item, language };
enum class effect : uint32_t { none, changed, dropped };
enum class level : int32_t { debug, info, warning, error };

/// One code of a stage: what it speaks of, what it does to it, and a sentence or two for `calque explain`.
constexpr calque_code code(const char *name, const char *help, thing of = thing::text, effect does = effect::none,
                           level severity = level::info) {
  return {name, help, static_cast<uint32_t>(of), static_cast<uint32_t>(does), static_cast<int32_t>(severity), 0};
}
template <class... Code>
constexpr auto codes(Code... code) {
  return std::array<calque_code, sizeof...(Code)>{code...};
}

/// Diagnostics, progress and services of a run.
class call {
 public:
  explicit call(const calque_call *call) : call_(call) {}
  /// A warning or a note; an error that ends the run is thrown as calque::failure.
  void report(level severity, std::string_view code, std::string_view message, std::string_view hint = {}) const {
    put(severity, code, message, hint, CALQUE_AT_NOTHING, 0, 0, 0);
  }
  void report_at(level severity, text_range at, std::string_view code, std::string_view message,
                 std::string_view hint = {}) const {
    put(severity, code, message, hint, CALQUE_AT_SPAN, 0, at.begin, at.end);
  }
  void report_at(level severity, source_range at, std::string_view code, std::string_view message,
                 std::string_view hint = {}) const {
    put(severity, code, message, hint, CALQUE_AT_SOURCE, at.source, at.begin, at.end);
  }
  void progress(uint64_t done, uint64_t total = 0) const { check(call_->progress(call_, done, total)); }
  /// A service of the host by its name, or null; calque/archive.hpp wraps the one for archives.
  const void *service(const char *id) const { return call_->get_interface(call_, id); }

 private:
  void put(level severity, std::string_view code, std::string_view message, std::string_view hint, uint32_t place,
           uint32_t index, uint64_t begin, uint64_t end) const {
    const calque_diagnostic d{
        sizeof(d), static_cast<int32_t>(severity), str(code), str(message), str(hint), place, index, begin, end};
    check(call_->report(call_, &d));
  }
  const calque_call *call_;
};

/// What every stage may leave out; a stage shadows the members that it needs.
struct stage_defaults {
  static constexpr auto options = std::tuple<>();
  static constexpr auto codes = std::array<calque_code, 0>();
  static constexpr auto accepts = list();
  static constexpr auto required_layers = list();
  static constexpr auto used_layers = list();
  static constexpr auto written_layers = list();
  static constexpr auto needs = list();
};

/// The four roles. Derive from one and give it `info` and `run`; the last argument, const call &, may be left out.
///   importer:   void run(const input &, builder &, const call &) const;   static int probe(const probe &);
///   normalizer: void run(document_view, rewrite &, const call &) const;
///   annotator:  void run(document_view, marks &, const call &) const;
///   exporter:   void run(document_view, output &, const call &) const;
/// What follows from the options alone is made once, by `void prepare(const call &)`, which may refuse them (throw
/// calque::failure) or warn; here too the argument may be left out.
struct importer : stage_defaults {};
struct normalizer : stage_defaults {};
struct annotator : stage_defaults {};
struct exporter : stage_defaults {};

namespace details {

template <class Stage, class In, class Out>
concept runs_with_call = requires(const Stage &s, const In &in, Out &out, const call &c) {
  s.run(in, out, c);
};
template <class Stage, class In, class Out>
concept runs = runs_with_call<Stage, In, Out> || requires(const Stage &s, const In &in, Out &out) {
  s.run(in, out);
};

/// Runs f and turns whatever it throws into a report and a status: nothing passes into the host.
template <class F>
calque_status guarded(const calque_call *c, F &&f) noexcept {
  auto exception = [&](const char *code, const char *what) {
    const calque_diagnostic d{sizeof(d), CALQUE_ERROR, str(code), str(what), {nullptr, 0}, CALQUE_AT_NOTHING, 0, 0, 0};
    c->report(c, &d);
    return calque_status{CALQUE_BUG};
  };
  try {
    f();
    return CALQUE_OK;
  } catch (const stopped &s) {
    return s.status;
  } catch (const failure &error) {
    const calque_diagnostic d = error.diagnostic();
    c->report(c, &d);
    return CALQUE_FAILED;
  } catch (const std::bad_alloc &) {
    return exception("plugin.out-of-memory", "there was not enough memory for it");
  } catch (const std::exception &error) {
    return exception("plugin.exception", error.what());
  } catch (...) {
    return exception("plugin.foreign-exception", "something that is not a std::exception was thrown");
  }
}

template <class Stage, class In, class Out>
void run(void *instance, const calque_call *c, const In &in, Out &out) {
  const Stage &stage = *static_cast<const Stage *>(instance);
  if constexpr (runs_with_call<Stage, In, Out>)
    stage.run(in, out, call(c));
  else
    stage.run(in, out);
}

template <class Stage>
struct thunks {
  static calque_status create(const calque_stage *, const calque_config *config, const calque_call *c,
                              void **instance) noexcept {
    return guarded(c, [&] {
      auto stage = std::make_unique<Stage>();
      configure(*stage, *config);
      if constexpr (requires { stage->prepare(call(c)); })
        stage->prepare(call(c));
      else if constexpr (requires { stage->prepare(); })
        stage->prepare();
      *instance = stage.release();
    });
  }
  static void destroy(void *instance) noexcept { delete static_cast<Stage *>(instance); }
  static int32_t probe(const calque_probe *p) noexcept {
    try {
      return static_cast<int32_t>(Stage::probe(calque::probe(p)));
    } catch (...) {
      return 0;
    }
  }
  static calque_status import(void *instance, const calque_call *c, const calque_input *i, calque_builder *b) noexcept {
    return guarded(c, [&] {
      builder out(b);
      details::run<Stage>(instance, c, input(i), out);
      out.settle();
    });
  }
  static calque_status normalize(void *instance, const calque_call *c, const calque_document *d,
                                 calque_rewriter *r) noexcept {
    return guarded(c, [&] {
      rewrite out(r);
      details::run<Stage>(instance, c, document_view(*d), out);
      out.settle();
    });
  }
  static calque_status annotate(void *instance, const calque_call *c, const calque_document *d,
                                calque_layer_writer *w) noexcept {
    return guarded(c, [&] {
      marks out(w);
      details::run<Stage>(instance, c, document_view(*d), out);
    });
  }
  static calque_status write(void *instance, const calque_call *c, const calque_document *d,
                             calque_output *o) noexcept {
    return guarded(c, [&] {
      output out(o, document_view(*d));
      details::run<Stage>(instance, c, document_view(*d), out);
      out.settle();
    });
  }
};

template <class Stage>
inline constexpr auto options_of = option_table<Stage>();

// Only the role's own table is ever instantiated, so a stage need not fit the other three.
template <class Stage>
inline constexpr calque_importer_ops importer_of{sizeof(calque_importer_ops), 0, thunks<Stage>::probe,
                                                 thunks<Stage>::import};
template <class Stage>
inline constexpr calque_normalizer_ops normalizer_of{sizeof(calque_normalizer_ops), 0, thunks<Stage>::normalize};
template <class Stage>
inline constexpr calque_annotator_ops annotator_of{sizeof(calque_annotator_ops), 0, thunks<Stage>::annotate};
template <class Stage>
inline constexpr calque_exporter_ops exporter_of{sizeof(calque_exporter_ops), 0, thunks<Stage>::write};

template <class Stage>
constexpr calque_stage describe_stage() {
  constexpr bool imports = std::derived_from<Stage, importer>, normalizes = std::derived_from<Stage, normalizer>,
                 annotates = std::derived_from<Stage, annotator>, exports = std::derived_from<Stage, exporter>;
  static_assert(imports + normalizes + annotates + exports == 1, "a stage derives from exactly one role");
  if constexpr (imports)
    static_assert(runs<Stage, input, builder>, "an importer has run(const input &, builder &) const");
  if constexpr (normalizes)
    static_assert(runs<Stage, document_view, rewrite>, "a normalizer has run(document_view, rewrite &) const");
  if constexpr (annotates)
    static_assert(runs<Stage, document_view, marks>,
                  "an annotator has run(document_view, marks &) const: it cannot write text");
  if constexpr (exports)
    static_assert(runs<Stage, document_view, output>, "an exporter has run(document_view, output &) const");

  calque_stage s{};
  s.struct_size = sizeof(calque_stage);
  s.flags = Stage::info.flags;
  s.id = Stage::info.id;
  s.version = Stage::info.version;
  s.summary = Stage::info.summary;
  s.option_count = static_cast<uint32_t>(option_count<Stage>);
  s.option_stride = sizeof(calque_option);
  s.options = options_of<Stage>.data();
  s.code_count = static_cast<uint32_t>(Stage::codes.size());
  s.code_stride = sizeof(calque_code);
  s.codes = Stage::codes.data();
  s.accepts = Stage::accepts.names;
  s.required_layers = Stage::required_layers.names;
  s.used_layers = Stage::used_layers.names;
  s.written_layers = Stage::written_layers.names;
  s.needs = Stage::needs.names;
  s.create = thunks<Stage>::create;
  s.destroy = thunks<Stage>::destroy;
  if constexpr (imports) s.importer = &importer_of<Stage>;
  if constexpr (normalizes) s.normalizer = &normalizer_of<Stage>;
  if constexpr (annotates) s.annotator = &annotator_of<Stage>;
  if constexpr (exports) s.exporter = &exporter_of<Stage>;
  return s;
}

template <class Stage>
inline constexpr calque_stage stage_of = describe_stage<Stage>();

template <class... Stage>
inline constexpr const calque_stage *stages_of[] = {&stage_of<Stage>...};

#define CALQUE_TEXT_OF(x) #x
#define CALQUE_AS_TEXT(x) CALQUE_TEXT_OF(x)
inline constexpr const char *compiler =
#if defined(__clang__)
    "clang " __clang_version__;
#else
    "gcc " CALQUE_AS_TEXT(__GNUC__) "." CALQUE_AS_TEXT(__GNUC_MINOR__);
#endif

template <class... Stage>
constexpr calque_plugin describe_plugin(const char *name, const char *version, const char *license, const char *url) {
  return {CALQUE_MAGIC,
          sizeof(calque_plugin),
          CALQUE_ABI_MAJOR,
          CALQUE_ABI_MINOR,
          name,
          version,
          license,
          url,
          compiler,
          sizeof...(Stage),
          0,
          stages_of<Stage...>};
}

}  // namespace details
}  // namespace calque

/// The whole description of a plugin; once a plugin, at file scope. After the four strings: its stages.
///   CALQUE_PLUGIN("text-tools", "1.0.0", "Apache-2.0", "https://example.org", whitespace, quotes)
#define CALQUE_PLUGIN(name, version, license, url, ...)                                                                \
  extern "C" {                                                                                                         \
  extern __attribute__((visibility("default"))) const calque_plugin calque_plugin_v1;                                  \
  const calque_plugin calque_plugin_v1 = ::calque::details::describe_plugin<__VA_ARGS__>(name, version, license, url); \
  }
