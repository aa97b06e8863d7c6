// SPDX-License-Identifier: Apache-2.0
// The shared objects of this process, by what identifies their code.
#include "host/worker/loaded_libraries.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

std::string build_id_of(const dl_phdr_info &info) {
  for (int k = 0; k < info.dlpi_phnum; ++k) {
    const ElfW(Phdr) &segment = info.dlpi_phdr[k];
    if (segment.p_type != PT_NOTE) continue;
    const char *at = reinterpret_cast<const char *>(info.dlpi_addr + segment.p_vaddr), *end = at + segment.p_memsz;
    const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof(ElfW(Nhdr)))) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char *name = at + sizeof note, *value = name + padded(note.n_namesz);
      if (value > end || end - value < static_cast<std::ptrdiff_t>(note.n_descsz)) break;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
        std::string id;
        for (std::size_t b = 0; b < note.n_descsz; ++b) id += fmt::format("{:02x}", static_cast<unsigned char>(value[b]));
        return id;
      }
      at = value + padded(note.n_descsz);
    }
  }
  return {};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> loaded_libraries() {
  std::vector<std::pair<std::string, std::string>> found;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *to) {
        std::string path = info->dlpi_name;
        if (path.starts_with("linux-vdso")) return 0; // the kernel's, which no output depends on
        if (path.empty()) path = own_program().string();
        std::string id = build_id_of(*info);
        struct stat file {};
        if (id.empty() && ::stat(path.c_str(), &file) == 0)
          id = fmt::format("{}-{}.{}", file.st_size, file.st_ctim.tv_sec, file.st_ctim.tv_nsec);
        static_cast<decltype(found) *>(to)->emplace_back(std::move(path), std::move(id));
        return 0;
      },
      &found);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace calque::host
