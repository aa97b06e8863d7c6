// SPDX-License-Identifier: Apache-2.0
// Tells bundles from formats that are archives themselves, and hands their members on in the order of their names.
#include "zip.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

namespace calque::plugins {
namespace {

using namespace std::string_view_literals;

std::string_view file_name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// What file managers leave behind; nobody has written it.
bool is_system_file(std::string_view path) {
  const std::string_view name = file_name_of(path);
  return path.starts_with("__MACOSX/") || path.find("/__MACOSX/") != path.npos || name.starts_with("._") ||
         name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini";
}

/// By its name: what pictures hold is of no matter here, and for their formats there is no one mark.
bool is_picture(std::string_view path) {
  static constexpr std::array endings = {".avif"sv, ".bmp"sv, ".gif"sv, ".heic"sv, ".ico"sv,  ".jp2"sv, ".jpeg"sv,
                                         ".jpg"sv,  ".png"sv, ".svg"sv, ".tif"sv,  ".tiff"sv, ".webp"sv};
  std::string name(file_name_of(path));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view one) { return name.ends_with(one); });
}

class bundle_reader {
 public:
  bundle_reader(builder &out, const call &c) : out_(out), call_(c), archive_(c) {}

  void run() {
    std::vector<uint32_t> order(archive_.size());
    std::iota(order.begin(), order.end(), 0u);
    // Two archivers list one folder in two orders; by the bytes of their names it is always the same.
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return archive_.name(a) < archive_.name(b); });
    if (order.empty())
      throw failure("zip.no-member", "the archive holds no files",
                    "see how it was packed, or unpack it and give its files");
    for (size_t k = 0; k < order.size(); ++k) {
      call_.progress(k, order.size());
      hand_on(order[k]);
    }
    if (taken_ == 0)
      throw failure("zip.no-document",
                    "none of its files could be read; the first of " + std::to_string(order.size()) + " is \"" +
                        std::string(archive_.name(order.front())) + "\"",
                    "see the warnings before this one, and `calque plugins list` for what can be read");
  }

 private:
  void hand_on(uint32_t member) {
    const std::string_view path = archive_.name(member);
    if (is_system_file(path)) return skip("zip.system-file");
    if (archive_.size_of(member) == 0) return skip("zip.empty-member");
    if (archive_.is_encrypted(member))
      return lose(path, "zip.encrypted", "is encrypted", "unpack it with its key, and give that file");
    const member_bytes bytes = archive_.read(member);
    switch (out_.embed(0, path, {}, bytes.view())) {
      case embedded::taken:
        ++taken_;
        return skip("zip.embedded");
      case embedded::unknown:
        if (is_picture(path)) return lose(path, "zip.image-not-read", "is a picture, which no importer reads", "");
        return lose(path, "zip.member-not-read", "is of no format that an importer reads",
                    "`calque plugins list` says which are read; a name such as \"notes.txt\" says what a file is");
      case embedded::refused:
        return lose(path, "zip.member-refused", "could not be imported; its text is in no document", "");
    }
  }

  /// One more for this code. No range: the bytes of a member are packed, and no document leads to them.
  void skip(std::string_view code) { out_.skip({0, 0, 0}, code); }
  void lose(std::string_view path, std::string_view code, std::string_view why, std::string_view hint) {
    call_.report(level::warning, code, "\"" + std::string(path) + "\" " + std::string(why), hint);
    skip(code);
  }

  builder &out_;
  const call &call_;
  archive archive_;
  uint64_t taken_ = 0;
};

}  // namespace

int zip_importer::probe(const calque::probe &file) {
  // Books, and documents of office programs, are archives of their own kind: their members are no documents.
  for (const char *mark : {"mimetype", "[Content_Types].xml", "META-INF/container.xml"})
    if (file.has_member(mark)) return 0;
  const bool is_archive = file.head().starts_with("PK\x03\x04"sv) || file.head().starts_with("PK\x05\x06"sv);
  const bool is_named = file.has_suffix(".zip") || file.media_type() == "application/zip";
  if (is_named) return is_archive ? 90 : 50;
  return is_archive && file.media_type().empty() ? 60 : 0;
}

void zip_importer::run(const input &, builder &out, const call &c) const {
  bundle_reader(out, c).run();
}

}  // namespace calque::plugins
