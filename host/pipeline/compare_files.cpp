// SPDX-License-Identifier: Apache-2.0
// How an expected file and a made one are compared, and how the difference is shown.
#include "host/pipeline/compare_files.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace calque::host {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string plain_text(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  icu::Normalizer2::getNFCInstance(status)->normalizeUTF8(
      0, {bytes.data(), static_cast<int32_t>(std::min<size_t>(bytes.size(), INT32_MAX))}, sink, nullptr, status);
  if (U_FAILURE(status)) normal = bytes;
  std::string out;
  for (std::string_view rest = normal; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    line = line.substr(0, line.find_last_not_of(blanks) + 1); // npos + 1 is 0
    out.append(line) += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  out.erase(out.find_last_not_of('\n') + 1);
  return out.empty() ? out : out + '\n';
}

/// One start tag with its attributes sorted, quoted alike.
std::string tidy_tag(std::string_view tag) {
  const bool closes_itself = tag.ends_with("/>");
  tag.remove_prefix(1);
  tag.remove_suffix(closes_itself ? 2 : 1);
  const auto skip_blanks = [&] { tag.remove_prefix(std::min(tag.find_first_not_of(blanks), tag.size())); };
  const size_t name_end = std::min(tag.find_first_of(blanks), tag.size());
  const std::string name(tag.substr(0, name_end));
  tag.remove_prefix(name_end);
  std::vector<std::string> attributes;
  for (skip_blanks(); !tag.empty(); skip_blanks()) {
    const size_t equals = tag.find('=');
    const size_t open = tag.find_first_of("\"'", equals == std::string_view::npos ? tag.size() : equals);
    const size_t close = open == std::string_view::npos ? open : tag.find(tag[open], open + 1);
    if (close == std::string_view::npos) { // not well-formed: kept as it is
      attributes.emplace_back(tag);
      break;
    }
    std::string_view key = tag.substr(0, equals);
    key = key.substr(0, key.find_last_not_of(blanks) + 1);
    std::string value(tag.substr(open + 1, close - open - 1));
    for (size_t at = 0; tag[open] == '\'' && (at = value.find('"', at)) != std::string::npos;)
      value.replace(at, 1, "&quot;");
    attributes.push_back(std::string(key) + "=\"" + value + "\"");
    tag.remove_prefix(close + 1);
  }
  std::sort(attributes.begin(), attributes.end());
  std::string out = "<" + name;
  for (const std::string &attribute : attributes) out += " " + attribute;
  return out + (closes_itself ? ">\n</" + name + ">" : ">");
}

std::string plain_xml(std::string_view rest) {
  std::string out;
  while (!rest.empty()) {
    if (rest.front() != '<') {
      const size_t end = std::min(rest.find('<'), rest.size());
      const std::string_view text = rest.substr(0, end);
      if (text.find_first_not_of(blanks) != std::string_view::npos) out.append(text) += '\n';
      rest.remove_prefix(end);
      continue;
    }
    const std::string_view ends_with = rest.starts_with("<!--")        ? "-->"
                                       : rest.starts_with("<![CDATA[") ? "]]>"
                                       : rest.starts_with("<?")        ? "?>"
                                                                       : ">";
    size_t end = rest.find(ends_with, 1);
    end = end == std::string_view::npos ? rest.size() : end + ends_with.size();
    const std::string_view tag = rest.substr(0, end);
    const bool is_start = tag.size() > 2 && tag[1] != '/' && tag[1] != '!' && tag[1] != '?' && tag.ends_with('>');
    out.append(is_start ? tidy_tag(tag) : std::string(tag)) += '\n';
    rest.remove_prefix(end);
  }
  return out;
}

}  // namespace

std::string form_to_compare(std::string_view bytes, std::string_view compare) {
  if (compare == "text") return plain_text(bytes);
  if (compare == "xml") return plain_xml(bytes);
  if (compare == "json") {
    const auto value = nlohmann::json::parse(bytes, nullptr, false);
    if (!value.is_discarded())
      return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  return std::string(bytes);
}

}  // namespace calque::host
