// SPDX-License-Identifier: Apache-2.0
// A worker's first words in a message.
#include "host/worker/worker_ready.hpp"

#include "host/worker/wire_forms.hpp"

namespace calque::host {

std::string to_wire(const worker_ready &ready) {
  wire_writer out;
  out.add_list(ready.libraries, [&](const auto &one) {
    out.add(one.first);
    out.add(one.second);
  });
  out.add(ready.landlock_abi);
  out.add_flag(ready.has_seccomp);
  out.add_list(ready.missing, [&](const std::string &text) { out.add(text); });
  write(out, ready.diagnostics);
  return out.take();
}

std::optional<worker_ready> read_worker_ready(std::string_view bytes) {
  wire_reader in(bytes);
  worker_ready ready;
  in.list([&] {
    std::string path = in.text();
    ready.libraries.emplace_back(std::move(path), in.text());
  });
  ready.landlock_abi = in.number<std::int32_t>();
  ready.has_seccomp = in.flag();
  in.list([&] { ready.missing.push_back(in.text()); });
  ready.diagnostics = read_diagnostics(in);
  if (!in.is_whole()) return std::nullopt;
  return ready;
}

}  // namespace calque::host
