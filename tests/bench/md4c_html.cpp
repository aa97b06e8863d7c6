// SPDX-License-Identifier: Apache-2.0
// md4c_html IN OUT: Markdown to HTML by md4c, whole files; the peer of the bench.
#include <md4c-html.h>

#include <fstream>
#include <sstream>
#include <string>

int main(int count, char **words) {
  if (count != 3) return 2;
  std::ostringstream text;
  text << std::ifstream(words[1], std::ios::binary).rdbuf();
  const std::string bytes = std::move(text).str();
  std::string made;
  const auto take = [](const MD_CHAR *piece, MD_SIZE size, void *to) { static_cast<std::string *>(to)->append(piece, size); };
  if (md_html(bytes.data(), static_cast<MD_SIZE>(bytes.size()), take, &made, MD_DIALECT_GITHUB, 0) != 0) return 1;
  return std::ofstream(words[2], std::ios::binary) << made ? 0 : 1;
}
