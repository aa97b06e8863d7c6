// SPDX-License-Identifier: Apache-2.0
// Each statement has a key, a place and a rank; of two ranks that speak of one key, the better one is heard.
#include "plugins/common/html/metadata.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace calque::plugins::html_reading {

namespace {

constexpr std::array<std::string_view, 55> terms{
    "abstract", "access_rights", "accrual_method", "accrual_periodicity", "accrual_policy", "alternative", "audience",
    "available", "bibliographic_citation", "conforms_to", "contributor", "coverage", "created", "creator", "date",
    "date_accepted", "date_copyrighted", "date_submitted", "description", "education_level", "extent", "format",
    "has_format", "has_part", "has_version", "identifier", "instructional_method", "is_format_of", "is_part_of",
    "is_referenced_by", "is_replaced_by", "is_required_by", "issued", "is_version_of", "language", "license", "mediator",
    "medium", "modified", "provenance", "publisher", "references", "relation", "replaces", "requires", "rights",
    "rights_holder", "source", "spatial", "subject", "table_of_contents", "temporal", "title", "type", "valid"};

struct known_name {
  std::string_view name, key;
};
constexpr std::array<known_name, 17> plain_names{{{"author", "creator"},
                                                  {"description", "description"},
                                                  {"abstract", "abstract"},
                                                  {"keywords", "subject"},
                                                  {"news_keywords", "subject"},
                                                  {"date", "date"},
                                                  {"publisher", "publisher"},
                                                  {"copyright", "rights"},
                                                  {"rights", "rights"},
                                                  {"language", "language"},
                                                  {"title", "title"},
                                                  {"citation_title", "title"},
                                                  {"citation_author", "creator"},
                                                  {"citation_publication_date", "date"},
                                                  {"citation_date", "date"},
                                                  {"citation_doi", "identifier"},
                                                  {"citation_publisher", "publisher"}}};
constexpr std::array<known_name, 5> graph_names{{{"og:title", "title"},
                                                 {"og:description", "description"},
                                                 {"og:site_name", "publisher"},
                                                 {"article:published_time", "date"},
                                                 {"article:author", "creator"}}};

bool is_term(std::string_view key) { return std::find(terms.begin(), terms.end(), key) != terms.end(); }

/// "bibliographicCitation" as the key that a field has.
std::string snake_case(std::string_view name) {
  std::string made;
  for (size_t k = 0; k < name.size(); ++k) {
    const char c = name[k];
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && k > 0 && name[k - 1] >= 'a' && name[k - 1] <= 'z') made += '_';
    made += is_upper ? static_cast<char>(c + 32) : c;
  }
  return made;
}

/// The term that "DC.Date.created" or "dcterms:title" names: the most exact one that Dublin Core knows.
std::string dublin_core(std::string_view name) {
  const std::string start = lower(name.substr(0, 8));
  const size_t prefix = start.starts_with("dcterms.") || start.starts_with("dcterms:") ? 8
                        : start.starts_with("dc.") || start.starts_with("dc:")         ? 3
                                                                                        : 0;
  if (prefix == 0) return {};
  std::string_view rest = name.substr(prefix);
  const size_t dot = rest.find_last_of(".:");
  if (dot != std::string_view::npos)
    if (const std::string exact = snake_case(rest.substr(dot + 1)); is_term(exact)) return exact;
  const std::string first = snake_case(rest.substr(0, rest.find_first_of(".:")));
  return is_term(first) ? first : std::string();
}

template <class List>
std::string_view find_key(const List &list, std::string_view name) {
  for (const known_name &one : list)
    if (one.name == name) return one.key;
  return {};
}

/// One thing that is said; its value is an attribute, the text of an element, or a string in a script.
struct statement {
  std::string key, language, value;
  int rank;
  const attribute *from = nullptr;
  element of_element = nullptr;
  stretch place = {};
};

class collector {
 public:
  explicit collector(const tree &page) : tree_(page) {}

  void look_at(element e, int depth) {
    if (!is_element(e)) return;
    switch (static_cast<GumboTag>(e->tag)) {
      case GUMBO_TAG_META: return meta(e);
      case GUMBO_TAG_LINK:
        if (has_word(value_of(e, "rel"), "canonical")) say(2, "identifier", find_attribute(e, "href"), e);
        return;
      case GUMBO_TAG_TITLE:
        if (depth == 1 && !plain_text(e).empty())
          found.push_back({"title", language_of(e), plain_text(e), 0, nullptr, e, {}});
        return;
      case GUMBO_TAG_SCRIPT:
        if (lower(trimmed(value_of(e, "type").value_or(""))) == "application/ld+json") linked_data(e);
        return;
      default:
        // JSON-LD and meta stand in bodies too.
        if (e->type != node_type::template_contents)
          for (element child : children(e)) look_at(child, depth + 1);
    }
  }

  void say(int rank, std::string_view key, const attribute *from, element e) {
    if (from == nullptr || trimmed(from->value).empty()) return;
    found.push_back({std::string(key), language_of(e), std::string(trimmed(from->value)), rank, from, nullptr, {}});
  }

  std::vector<statement> found;
  std::vector<const attribute *> silent;

 private:
  static std::string language_of(element e) {
    if (auto language = value_of(e, "lang")) return std::string(trimmed(*language));
    return std::string(trimmed(value_of(e, "xml:lang").value_or("")));
  }

  void meta(element e) {
    const attribute *content = find_attribute(e, "content");
    if (content == nullptr) return;
    std::string_view name = trimmed(value_of(e, "name").value_or(""));
    if (name.empty()) name = trimmed(value_of(e, "property").value_or(""));
    if (name.empty() && lower(trimmed(value_of(e, "http-equiv").value_or(""))) == "content-language") name = "language";
    const std::string low = lower(name);
    if (const std::string term = dublin_core(name); !term.empty()) return say(0, term, content, e);
    if (const auto key = find_key(plain_names, low); !key.empty()) return say(0, key, content, e);
    if (const auto key = find_key(graph_names, low); !key.empty()) return say(2, key, content, e);
    silent.push_back(content);
  }

  void linked_data(element script) {
    for (element child : children(script)) {
      const auto part = place_of(child);
      if (!part) continue;
      const std::string_view raw = tree_.text().substr(part->begin, part->end - part->begin);
      int depth = 0, most = 0;
      for (char c : raw) {
        if (c == '{' || c == '[') most = std::max(most, ++depth);
        if (c == '}' || c == ']') --depth;
      }
      if (most > 64) continue;  // no page describes itself so deeply, and a parser recurses
      const auto data = nlohmann::json::parse(raw, nullptr, false);
      if (!data.is_discarded()) thing(data, *part, 0);
    }
  }

  void thing(const nlohmann::json &data, stretch script, int depth) {
    if (depth > 3) return;
    if (data.is_array()) {
      for (const auto &one : data) thing(one, script, depth + 1);
      return;
    }
    if (!data.is_object()) return;
    if (const auto graph = data.find("@graph"); graph != data.end()) thing(*graph, script, depth + 1);
    if (!is_work(data) || has_work_) return;
    has_work_ = true;
    tell(data, "headline", "title", script);
    if (!data.contains("headline")) tell(data, "name", "title", script);
    tell(data, "author", "creator", script);
    tell(data, "datePublished", "date", script);
    tell(data, "inLanguage", "language", script);
    tell(data, "description", "description", script);
    tell(data, "publisher", "publisher", script);
  }

  static bool is_work(const nlohmann::json &data) {
    const auto type = data.find("@type");
    if (type == data.end()) return false;
    auto is_one = [](const nlohmann::json &name) {
      if (!name.is_string()) return false;
      const std::string text = name.get<std::string>();
      return text.ends_with("Article") || text.ends_with("Posting") || text == "Report" || text == "WebPage" ||
             text == "Book" || text == "CreativeWork" || text == "ArchiveComponent" || text == "Thesis";
    };
    if (!type->is_array()) return is_one(*type);
    return std::any_of(type->begin(), type->end(), is_one);
  }

  /// A string, the name of a thing, or several of these.
  void tell(const nlohmann::json &data, const char *name, std::string_view key, stretch script) {
    const auto value = data.find(name);
    if (value != data.end()) tell(*value, key, script);
  }
  void tell(const nlohmann::json &value, std::string_view key, stretch script) {
    if (value.is_array()) {
      for (const auto &one : value)
        if (!one.is_array()) tell(one, key, script);
    } else if (value.is_object()) {
      const auto name = value.find("name");
      if (name != value.end() && name->is_string()) tell(*name, key, script);
    } else if (value.is_string()) {
      const std::string text(trimmed(value.get_ref<const std::string &>()));
      if (text.empty()) return;
      const std::string_view raw = tree_.text().substr(script.begin, script.end - script.begin);
      const size_t at = raw.find("\"" + text + "\"");
      // A value that is written with escapes has the script's beginning as its place.
      const stretch place = at == std::string_view::npos ? stretch{script.begin, script.begin}
                                                         : stretch{script.begin + at + 1, script.begin + at + 1 + text.size()};
      found.push_back({std::string(key), {}, text, 1, nullptr, nullptr, place});
    }
  }

  const tree &tree_;
  bool has_work_ = false;
};

void write(const statement &s, const tree &page, account &to, flow &text) {
  auto field = [&](auto &&fill) {
    const scope opened = to.out().field(s.key, valid(s.language));
    const flow::detour inside(text);
    text.put_place({text_place::way::direct, kind::paragraph, {}});
    fill();
    text.close();
  };
  if (s.of_element != nullptr) {
    field([&] {
      for (element child : children(s.of_element))
        if (const auto part = place_of(child))
          text.text(child->text, *part, false);
    });
    return;
  }
  if (s.from == nullptr) return field([&] { text.verbatim(s.value, s.place, !s.place.is_empty()); });
  const stretch place = s.from->place;
  const std::string_view whole = s.from->value;
  const size_t value_at = page.text().substr(place.begin, place.end - place.begin).find(whole);
  if (s.key != "subject" || whole.find(',') == std::string_view::npos || value_at == std::string_view::npos)
    return field([&] { text.attribute_text(*s.from); });
  // Each keyword is a field of its own.
  for (size_t at = 0; at <= whole.size();) {
    const size_t end = std::min(whole.find(',', at), whole.size());
    const std::string_view word = trimmed(whole.substr(at, end - at));
    if (!word.empty()) {
      const size_t begin = place.begin + value_at + static_cast<size_t>(word.data() - whole.data());
      field([&] { text.verbatim(word, {begin, begin + word.size()}, true); });
    }
    at = end + 1;
  }
}

}  // namespace

void write_fields(element root, element head, const tree &page, account &to, flow &text) {
  collector heard(page);
  const attribute *language = find_attribute(root, "lang");
  if (language == nullptr) language = find_attribute(root, "xml:lang");
  heard.say(0, "language", language, root);
  for (element part : {head, root})
    if (part != nullptr)
      for (element child : children(part))
        if (child != head) heard.look_at(child, part == head ? 1 : 2);
  std::map<std::string, int> best;
  for (const statement &s : heard.found) {
    const auto known = best.emplace(s.key, s.rank).first;
    known->second = std::min(known->second, s.rank);
  }
  std::set<std::pair<std::string, std::string>> said;
  auto pass = [&](const attribute &unheard) { to.skip(unheard.place, "metadata"); };
  // Titles first, as a reader looks for them; all else in its own order.
  std::stable_sort(heard.found.begin(), heard.found.end(),
                   [](const statement &a, const statement &b) { return (a.key == "title") > (b.key == "title"); });
  for (const statement &s : heard.found) {
    if (s.rank == best[s.key] && said.emplace(s.key, s.value).second)
      write(s, page, to, text);
    else if (s.from != nullptr)
      pass(*s.from);
  }
  for (const attribute *one : heard.silent) pass(*one);
}

}  // namespace calque::plugins::html_reading
