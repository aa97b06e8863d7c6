// SPDX-License-Identifier: Apache-2.0
// Attempts on the network and on sockets of this machine; each would reach a socket that it opened before the jail.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "host/jail/escapes.hpp"

namespace calque::host {
namespace {

struct endpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
  int family = 0, type = 0;

  const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&address); }
};

/// Opens the socket that the attempt is to reach.
endpoint listen_at(int family, int type, const void *address, socklen_t size) {
  endpoint made;
  made.family = family;
  made.type = type;
  made.size = size;
  std::memcpy(&made.address, address, size);
  const int fd = socket(family, type | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, made.get(), size) != 0 || (type == SOCK_STREAM && listen(fd, 1) != 0)) throw judge(-1, "");
  socklen_t room = sizeof made.address;
  getsockname(fd, reinterpret_cast<sockaddr *>(&made.address), &room);  // the port that it was given
  return made;
}

endpoint listen_at_loopback(int type) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return listen_at(AF_INET, type, &address, sizeof address);
}

endpoint listen_at_name(std::string_view name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) throw escape_outcome{escape_verdict::unclear, "the path is too long"};
  std::memcpy(address.sun_path, name.data(), name.size());
  return listen_at(AF_UNIX, SOCK_STREAM, &address,
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size()));
}

escape_outcome reach(const endpoint &there) {
  const int fd = socket(there.family, there.type | SOCK_CLOEXEC, 0);
  if (fd < 0) return judge(-1, "");
  return judge(connect(fd, there.get(), there.size), "it was reached");
}

constexpr escape escapes[] = {
    {"tcp", "connect to a TCP port", false,
     [](const escape_ground &) -> escape_attempt {
       return [there = listen_at_loopback(SOCK_STREAM)] { return reach(there); };
     }},
    {"tcp-connect", "connect with a TCP socket from before the jail", false,
     [](const escape_ground &) -> escape_attempt {
       return [there = listen_at_loopback(SOCK_STREAM), fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)] {
         return judge(connect(fd, there.get(), there.size), "it was reached");
       };
     }},
    {"tcp-listen", "listen at a TCP port", false,
     [](const escape_ground &) -> escape_attempt {
       return [fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)] {
         sockaddr_in address{};
         address.sin_family = AF_INET;
         address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
         return judge(bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), "it listens");
       };
     }},
    {"udp", "send a UDP datagram", false,
     [](const escape_ground &) -> escape_attempt {
       return [there = listen_at_loopback(SOCK_DGRAM)] {
         const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
         return judge(fd < 0 ? -1 : sendto(fd, "x", 1, 0, there.get(), there.size), "it was sent");
       };
     }},
    {"unix-socket", "connect to a socket in another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string path = ground.path(fmt::format("outside/s{}", getpid()));
       return [there = listen_at_name(path)] { return reach(there); };
     }},
    {"abstract-socket", "connect to an abstract socket", false,
     [](const escape_ground &) -> escape_attempt {
       using namespace std::string_view_literals;
       return [there = listen_at_name(fmt::format("{}calque-escape-{}", "\0"sv, getpid()))] { return reach(there); };
     }},
    {"netlink", "ask the kernel about the network (netlink)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "it can be asked"); };
     }},
};

}  // namespace

std::span<const escape> network_escapes() {
  return escapes;
}

}  // namespace calque::host
