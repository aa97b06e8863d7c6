// SPDX-License-Identifier: Apache-2.0
// The parts of a page by what elements, ARIA and common names of classes say.
#include "plugins/common/html/page_reader.hpp"

#include <array>

namespace calque::plugins::html_reading {

namespace {

struct named {
  std::string_view word, role;
};

/// ARIA's names for what elements say too, under the elements' names.
constexpr std::array<named, 12> aria{{{"navigation", "nav"},
                                      {"banner", "banner"},
                                      {"contentinfo", "footer"},
                                      {"complementary", "aside"},
                                      {"main", "main"},
                                      {"search", "search"},
                                      {"form", "form"},
                                      {"dialog", "dialog"},
                                      {"alertdialog", "dialog"},
                                      {"doc-toc", "toc"},
                                      {"doc-abstract", "abstract"},
                                      {"doc-epigraph", "epigraph"}}};

/// Words of class and id, whole, by which common systems name what is not the text.
constexpr std::array<named, 26> names{{{"cookie-banner", "cookies"},   {"cookie-notice", "cookies"},
                                       {"cookie-consent", "cookies"},  {"cookie-law-info-bar", "cookies"},
                                       {"cookiebanner", "cookies"},    {"cookies", "cookies"},
                                       {"gdpr", "cookies"},            {"onetrust-banner-sdk", "cookies"},
                                       {"navbar", "nav"},              {"navigation", "nav"},
                                       {"nav", "nav"},                 {"menu", "nav"},
                                       {"main-menu", "nav"},           {"breadcrumb", "nav"},
                                       {"breadcrumbs", "nav"},         {"pagination", "nav"},
                                       {"sidebar", "aside"},           {"site-header", "banner"},
                                       {"masthead", "banner"},         {"site-footer", "footer"},
                                       {"colophon", "footer"},         {"social-share", "share"},
                                       {"sharedaddy", "share"},        {"share-buttons", "share"},
                                       {"advertisement", "advertisement"}, {"adsbygoogle", "advertisement"}}};

std::string named_role(std::optional<std::string_view> words) {
  if (words)
    for (const named &one : names)
      if (has_word(words, one.word)) return std::string(one.role);
  return {};
}

}  // namespace

std::string style_of(element e, std::string_view property) {
  const auto style = value_of(e, "style");
  if (!style) return {};
  for (size_t at = 0; at < style->size();) {
    const size_t end = std::min(style->find(';', at), style->size());
    const std::string_view one = style->substr(at, end - at);
    const size_t colon = one.find(':');
    if (colon != std::string_view::npos && lower(trimmed(one.substr(0, colon))) == property)
      return lower(trimmed(one.substr(colon + 1)));
    at = end + 1;
  }
  return {};
}

bool is_hidden(element e) {
  if (value_of(e, "hidden")) return true;
  return style_of(e, "display").starts_with("none") || style_of(e, "visibility").starts_with("hidden");
}

std::string role_of(element e) {
  if (is_hidden(e)) return "hidden";
  if (const auto role = value_of(e, "role"))
    for (const named &one : aria)
      if (has_word(role, one.word)) return std::string(one.role);
  switch (tag_of(e)) {
    case GUMBO_TAG_NAV: return "nav";
    case GUMBO_TAG_HEADER: return "header";
    case GUMBO_TAG_FOOTER: return "footer";
    case GUMBO_TAG_ASIDE: return "aside";
    case GUMBO_TAG_MAIN: return "main";
    case GUMBO_TAG_ADDRESS: return "address";
    case GUMBO_TAG_DETAILS: return "details";
    case GUMBO_TAG_FORM: return "form";
    case GUMBO_TAG_UNKNOWN: {
      const std::string name = name_of(e);
      return name == "search" || name == "dialog" ? name : std::string();
    }
    case GUMBO_TAG_DIV: case GUMBO_TAG_SECTION: case GUMBO_TAG_UL: case GUMBO_TAG_OL: {
      const std::string by_class = named_role(value_of(e, "class"));
      return by_class.empty() ? named_role(value_of(e, "id")) : by_class;
    }
    default: return {};
  }
}

}  // namespace calque::plugins::html_reading
