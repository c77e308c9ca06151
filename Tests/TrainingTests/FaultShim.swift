import Foundation
import TestSupport

/// A library to preload into a worker: it counts the system calls that change a run's folder and, at the one whose
/// number is asked for, kills the process or makes the call fail.
struct FaultShim {
  enum Fault: String, CaseIterable {
    /// Killed before the call.
    case kill
    /// Killed in the middle of a `write`; before the call where it is another one.
    case torn
    /// The call fails: no room.
    case full
  }

  let path: String

  init(in folder: TemporaryFolder) throws {
    let source = try folder.write(Self.source, to: "faults.c")
    path = folder("faults.so")
    let result = try Program.run(
      "/usr/bin/env", ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", path, source, "-ldl"])
    guard result.code == 0 else { throw TestFailure("the shim does not compile: \(result.errors)") }
  }

  /// The environment that makes call number `at` in `folder` a fault; `log` gets a line for each call.
  func environment(folder: String, at: Int, _ fault: Fault, log: String? = nil) -> [String: String] {
    var environment = [
      "LD_PRELOAD": path, "FAULT_FOLDER": folder, "FAULT_AT": "\(at)", "FAULT_KIND": fault.rawValue,
    ]
    environment["FAULT_LOG"] = log
    return environment
  }

  private static let source = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/types.h>
    #include <unistd.h>

    static const char *folder, *kind;
    static long at, count;
    static int record = -1;
    static char *watched[1024];

    #define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

    __attribute__((constructor)) static void start(void) {
      folder = getenv("FAULT_FOLDER");
      kind = getenv("FAULT_KIND");
      at = atol(getenv("FAULT_AT"));
      const char *log = getenv("FAULT_LOG");
      if (log) record = NEXT(open)(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    }

    static int inside(const char *path) { return folder && path && !strncmp(path, folder, strlen(folder)); }
    static void die(void) {
      kill(getpid(), SIGKILL);
      for (;;) pause();
    }

    // Whether this call is to fail.
    static int fault(const char *name, const char *path) {
      ++count;
      if (record >= 0) dprintf(record, "%ld %s %s\n", count, name, path);
      if (count != at) return 0;
      if (strcmp(kind, "full")) die();
      errno = ENOSPC;
      return 1;
    }

    static int opened(const char *path, int flags, int descriptor) {
      if (descriptor >= 0 && descriptor < 1024) {
        free(watched[descriptor]);
        watched[descriptor] = inside(path) ? strdup(path) : NULL;
      }
      return descriptor;
    }

    int open(const char *path, int flags, ...) {
      va_list list;
      va_start(list, flags);
      mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
      va_end(list);
      if (inside(path) && flags & O_CREAT && fault("open", path)) return -1;
      return opened(path, flags, NEXT(open)(path, flags, mode));
    }

    int open64(const char *path, int flags, ...) {
      va_list list;
      va_start(list, flags);
      mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
      va_end(list);
      if (inside(path) && flags & O_CREAT && fault("open", path)) return -1;
      return opened(path, flags, NEXT(open64)(path, flags, mode));
    }

    int close(int descriptor) {
      if (descriptor >= 0 && descriptor < 1024) {
        free(watched[descriptor]);
        watched[descriptor] = NULL;
      }
      return NEXT(close)(descriptor);
    }

    ssize_t write(int descriptor, const void *bytes, size_t size) {
      if (descriptor >= 0 && descriptor < 1024 && watched[descriptor]) {
        if (count + 1 == at && !strcmp(kind, "torn")) {
          NEXT(write)(descriptor, bytes, size / 2);
          die();
        }
        if (count + 1 == at && !strcmp(kind, "full")) NEXT(write)(descriptor, bytes, size / 3);
        if (fault("write", watched[descriptor])) return -1;
      }
      return NEXT(write)(descriptor, bytes, size);
    }

    int fsync(int descriptor) {
      if (descriptor >= 0 && descriptor < 1024 && watched[descriptor] && fault("fsync", watched[descriptor])) return -1;
      return NEXT(fsync)(descriptor);
    }

    int rename(const char *from, const char *to) {
      if (inside(to) && fault("rename", to)) return -1;
      return NEXT(rename)(from, to);
    }

    int link(const char *from, const char *to) {
      if (inside(to) && fault("link", to)) return -1;
      return NEXT(link)(from, to);
    }

    int unlink(const char *path) {
      if (inside(path) && fault("unlink", path)) return -1;
      return NEXT(unlink)(path);
    }

    int mkdir(const char *path, mode_t mode) {
      if (inside(path) && fault("mkdir", path)) return -1;
      return NEXT(mkdir)(path, mode);
    }
    """#
}

/// Programs started by tests.
enum Program {
  struct Result {
    var code: Int32
    var signalled: Bool
    var output: String
    var errors: String
  }

  /// `qcalo-worker`, built beside the tests.
  static let worker = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("qcalo-worker").path

  /// Runs a program to its end.
  ///
  /// `started` is called with the process's id once it runs.
  static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], started: (Int32) -> Void = { _ in }
  ) throws -> Result {
    let done = try Execution(
      path, arguments, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, started: started)
    return Result(
      code: done.signal ?? done.status, signalled: done.signal != nil, output: done.output, errors: done.errors)
  }
}
