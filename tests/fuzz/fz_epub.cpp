// SPDX-License-Identifier: Apache-2.0
// A book with any bytes, through the stage as the host runs it: a document that adds up, or a reason.
//
// The first byte chooses: 0, the rest is the archive; 1, it is the chapter of a sound book, with a second chapter that
// refers to it; 2, it is the package; 3, the list of contents; any other: the chapter, read as one document a file.
#include <calque/testing.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "host/plugins/sample_archives.hpp"
#include "plugins/epub/import.hpp"
#include "tests/fuzz/require.hpp"

namespace {

constexpr std::string_view container =
    R"(<container><rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>)";
constexpr std::string_view package =
    R"(<package><metadata><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">T</dc:title></metadata><manifest>)"
    R"(<item id="a" href="a" media-type="application/xhtml+xml"/><item id="b" href="b" media-type="application/xhtml+xml"/>)"
    R"(<item id="n" href="n" properties="nav" media-type="application/xhtml+xml"/><item id="i" href="i" media-type="image/png"/>)"
    R"(</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>)";
constexpr std::string_view other =
    R"(<html xmlns:epub="http://www.idpf.org/2007/ops"><body><p>One<a id="c" href="a#n">1</a></p><p id="x"><a href="a#c">2</a> two</p></body></html>)";
constexpr std::string_view contents =
    R"(<html xmlns:epub="http://www.idpf.org/2007/ops"><nav epub:type="page-list"><a href="a#p">1</a></nav></html>)";

std::string book(std::string_view chapter, std::string_view opf, std::string_view nav) {
  return calque::host::test::archive_maker()
      .add("mimetype", "application/epub+zip")
      .add("META-INF/container.xml", std::string(container))
      .add("p.opf", std::string(opf))
      .add("a", std::string(chapter))
      .add("b", std::string(other))
      .add("n", std::string(nav))
      .add("i", "image")
      .bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char *>(data) + 1, size - 1);
  std::string bytes;
  switch (data[0]) {
    case 0: bytes = rest; break;
    case 2: bytes = book("<html><body><p id='n'>x</p></body></html>", rest, contents); break;
    case 3: bytes = book("<html><body><p id='p'>x</p></body></html>", package, rest); break;
    default: bytes = book(rest, package, contents);
  }
  calque::testing::settings options;
  if (data[0] > 3) options.emplace_back("split", "\"document\"");
  const auto made = calque::testing::import<calque::plugins::epub_importer>(bytes, "book.epub", options);
  CALQUE_REQUIRE(made.ok || !made.diagnostics.empty());
  for (const auto &one : made.diagnostics) {
    // The plugin's own mistakes, not the book's.
    const bool is_mistake = one.code.starts_with("plugin.") || one.code.starts_with("ledger.") || one.code == "document.invalid";
    if (is_mistake) std::fprintf(stderr, "%s: %s\n", one.code.c_str(), one.message.c_str());
    CALQUE_REQUIRE(!is_mistake);
  }
  return 0;
}
