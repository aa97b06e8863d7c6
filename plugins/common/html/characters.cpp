// SPDX-License-Identifier: Apache-2.0
// A parser's text is laid beside the file's characters; gumbo itself says what a character reference stands for.
#include "plugins/common/html/characters.hpp"

#include "plugins/common/html/markup.hpp"

#include <algorithm>

namespace calque::plugins::html_reading {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";
constexpr size_t longest_reference = 48;

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

size_t size_of_character(std::string_view text, size_t at) {
  size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xc0) == 0x80) ++size;
  return size;
}

/// "&name;", "&#12;" or "&#x1f;" with whatever of it is there.
std::string_view written_reference(std::string_view at) {
  size_t end = 1;
  if (end < at.size() && at[end] == '#') ++end;
  while (end < at.size() && end < longest_reference && is_name(at[end])) ++end;
  if (end < at.size() && at[end] == ';') ++end;
  return at.substr(0, end);
}

}  // namespace

std::string read_reference(std::string_view written) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  options.fragment_context = GUMBO_TAG_BODY;
  GumboOutput *output = gumbo_parse_with_options(&options, written.data(), written.size());
  std::string made;
  const GumboVector &parts = output->root->v.element.children;
  for (unsigned k = 0; k < parts.length; ++k)
    if (const auto *part = static_cast<const GumboNode *>(parts.data[k]);
        part->type == GUMBO_NODE_TEXT || part->type == GUMBO_NODE_WHITESPACE)
      made += part->v.text.text;
  gumbo_destroy_output(&options, output);
  return made;
}

const characters::reference &characters::read(std::string_view at) {
  const std::string_view written = written_reference(at);
  const auto known = known_.find(written);
  if (known != known_.end()) return known->second;
  std::string made = written.size() < 2 ? std::string(written) : read_reference(written);
  reference found{written.size(), made, {}};
  if (made == written) {
    found = {0, {}, {}};
  } else {
    // A name that may stand without ";" can be the beginning of a longer word: what is left of that is plain text.
    size_t same = 0;
    while (same < made.size() && same + 1 < written.size() && made[made.size() - 1 - same] == written[written.size() - 1 - same])
      ++same;
    if (same < made.size()) found = {written.size() - same, made.substr(0, made.size() - same), {}};
  }
  found.shown = valid(found.stands_for);
  return known_.emplace(written, std::move(found)).first->second;
}

void characters::each_piece(std::string_view text, stretch part, bool has_markup,
                            const std::function<void(text_piece)> &f) {
  size_t at = part.begin, t = 0, same_from = 0;
  auto end_same = [&] {
    if (t > same_from) f({text.substr(same_from, t - same_from), {at - (t - same_from), at}, true});
  };
  auto put = [&](size_t bytes, size_t of_file) {
    end_same();
    f({text.substr(t, bytes), {at, at + of_file}, false});
    t += bytes;
    at += of_file;
    same_from = t;
  };
  auto pass = [&](size_t to) {
    end_same();
    at = std::min(to, part.end);
    same_from = t;
  };
  while (t < text.size() && at < part.end) {
    const char c = file_[at];
    if (c == '&') {
      const reference &r = read(file_.substr(at, part.end - at));
      if (r.size > 0 && text.substr(t, r.stands_for.size()) == r.stands_for) {
        end_same();
        f({r.shown, {at, at + r.size}, false});
        t += r.stands_for.size();
        at += r.size;
        same_from = t;
        continue;
      }
    } else if (c == '<' && has_markup && begins_markup(file_, at)) {
      pass(end_of_markup(file_, at));
      continue;
    } else if (c == '\r' && text[t] == '\n') {
      put(1, at + 1 < part.end && file_[at + 1] == '\n' ? 2 : 1);
      continue;
    }
    // Whole characters are compared: gumbo puts U+FFFD for U+FFFF, and the two begin with the same bytes.
    const size_t size = size_of_character(file_, at);
    if (text.substr(t, size) == file_.substr(at, size)) {
      at += size, t += size;
    } else if (text.substr(t, 3) == replacement) {
      put(3, size);
    } else {
      pass(at + size);
    }
  }
  end_same();
  if (const std::string rest = valid(text.substr(t)); !rest.empty()) f({rest, {at, at}, false});
}

}  // namespace calque::plugins::html_reading
