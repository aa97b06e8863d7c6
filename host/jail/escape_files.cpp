// SPDX-License-Identifier: Apache-2.0
// Attempts on files: to read, make, change, link or lead out what the rules do not name.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "host/jail/escapes.hpp"

namespace calque::host {
namespace {

std::string secret(const escape_ground &ground) {
  return ground.path("outside/secret.txt");
}

/// A file that only this process uses, made before the jail.
std::string own_file(const escape_ground &ground, std::string_view name) {
  const std::string path = ground.path(name);
  std::ofstream(path, std::ios::binary) << "0123456789";
  return path;
}

escape_outcome can_read(const std::string &path) {
  char byte = 0;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return judge(fd < 0 ? -1 : read(fd, &byte, 1), "it was read");
}

escape_outcome can_make(int folder, const std::string &path) {
  const int fd = openat(folder, path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const escape_outcome outcome = judge(fd, "a file was made");
  if (fd >= 0) unlinkat(folder, path.c_str(), 0);
  return outcome;
}

/// The errno of the call, and whether the file was cut short whatever the call said.
escape_outcome is_cut(const std::string &path, long returned) {
  const int error = errno;
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && info.st_size == 0) return {escape_verdict::unsafe, "the file was cut short"};
  errno = error;
  return judge(returned, "the file was opened to be cut short");
}

std::string in_home(std::string_view name) {
  const char *home = std::getenv("HOME");
  return fmt::format("{}/{}", home != nullptr && access(home, W_OK) == 0 ? home : "/tmp", name);
}

constexpr escape escapes[] = {
    {"read-passwd", "read /etc/passwd", false,
     [](const escape_ground &) -> escape_attempt { return [] { return can_read("/etc/passwd"); }; }},
    {"read-private-key", "read a private key in another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string key = secret(ground);
       return [key] { return can_read(key); };
     }},
    {"read-environment", "read the environment of the parent (/proc/PID/environ)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return can_read(fmt::format("/proc/{}/environ", getppid())); };
     }},
    {"list-root", "list the folder /", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "it was listed"); };
     }},
    {"write-home", "make a file in the home folder", false,
     [](const escape_ground &) -> escape_attempt {
       return [path = in_home(fmt::format(".calque-escape-{}", getpid()))] { return can_make(AT_FDCWD, path); };
     }},
    {"write-tmp", "make a file in /tmp", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return can_make(AT_FDCWD, fmt::format("/tmp/calque-escape-{}", getpid())); };
     }},
    {"write-above-staging", "make a file above the staging folder, by ..", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [ground] { return can_make(ground.staging, fmt::format("../escape-{}", getpid())); };
     }},
    {"write-resource", "write to a file that may be read", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = ground.path("resource.txt")] {
         return judge(open(path.c_str(), O_WRONLY | O_CLOEXEC), "it was opened");
       };
     }},
    {"unnamed-file", "make an unnamed file in another folder (O_TMPFILE)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = ground.path("outside")] {
         return judge(open(path.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), "it was made");
       };
     }},
    {"make-symlink", "make a symbolic link that leads out of the staging folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [ground, name = fmt::format("made-{}", getpid())] {
         const escape_outcome outcome =
             judge(symlinkat("../outside/secret.txt", ground.staging, name.c_str()), "it was made");
         unlinkat(ground.staging, name.c_str(), 0);
         return outcome;
       };
     }},
    {"follow-symlink", "read through a symbolic link that leads out of the staging folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string link = ground.path(fmt::format("staging/link-{}", getpid()));
       if (symlink("../outside/secret.txt", link.c_str()) != 0) throw judge(-1, "");
       return [link] { return can_read(link); };
     }},
    {"hard-link", "give a file of another folder a name in the staging folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string from = own_file(ground, fmt::format("outside/linked-{}", getpid()));
       return [ground, from] {
         return judge(linkat(AT_FDCWD, from.c_str(), ground.staging, fmt::format("taken-{}", getpid()).c_str(), 0),
                      "it has a name there", {EXDEV});
       };
     }},
    {"move-out", "move a staged file to another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string from = own_file(ground, fmt::format("staging/own-{}", getpid()));
       return [from, to = ground.path(fmt::format("outside/moved-{}", getpid()))] {
         return judge(rename(from.c_str(), to.c_str()), "it was moved", {EXDEV});
       };
     }},
    {"move-in", "move a file of another folder into the staging folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string from = own_file(ground, fmt::format("outside/own-{}", getpid()));
       return [from, to = ground.path(fmt::format("staging/moved-{}", getpid()))] {
         return judge(rename(from.c_str(), to.c_str()), "it was moved", {EXDEV});
       };
     }},
    {"remove", "remove a file of another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, fmt::format("outside/own-{}", getpid()))] {
         return judge(unlink(path.c_str()), "it was removed");
       };
     }},
    {"truncate", "cut a file of another folder short (truncate)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, fmt::format("outside/own-{}", getpid()))] {
         return is_cut(path, truncate(path.c_str(), 0));
       };
     }},
    {"truncate-resource", "cut a file that may be read short (O_RDONLY | O_TRUNC)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, "resource.txt")] {
         return is_cut(path, open(path.c_str(), O_RDONLY | O_TRUNC | O_CLOEXEC));
       };
     }},
    {"truncate-unopened", "cut a file of another folder short (access mode 3, O_TRUNC)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, fmt::format("outside/own-{}", getpid()))] {
         return is_cut(path, open(path.c_str(), O_ACCMODE | O_TRUNC | O_CLOEXEC));
       };
     }},
    {"chmod", "change the permissions of a file of another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, fmt::format("outside/own-{}", getpid()))] {
         return judge(chmod(path.c_str(), 0666), "they were changed");
       };
     }},
    {"touch", "change the times of a file of another folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = own_file(ground, fmt::format("outside/own-{}", getpid()))] {
         return judge(utimensat(AT_FDCWD, path.c_str(), nullptr, 0), "they were changed");
       };
     }},
    {"set-user-id", "make a file that runs with its owner's rights (set-user-id)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [ground, name = fmt::format("suid-{}", getpid())] {
         return judge(openat(ground.staging, name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 04755), "it was made");
       };
     }},
    {"make-pipe", "make a named pipe in the staging folder", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = ground.path(fmt::format("staging/pipe-{}", getpid()))] {
         return judge(mkfifo(path.c_str(), 0600), "it was made");
       };
     }},
    {"watch-folder", "watch what happens in another folder (inotify)", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [path = ground.path("outside")] {
         const int fd = inotify_init1(IN_CLOEXEC);
         return judge(fd < 0 ? -1 : inotify_add_watch(fd, path.c_str(), IN_ALL_EVENTS), "it is watched");
       };
     }},
    {"open-by-handle", "open a file of another folder by its handle", true,
     [](const escape_ground &ground) -> escape_attempt {
       std::vector<unsigned> room(64);  // a file_handle and what follows it
       auto *handle = reinterpret_cast<file_handle *>(room.data());
       handle->handle_bytes = 128;
       int mounted_at = 0;
       if (name_to_handle_at(AT_FDCWD, secret(ground).c_str(), handle, &mounted_at, 0) != 0) throw judge(-1, "");
       const int folder = open(ground.path("outside").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
       return [room, folder]() mutable {
         auto *known = reinterpret_cast<file_handle *>(room.data());
         return judge(open_by_handle_at(folder, known, O_RDONLY | O_CLOEXEC), "it was opened");
       };
     }},
    {"file-too-big", "write more into a file than is granted", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [ground] {
         const int fd =
             openat(ground.staging, fmt::format("big-{}", getpid()).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
         if (fd < 0) return escape_outcome{escape_verdict::unclear, "no file could be made in the staging folder"};
         return judge(pwrite(fd, "x", 1, 8 << 20), "8 MiB were passed", {EFBIG});
       };
     }},
};

}  // namespace

std::span<const escape> file_escapes() {
  return escapes;
}

}  // namespace calque::host
