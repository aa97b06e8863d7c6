// SPDX-License-Identifier: Apache-2.0
// The only file that knows expat: a stack of open elements, and the unit that is being read.
#include "translation_memory/tmx_reader.hpp"

#include <expat.h>
#include <unicode/ucnv.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "translation_memory/languages.hpp"
#include "translation_memory/tmx_names.hpp"

namespace calque::tm {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t chunk_size = 1u << 16;

/// A code page of single bytes, where expat does not know it by itself.
int read_encoding(void *, const XML_Char *name, XML_Encoding *into) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> page(ucnv_open(name, &status), ucnv_close);
  if (U_FAILURE(status) || ucnv_getMaxCharSize(page.get()) != 1) return XML_STATUS_ERROR;
  for (int byte = 0; byte < 256; ++byte) {
    const char one = static_cast<char>(byte);
    const char *from = &one;
    status = U_ZERO_ERROR;
    const UChar32 c = ucnv_getNextUChar(page.get(), &from, &one + 1, &status);
    into->map[byte] = U_FAILURE(status) || c == 0xfffd ? -1 : static_cast<int>(c);
  }
  into->data = nullptr;
  into->convert = nullptr;
  into->release = nullptr;
  return XML_STATUS_OK;
}

/// The text of a context property, which some programs put into <seg>.
string context_text(string text) {
  constexpr string_view open = "<seg>", close = "</seg>";
  if (text.starts_with(open) && text.ends_with(close))
    text = text.substr(open.size(), text.size() - open.size() - close.size());
  return text;
}

class tmx_parse {
 public:
  tmx_parse(const string &path, const string &name, const tmx_sink &sink, const tmx_limits &within)
      : path_(path), name_(name), sink_(sink), within_(within), parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetSkippedEntityHandler(parser_.get(), on_skipped);
    XML_SetUnknownEncodingHandler(parser_.get(), read_encoding, nullptr);
    // Nothing is ever opened from outside. How much entities stand for, expat limits by itself.
    XML_SetParamEntityParsing(parser_.get(), XML_PARAM_ENTITY_PARSING_NEVER);
  }

  tmx_account run(std::istream &in) {
    std::uint64_t fed = 0;
    for (bool is_last = false; !is_last;) {
      void *const buffer = XML_GetBuffer(parser_.get(), chunk_size);
      if (buffer == nullptr) throw std::bad_alloc();
      in.read(static_cast<char *>(buffer), chunk_size);
      const auto count = static_cast<int>(in.gcount());
      if (in.bad())
        throw failure("input.unreadable", path_ + " cannot be read to its end",
                      "check the disk, or get the file again");
      is_last = !in;
      const XML_Status status = XML_ParseBuffer(parser_.get(), count, is_last ? XML_TRUE : XML_FALSE);
      if (thrown_) std::rethrow_exception(thrown_);
      if (status != XML_STATUS_OK) say_error();
      fed += static_cast<std::uint64_t>(count);
      // expat reads a tag that goes on from chunk to chunk anew each time.
      const XML_Index done = XML_GetCurrentByteIndex(parser_.get());
      if (done >= 0 && fed > static_cast<std::uint64_t>(done) + within_.token)
        limit("token", within_.token, "bytes in one tag");
      sink_.progress(fed);
    }
    emit_pending(nullptr);
    return std::move(account_);
  }

 private:
  enum class place { outside, tmx, header, body, tu, tuv, seg, code, fragment, ignored };
  struct frame {
    place is = place::outside;
    const tmx_inline *shown = nullptr;  // the element of a segment whose tag was written
  };
  using attributes = const XML_Char *const *;

  struct variant {
    half is;
    std::vector<string> facts = std::vector<string>(4);  // created, creator, changed, changer
    bool is_whole = true, has_segment = false, has_codes = false;
  };
  struct translation_unit {
    string name, source_language, attributes, notes, file;
    std::vector<string> facts = std::vector<string>(4);
    std::vector<context> contexts;
    bool waits_for_after = false;  // of the last context
    std::vector<variant> variants;
    std::size_t source = 0;  // the index of the source language
  };

  // ---- what expat calls; nothing may be thrown through it

  template <class Act>
  void guarded(Act &&act) {
    if (thrown_) return;
    try {
      act();
    } catch (...) {
      thrown_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }
  static tmx_parse &of(void *self) { return *static_cast<tmx_parse *>(self); }
  static void on_start(void *self, const XML_Char *name, const XML_Char **all) {
    of(self).guarded([&] { of(self).start(local(name), all); });
  }
  static void on_end(void *self, const XML_Char *name) {
    of(self).guarded([&] { of(self).end(local(name)); });
  }
  static void on_text(void *self, const XML_Char *data, int size) {
    of(self).guarded([&] { of(self).characters(string_view(data, static_cast<std::size_t>(size))); });
  }
  static void on_skipped(void *self, const XML_Char *, int is_parameter) {
    if (is_parameter != 0) return;
    of(self).guarded([&] {
      tmx_parse &p = of(self);
      p.remark("texts with an entity that the file does not say", true);
      if (p.open_.back().is == place::seg || p.open_.back().is == place::code) p.unit_.variants.back().is_whole = false;
    });
  }

  static string_view local(const XML_Char *name) {
    const string_view whole = name;
    const std::size_t colon = whole.rfind(':');
    return colon == string_view::npos ? whole : whole.substr(colon + 1);
  }
  static const char *find(attributes all, string_view name) {
    for (; *all != nullptr; all += 2)
      if (name == all[0] || (name == "xml:lang" && string_view(all[0]) == "lang")) return all[1];
    return nullptr;
  }
  static string_view value(attributes all, string_view name) {
    const char *found = find(all, name);
    return found == nullptr ? string_view() : string_view(found);
  }

  static std::vector<const XML_Char *> copy(attributes all) {
    std::vector<const XML_Char *> made;
    for (; *all != nullptr; ++all) made.push_back(*all);
    made.push_back(nullptr);
    return made;
  }
  /// With an attribute more, where there is none of that name and the value is not empty.
  static std::vector<const XML_Char *> with_default(std::vector<const XML_Char *> all, const char *name,
                                                    const string &value) {
    if (find(all.data(), name) == nullptr && !value.empty()) all.insert(all.end() - 1, {name, value.c_str()});
    return all;
  }

  // ---- trouble

  std::uint64_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }
  string where() const {
    return path_ + ":" + std::to_string(line()) + ":" + std::to_string(XML_GetCurrentColumnNumber(parser_.get()) + 1);
  }
  void remark(const string &what, bool is_loss) {
    tmx_remark &r = account_.remarks[what];
    r.is_loss = is_loss;
    if (r.count++ == 0) r.first_line = line();
  }
  [[noreturn]] void limit(string_view name, std::uint64_t most, string_view of_what) const {
    throw failure(
        "memory.limit",
        where() + ": more than " + std::to_string(most) + " " + string(of_what) + " (limit `" + string(name) + "`)",
        "see whether the file is what it should be");
  }
  [[noreturn]] void say_error() const {
    const XML_Error error = XML_GetErrorCode(parser_.get());
    if (error == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
      throw failure("memory.limit",
                    where() + ": its entities stand for far more text than the file has (limit `amplification`)",
                    "see whether the file is what it should be");
    if (error == XML_ERROR_UNKNOWN_ENCODING)
      throw failure("memory.not-well-formed", where() + ": its encoding is not known", "save it in UTF-8");
    throw failure("memory.not-well-formed", where() + ": " + XML_ErrorString(error),
                  "check the file with xmllint and mend it");
  }
  void hold(std::size_t bytes) {
    held_ += bytes;
    if (held_ > within_.unit) limit("unit", within_.unit, "bytes in one unit");
  }

  // ---- elements

  /// The attributes of the list, in its order; false when one that must be there is not.
  bool put_attributes(string &out, std::span<const tmx_attribute> list, attributes all) {
    bool is_whole = true;
    for (const tmx_attribute &a : list) {
      const char *found = find(all, a.name);
      if (found != nullptr && !a.words.empty() && a.words.find(" " + string(found) + " ") == string_view::npos) {
        remark("attributes with a value that TMX does not have", true);
        found = nullptr;
      }
      if (found == nullptr) {
        is_whole = is_whole && !a.is_required;
        continue;
      }
      const std::size_t before = out.size();
      put_attribute(out, a.name, found);
      hold(out.size() - before);
    }
    return is_whole;
  }

  void start(string_view name, attributes all) {
    if (open_.size() >= within_.depth) limit("depth", within_.depth, "elements within each other");
    const place above = open_.empty() ? place::outside : open_.back().is;
    frame next{place::ignored, nullptr};
    switch (above) {
      case place::outside:
        if (name != "tmx")
          throw failure("memory.not-tmx", where() + ": its first element is <" + string(name) + ">, not <tmx>",
                        "give a TMX file");
        if (const char *version = find(all, "version"); version != nullptr && string_view(version).substr(0, 2) != "1.")
          throw failure("memory.not-tmx", where() + ": TMX " + string(version) + " is not read", "save it as TMX 1.4");
        next.is = place::tmx;
        break;
      case place::tmx:
        if (name == "header")
          start_header(all), next.is = place::header;
        else if (name == "body")
          next.is = place::body;
        break;
      case place::body:
        if (name == "tu") start_unit(all), next.is = place::tu;
        break;
      case place::header:
      case place::tu:
      case place::tuv:
        if (name == "tuv" && above == place::tu)
          start_variant(all), next.is = place::tuv;
        else if (name == "seg" && above == place::tuv)
          next.is = start_segment();
        else if (name == "note" || name == "prop" || (name == "ude" && above == place::header))
          start_fragment(name, all), next.is = place::fragment;
        break;
      case place::fragment:
        if (name == "map") start_map(all);
        break;
      case place::seg:
      case place::code:
        next = start_inline(name, all);
        break;
      case place::ignored:
        break;
    }
    if (next.is == place::ignored && above != place::ignored && above != place::fragment)
      remark("elements that TMX does not have there", true);
    open_.push_back(next);
  }

  void end(string_view name) {
    const frame closed = open_.back();
    open_.pop_back();
    switch (closed.is) {
      case place::code:
        if (closed.shown == nullptr) break;
        ((unit_.variants.back().is.markup += "</") += closed.shown->name) += '>';
        if (closed.shown->name != "hi") --code_depth_;
        break;
      case place::fragment:
        end_fragment(name);
        break;
      case place::tu:
        end_unit();
        break;
      default:
        break;
    }
  }

  void characters(string_view data) {
    const place at = open_.empty() ? place::outside : open_.back().is;
    if (at == place::fragment) {
      if (fragment_is_ude_) return;  // its elements say it all
      hold(data.size());
      put_escaped(fragment_, data);
      fragment_text_ += data;
    } else if (at == place::seg || at == place::code) {
      variant &v = unit_.variants.back();
      hold(2 * data.size());
      put_escaped(v.is.markup, data);
      if (code_depth_ == 0) v.is.text += data;
    }
  }

  void start_header(attributes all) {
    header_language_ = value(all, "srclang");
    // An export says whatever there is to say of contexts, so that neighbours in it mean nothing.
    has_neighbours_ = value(all, "creationtool") != "calque";
    header_datatype_ = value(all, "datatype");
    if (header_datatype_ == "plaintext" || header_datatype_ == "PlainText") header_datatype_.clear();
    header_segtype_ = value(all, "segtype");
    if (header_segtype_ == "sentence") header_segtype_.clear();
  }

  void start_unit(attributes all) {
    ++account_.read;
    held_ = 0;
    unit_ = {};
    unit_.name = value(all, "tuid");
    if (unit_.name.empty()) unit_.name = std::to_string(account_.read);
    unit_.file = name_;
    const char *own = find(all, "srclang");
    unit_.source_language = own != nullptr ? own : header_language_;
    // What the header says of all units is said of each: a memory holds units of many files.
    const auto whole = with_default(with_default(copy(all), "datatype", header_datatype_), "segtype", header_segtype_);
    put_attributes(unit_.attributes, unit_attributes, whole.data());
    put_attributes(unit_.attributes, segment_type, whole.data());
    read_facts(all, unit_.facts);
  }
  static void read_facts(attributes all, std::vector<string> &facts) {
    constexpr string_view names[] = {"creationdate", "creationid", "changedate", "changeid"};
    for (std::size_t k = 0; k < std::size(names); ++k) facts[k] = value(all, names[k]);
  }

  void start_variant(attributes all) {
    if (unit_.variants.size() >= within_.variants) limit("variants", within_.variants, "languages in one unit");
    variant &v = unit_.variants.emplace_back();
    const char *written = find(all, "xml:lang");
    if (written == nullptr) {
      remark("segments without a language", true);
      v.is_whole = false;
    } else if (const auto tag = language_tag(written)) {
      v.is.language = *tag;
    } else {
      remark("segments in a language whose tag is none", true);
      v.is_whole = false;
    }
    put_attributes(v.is.attributes, unit_attributes, all);
    read_facts(all, v.facts);
    hold(sizeof v);
  }

  place start_segment() {
    variant &v = unit_.variants.back();
    if (v.has_segment) return place::ignored;  // a second one
    v.has_segment = true;
    code_depth_ = 0;
    return place::seg;
  }

  frame start_inline(string_view name, attributes all) {
    const tmx_inline *is = find_inline(name);
    const tmx_inline *parent = nullptr;
    for (auto above = open_.rbegin(); above->is == place::code && parent == nullptr; ++above) parent = above->shown;
    const bool in_text = parent == nullptr || parent->holds_text;
    frame made{place::code, nullptr};
    if (is == nullptr || (is->name == "sub") == in_text) {
      remark("tags in segments where TMX has none; their text is kept", true);
      return made;
    }
    variant &v = unit_.variants.back();
    string own;
    if (!put_attributes(own, is->attributes, all)) {
      // A code that does not say what it opens or closes is a placeholder for what stands in it.
      remark("inline codes without the number or position that TMX asks for; they became <ph>", false);
      is = find_inline("ph");
      own.clear();
      put_attributes(own, is->attributes, all);
    }
    v.has_codes = true;
    ((v.is.markup += '<') += is->name) += own;
    v.is.markup += '>';
    hold(2 * is->name.size() + 5);
    if (is->name != "hi") ++code_depth_;
    made.shown = is;
    return made;
  }

  void start_fragment(string_view name, attributes all) {
    fragment_.assign("<").append(name);
    fragment_text_.clear();
    fragment_type_ = value(all, "type");
    fragment_is_ude_ = name == "ude";
    const auto list = name == "note"   ? std::span<const tmx_attribute>(note_attributes)
                      : name == "prop" ? std::span<const tmx_attribute>(property_attributes)
                                       : std::span<const tmx_attribute>(ude_attributes);
    static const string unknown = "unknown";
    const char *const needed = name == "ude" ? "name" : "type";
    const bool lacks_name = name != "note" && find(all, needed) == nullptr;
    if (lacks_name) remark("notes without the name that TMX asks for; it became `unknown`", false);
    put_attributes(fragment_, list, lacks_name ? with_default(copy(all), needed, unknown).data() : all);
    fragment_ += '>';
  }
  void start_map(attributes all) {
    string made = "<map";
    if (!put_attributes(made, map_attributes, all)) return remark("elements that TMX does not have there", true);
    fragment_ += made + "></map>";
  }
  void end_fragment(string_view name) {
    const place above = open_.back().is;
    ((fragment_ += "</") += name) += '>';
    if (above == place::header) {
      if (name == "ude" && fragment_.find("<map") == string::npos)
        return remark("elements that TMX does not have there", true);
      sink_.header_note(fragment_);
    } else if (above == place::tuv) {
      unit_.variants.back().is.notes += fragment_;
    } else if (name == "prop" && fragment_type_ == before_property) {
      unit_.contexts.push_back({context_text(fragment_text_), {}});
      unit_.waits_for_after = true;
    } else if (name == "prop" && fragment_type_ == after_property) {
      if (!unit_.waits_for_after) unit_.contexts.push_back({});
      unit_.contexts.back().after = context_text(fragment_text_);
      unit_.waits_for_after = false;
    } else if (name == "prop" && fragment_type_ == file_property) {
      unit_.file = fragment_text_;
    } else {
      unit_.notes += fragment_;
    }
  }

  // ---- units

  void end_unit() {
    for (const variant &v : unit_.variants) {
      if (v.is_whole && !v.has_segment)
        remark("languages without a segment", true);
      else if (v.is_whole && v.is.markup.empty())
        remark("empty segments", true);
    }
    const std::size_t all = unit_.variants.size();
    std::erase_if(unit_.variants, [](const variant &v) { return !v.is_whole || v.is.markup.empty(); });
    for (variant &v : unit_.variants)
      if (!v.has_codes) v.is.markup.clear();
    if (unit_.variants.size() < 2) {
      remark(all < 2 ? "units in one language" : "units of which one language was left", true);
      return;
    }
    unit_.source = find_source();
    emit_pending(&unit_);
    pending_ = std::move(unit_);
  }

  /// The variant in the unit's source language, or one that is close to it, or else the first.
  std::size_t find_source() const {
    const auto wanted = language_tag(unit_.source_language);
    if (!wanted) return 0;
    const auto &all = unit_.variants;
    for (const bool exactly : {true, false})
      for (std::size_t k = 0; k < all.size(); ++k)
        if (exactly ? all[k].is.language == *wanted : languages_meet(*wanted, all[k].is.language)) return k;
    return 0;
  }

  /// Hands over the last unit, now that it is known what comes after it.
  void emit_pending(const translation_unit *next) {
    if (pending_) {
      const half &source = pending_->variants[pending_->source].is;
      const auto neighbour = [&](const half *other) {
        return other != nullptr && other->language == source.language ? other->text : string();
      };
      if (pending_->contexts.empty() && has_neighbours_) {
        const context found{neighbour(previous_ ? &*previous_ : nullptr),
                            neighbour(next != nullptr ? &next->variants[next->source].is : nullptr)};
        if (found != context{}) pending_->contexts.push_back(found);
      }
      unit made;
      made.source = source;
      made.file = pending_->file;
      made.name = pending_->name;
      made.attributes = pending_->attributes;
      made.notes = pending_->notes;
      made.contexts = pending_->contexts;
      for (std::size_t k = 0; k < pending_->variants.size(); ++k) {
        if (k == pending_->source) continue;
        const variant &v = pending_->variants[k];
        made.target = v.is;
        const auto fact = [&](std::size_t which) {
          return v.facts[which].empty() ? pending_->facts[which] : v.facts[which];
        };
        made.created = fact(0), made.creator = fact(1), made.changed = fact(2), made.changer = fact(3);
        ++account_.pairs;
        sink_.take(made);
      }
      previous_ = source;
    }
    pending_.reset();
  }

  const string &path_, &name_;
  const tmx_sink &sink_;
  const tmx_limits &within_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::exception_ptr thrown_;
  tmx_account account_;
  std::vector<frame> open_;
  string header_language_, header_datatype_, header_segtype_;
  bool has_neighbours_ = true;
  translation_unit unit_;
  std::size_t held_ = 0;
  int code_depth_ = 0;
  string fragment_, fragment_text_, fragment_type_;
  bool fragment_is_ude_ = false;
  std::optional<translation_unit> pending_;
  std::optional<half> previous_;
};

}  // namespace

tmx_account read_tmx(std::istream &in, const string &path, const string &name, const tmx_sink &sink,
                     const tmx_limits &within) {
  return tmx_parse(path, name, sink, within).run(in);
}

tmx_account read_tmx(const std::filesystem::path &file, const tmx_sink &sink, const tmx_limits &within) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    throw failure("input.is-a-folder", file.string() + " is a folder", "name the TMX files in it");
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    const int why = errno;
    if (why == ENOENT || why == ENOTDIR)
      throw failure("input.missing", "there is no file " + file.string(), "check its name");
    if (why == EACCES)
      throw failure("input.permission", file.string() + " may not be read", "give yourself the right to read it");
    throw failure("input.unreadable", file.string() + " cannot be opened: " + std::strerror(why), "check the disk");
  }
  return read_tmx(in, file.string(), file.filename().string(), sink, within);
}

}  // namespace calque::tm
