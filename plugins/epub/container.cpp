// SPDX-License-Identifier: Apache-2.0
// The ZIP container of a book, made in memory.
#include "book.hpp"

#include <calque/base.hpp>

#include <zip.h>

#include <memory>

namespace epub {

namespace {

// 1 January 1980, the first day that ZIP knows; given as ZIP counts, since libzip would ask for the local time.
constexpr zip_uint16_t no_time = 0, no_date = (1 << 5) | 1;

[[noreturn]] void fail(std::string_view what, const char *why) {
  throw calque::failure("epub.container", "the container could not be made: " + std::string(what) + ": " + why,
                        "please report this document");
}

}  // namespace

std::string container(const std::vector<file> &files) {
  struct held_error : zip_error_t {
    held_error() { zip_error_init(this); }
    ~held_error() { zip_error_fini(this); }
  } error;
  // `sink` outlives the archive that is written to it.
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> sink(zip_source_buffer_create(nullptr, 0, 0, &error),
                                                                       &zip_source_free);
  if (!sink) fail("buffer", zip_error_strerror(&error));
  zip_source_keep(sink.get());
  std::unique_ptr<zip_t, decltype(&zip_discard)> archive(
      zip_open_from_source(sink.get(), ZIP_CREATE | ZIP_TRUNCATE, &error), &zip_discard);
  if (!archive) {
    zip_source_free(sink.get());
    fail("archive", zip_error_strerror(&error));
  }
  for (const file &f : files) {
    zip_source_t *bytes = zip_source_buffer(archive.get(), f.bytes.data(), f.bytes.size(), 0);
    const zip_int64_t at = bytes == nullptr ? -1 : zip_file_add(archive.get(), f.path.c_str(), bytes, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
      zip_source_free(bytes);
      fail(f.path, zip_strerror(archive.get()));
    }
    const auto index = static_cast<zip_uint64_t>(at);
    // Readers look for the type at a fixed place, so its entry is stored; pictures are packed already.
    const bool is_stored = index == 0 || f.path.starts_with("EPUB/images/");
    if (zip_set_file_compression(archive.get(), index, is_stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 9) != 0 ||
        zip_file_set_dostime(archive.get(), index, no_time, no_date, 0) != 0)
      fail(f.path, zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) != 0) fail("writing", zip_strerror(archive.get()));
  archive.release();

  std::string made;
  zip_stat_t stat;
  if (zip_source_stat(sink.get(), &stat) != 0 || zip_source_open(sink.get()) != 0)
    fail("reading back", "no such bytes");
  made.resize(stat.size);
  const zip_int64_t got = zip_source_read(sink.get(), made.data(), made.size());
  zip_source_close(sink.get());
  if (got < 0 || static_cast<size_t>(got) != made.size()) fail("reading back", "too few bytes");
  return made;
}

}  // namespace epub
