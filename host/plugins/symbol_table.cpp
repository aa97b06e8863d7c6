// SPDX-License-Identifier: Apache-2.0
// Reads ELF: header, sections, dynamic symbols.
#include "host/plugins/symbol_table.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <vector>

namespace calque::host {
namespace {

#if defined(__x86_64__)
constexpr unsigned this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr unsigned this_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr unsigned this_machine = EM_PPC64;
#else
constexpr unsigned this_machine = EM_NONE;  // not known here: the loader will tell
#endif

class elf_file {
 public:
  explicit elf_file(const std::filesystem::path &file) : in_(file, std::ios::binary | std::ios::ate) {
    if (in_) size_ = static_cast<uint64_t>(in_.tellg());
  }

  /// Empty when the tables can be believed: all sections lie in the file.
  std::string open() {
    Elf64_Ehdr head;
    if (size_ < sizeof(head) || !read(0, &head, sizeof(head))) return "it is too short";
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return "it is no ELF file";
    if (head.e_ident[EI_CLASS] != ELFCLASS64) return "it is not for 64 bit";
    if ((head.e_ident[EI_DATA] == ELFDATA2LSB) != (std::endian::native == std::endian::little))
      return "it is for machines of the other byte order";
    if (this_machine != EM_NONE && head.e_machine != this_machine)
      return fmt::format("it is for another kind of machine (ELF machine {}, this is {})", head.e_machine, this_machine);
    if (head.e_type != ET_DYN) return "it is ELF, but no shared library";
    if (head.e_shnum == 0 || head.e_shentsize != sizeof(Elf64_Shdr)) return "it has no table of sections";
    const uint64_t bytes = uint64_t{head.e_shnum} * sizeof(Elf64_Shdr);
    if (head.e_shoff > size_ || size_ - head.e_shoff < bytes)
      return "it is cut off: the table of sections lies beyond its end";
    sections_.resize(head.e_shnum);
    if (!read(head.e_shoff, sections_.data(), bytes)) return "its table of sections cannot be read";
    for (size_t k = 0; k < sections_.size(); ++k) {
      const Elf64_Shdr &section = sections_[k];
      if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL) continue;
      if (section.sh_offset > size_ || section.sh_size > size_ - section.sh_offset)
        return fmt::format("it is cut off: section {} lies beyond its end", k);
    }
    return {};
  }

  bool exports(std::string_view name) {
    for (const Elf64_Shdr &table : sections_) {
      if (table.sh_type != SHT_DYNSYM || table.sh_link >= sections_.size()) continue;
      const Elf64_Shdr &names = sections_[table.sh_link];
      if (names.sh_type != SHT_STRTAB) continue;
      std::vector<Elf64_Sym> symbols(table.sh_size / sizeof(Elf64_Sym));
      std::string strings(names.sh_size, '\0');
      if (!read(table.sh_offset, symbols.data(), symbols.size() * sizeof(Elf64_Sym)) ||
          !read(names.sh_offset, strings.data(), strings.size()))
        continue;
      for (const Elf64_Sym &symbol : symbols) {
        if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
        if (symbol.st_name >= strings.size()) continue;
        // c_str ends the last name, should the table not.
        if (name == strings.c_str() + symbol.st_name) return true;
      }
    }
    return false;
  }

 private:
  bool read(uint64_t at, void *to, uint64_t size) {
    in_.seekg(static_cast<std::streamoff>(at));
    return static_cast<bool>(in_.read(static_cast<char *>(to), static_cast<std::streamsize>(size)));
  }

  std::ifstream in_;
  uint64_t size_ = 0;
  std::vector<Elf64_Shdr> sections_;
};

}  // namespace

symbol_lookup find_symbol(const std::filesystem::path &file, std::string_view name) {
  elf_file elf(file);
  symbol_lookup looked{elf.open(), false};
  if (looked.fault.empty()) looked.is_there = elf.exports(name);
  return looked;
}

}  // namespace calque::host
