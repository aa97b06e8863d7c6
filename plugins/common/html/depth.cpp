// SPDX-License-Identifier: Apache-2.0
// A stack of names, kept as HTML's tree construction keeps its own where that decides about depth.
#include "plugins/common/html/depth.hpp"

#include "plugins/common/html/markup.hpp"

#include <gumbo.h>

#include <vector>

namespace calque::plugins::html_reading {

namespace {

/// Elements that never hold anything.
bool is_void(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_AREA: case GUMBO_TAG_BASE: case GUMBO_TAG_BR: case GUMBO_TAG_COL: case GUMBO_TAG_EMBED:
    case GUMBO_TAG_HR: case GUMBO_TAG_IMG: case GUMBO_TAG_IMAGE: case GUMBO_TAG_INPUT: case GUMBO_TAG_LINK:
    case GUMBO_TAG_META: case GUMBO_TAG_PARAM: case GUMBO_TAG_SOURCE: case GUMBO_TAG_TRACK: case GUMBO_TAG_WBR:
    case GUMBO_TAG_BGSOUND: case GUMBO_TAG_BASEFONT: case GUMBO_TAG_FRAME: case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_ISINDEX: case GUMBO_TAG_SPACER: case GUMBO_TAG_NEXTID:
      return true;
    default:
      return false;
  }
}

/// Elements that end where another of their group begins; 0 for all others.
int group_of(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_P: return 1;
    case GUMBO_TAG_LI: return 2;
    case GUMBO_TAG_DD: case GUMBO_TAG_DT: return 3;
    case GUMBO_TAG_TD: case GUMBO_TAG_TH: return 4;
    case GUMBO_TAG_TR: return 5;
    case GUMBO_TAG_TBODY: case GUMBO_TAG_THEAD: case GUMBO_TAG_TFOOT: return 6;
    case GUMBO_TAG_OPTION: return 7;
    case GUMBO_TAG_OPTGROUP: return 8;
    case GUMBO_TAG_RT: case GUMBO_TAG_RP: case GUMBO_TAG_RB: case GUMBO_TAG_RTC: return 9;
    case GUMBO_TAG_COLGROUP: return 10;
    case GUMBO_TAG_A: return 11;
    case GUMBO_TAG_BUTTON: return 12;
    case GUMBO_TAG_NOBR: return 13;
    default: return 0;
  }
}

/// Elements that an end tag outside does not reach into.
bool is_barrier(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_TABLE: case GUMBO_TAG_TD: case GUMBO_TAG_TH: case GUMBO_TAG_CAPTION: case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_APPLET: case GUMBO_TAG_MARQUEE: case GUMBO_TAG_TEMPLATE: case GUMBO_TAG_SVG: case GUMBO_TAG_MATH:
      return true;
    default:
      return false;
  }
}

struct open_element {
  GumboTag tag;
  std::string_view name;
};

}  // namespace

std::optional<size_t> find_depth_over(std::string_view text, size_t most) {
  std::vector<open_element> open;
  tokens cut(text);
  for (token t{}; cut.next(t);) {
    if (t.kind != token_kind::tag && t.kind != token_kind::end_tag) continue;
    const GumboTag tag = gumbo_tagn_enum(t.name.data(), static_cast<unsigned>(t.name.size()));
    if (t.kind == token_kind::end_tag) {
      const bool is_table_part = group_of(tag) >= 4 && group_of(tag) <= 6;
      for (size_t k = open.size(); k > 0; --k) {
        const open_element &one = open[k - 1];
        if (one.tag == tag && (tag != GUMBO_TAG_UNKNOWN || one.name == t.name)) {
          open.resize(k - 1);
          break;
        }
        if (is_barrier(one.tag) && tag != GUMBO_TAG_TABLE && !(is_table_part && group_of(one.tag) == 4)) break;
      }
      continue;
    }
    if (is_void(tag)) continue;
    if (t.closes_itself && tag == GUMBO_TAG_UNKNOWN) continue;
    if (const int group = group_of(tag); group != 0) {
      for (size_t k = open.size(); k > 0; --k) {
        if (group_of(open[k - 1].tag) == group) {
          open.resize(k - 1);
          break;
        }
        const GumboTag above = open[k - 1].tag;
        const bool is_table_part = group >= 4 && group <= 6;
        if (is_table_part ? above == GUMBO_TAG_TABLE
                          : is_barrier(above) || above == GUMBO_TAG_UL || above == GUMBO_TAG_OL || above == GUMBO_TAG_DL)
          break;
      }
    }
    open.push_back({tag, t.name});
    if (open.size() > most) return t.begin;
  }
  return std::nullopt;
}

}  // namespace calque::plugins::html_reading
