// SPDX-License-Identifier: Apache-2.0
// Options of a stage, each bound to a member: the host checks them, the SDK fills the members in.
#pragma once

#include <calque/base.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace calque {

/// A number of bytes, written as "2 MiB" in a pipeline.
struct byte_size {
  uint64_t bytes = 0;
};

/// The words of an enum option, NULL-ended for the C table.
template <size_t N>
struct choice_list {
  const char *words[N + 1] = {};
};
template <class... Word>
constexpr auto choices(Word... word) {
  return choice_list<sizeof...(Word)>{{word..., nullptr}};
}

/// Bounds of a number, a size or a duration.
struct bounds {
  double min = 1, max = 0;
};

/// One option bound to a member of the stage.
template <class Stage, class Member, size_t Choices>
struct option {
  const char *name;
  Member Stage::*member;
  const char *default_value;  // TOML text, or NULL
  const char *summary;
  choice_list<Choices> words;
  bounds limits;
  uint32_t flags;
};

/// An option of that name, with its default as TOML text (`"NFC"` is written "\"NFC\"") or NULL, and what it does.
template <class Stage, class Member>
constexpr auto opt(const char *name, Member Stage::*member, const char *default_value, const char *summary,
                   bounds limits = {}, uint32_t flags = 0) {
  return option<Stage, Member, 0>{name, member, default_value, summary, {}, limits, flags};
}
/// An option whose value is one of some words; an enum member gets the word's number.
template <class Stage, class Member, size_t N>
constexpr auto opt(const char *name, Member Stage::*member, const char *default_value, const char *summary,
                   choice_list<N> words, uint32_t flags = 0) {
  return option<Stage, Member, N>{name, member, default_value, summary, words, {}, flags};
}
template <class... Option>
constexpr auto options(Option... option) {
  return std::tuple<Option...>(option...);
}

namespace details {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
constexpr uint32_t option_type() {
  if constexpr (is_vector<T>::value)
    return option_type<typename T::value_type>();
  else if constexpr (std::is_same_v<T, bool>)
    return CALQUE_BOOL;
  else if constexpr (std::is_enum_v<T>)
    return CALQUE_ENUM;
  else if constexpr (std::is_integral_v<T>)
    return CALQUE_INT;
  else if constexpr (std::is_floating_point_v<T>)
    return CALQUE_FLOAT;
  else if constexpr (std::is_same_v<T, std::filesystem::path>)
    return CALQUE_PATH;
  else if constexpr (std::is_same_v<T, byte_size>)
    return CALQUE_SIZE;
  else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    return CALQUE_DURATION;
  else {
    static_assert(std::is_same_v<T, std::string>,
                  "an option is bound to bool, a number, an enum, std::string, "
                  "std::filesystem::path, calque::byte_size, std::chrono::milliseconds, or a std::vector of these");
    return CALQUE_STRING;
  }
}

template <class T>
void assign(T &member, const calque_value &value) {
  if constexpr (is_vector<T>::value) {
    member.clear();
    for (uint32_t k = 0; k < value.item_count; ++k) {
      typename T::value_type item{};
      assign(item, value.items[k]);
      member.push_back(std::move(item));
    }
  } else if constexpr (std::is_same_v<T, bool>)
    member = value.i != 0;
  else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    member = static_cast<T>(value.i);
  else if constexpr (std::is_floating_point_v<T>)
    member = static_cast<T>(value.f);
  else if constexpr (std::is_same_v<T, byte_size>)
    member.bytes = static_cast<uint64_t>(value.i);
  else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    member = std::chrono::milliseconds(value.i);
  else
    member = std::string(view(value.text));
}

template <class Stage, class Member, size_t N>
constexpr calque_option describe(const option<Stage, Member, N> &o) {
  return {o.name,
          o.summary,
          o.default_value,
          N == 0 ? nullptr : o.words.words,
          o.limits.min,
          o.limits.max,
          option_type<Member>(),
          o.flags | (is_vector<Member>::value ? uint32_t{CALQUE_LIST} : 0u)};
}

template <class Stage>
constexpr size_t option_count = std::tuple_size_v<std::remove_cvref_t<decltype(Stage::options)>>;

/// The C table of a stage's options; one entry that is never read where there are none.
template <class Stage>
constexpr auto option_table() {
  constexpr size_t n = option_count<Stage>;
  std::array<calque_option, n == 0 ? 1 : n> table{};
  [&]<size_t... K>(std::index_sequence<K...>) {
    ((table[K] = describe(std::get<K>(Stage::options))), ...);
  }
  (std::make_index_sequence<n>());
  return table;
}

/// Fills the members from values that the host has checked. A value that is absent leaves its member as it is.
template <class Stage>
void configure(Stage &stage, const calque_config &config) {
  auto value_at = [&](size_t k) -> const calque_value & {
    return *reinterpret_cast<const calque_value *>(reinterpret_cast<const std::byte *>(config.values) +
                                                   k * config.value_stride);
  };
  [&]<size_t... K>(std::index_sequence<K...>) {
    [[maybe_unused]] auto one = [&](const auto &o, size_t k) {
      if (k >= config.count) return;
      const calque_value &value = value_at(k);
      if (value.is_set != 0 || o.default_value != nullptr) assign(stage.*(o.member), value);
    };
    (one(std::get<K>(Stage::options), K), ...);
  }
  (std::make_index_sequence<option_count<Stage>>());
}

}  // namespace details
}  // namespace calque
