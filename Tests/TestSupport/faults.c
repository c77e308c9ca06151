// Preloaded into programs by FaultShim: numbers the calls with which a program changes the files of a folder and, at the
// one whose number is asked for, kills the process or makes the call fail. Each process has its own numbers; programs of
// other names that it starts have none.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// PASS: the call is made as always. FAIL: it fails. HALF: half of a write is made, and no other call. LAST: the call is
// made. The process is killed after the last two.
enum effect { PASS, FAIL, HALF, LAST };

static int meant, record = -1;
static const char *kind = "";
static char named[PATH_MAX], real[PATH_MAX];
static long at, count;

__attribute__((constructor)) static void start(void) {
  const char *program = getenv("FAULT_PROGRAM"), *folder = getenv("FAULT_FOLDER"), *number = getenv("FAULT_AT");
  if (!program || !folder || !number || strcmp(program_invocation_short_name, program)) return;
  kind = getenv("FAULT_KIND");
  at = atol(number);
  snprintf(named, sizeof named, "%s", folder);
  if (!realpath(folder, real)) snprintf(real, sizeof real, "%s", folder);
  const char *log = getenv("FAULT_LOG");
  if (log) record = NEXT(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  meant = kind != NULL;
}

static int begins(const char *path, const char *folder) {
  const size_t length = strlen(folder);
  return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static const char *inside(const char *path) { return begins(path, named) || begins(path, real) ? path : NULL; }

// The path of an open file; NULL where it is not in the folder.
static const char *file(int descriptor, char buffer[2 * PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, buffer, 2 * PATH_MAX - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return inside(buffer);
}

// The whole path of a name in a folder that is open, or AT_FDCWD; NULL where it is not in the folder.
static const char *named_at(int folder, const char *path, char buffer[2 * PATH_MAX]) {
  if (!path || path[0] == '/') return path ? inside(path) : NULL;
  char link[64] = "/proc/self/cwd";
  if (folder != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  const ssize_t length = readlink(link, buffer, PATH_MAX - 1);
  if (length < 0) return NULL;
  snprintf(buffer + length, PATH_MAX, "/%s", path);
  return inside(buffer);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static enum effect arrive(const char *name, const char *path) {
  const long number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
  if (record >= 0) dprintf(record, "%ld %s %s\n", number, name, path);
  if (number != at) return PASS;
  if (!strcmp(kind, "kill")) die();
  if (!strcmp(kind, "stop")) kill(getpid(), SIGINT);
  if (!strcmp(kind, "torn")) return HALF;
  if (!strcmp(kind, "after")) return LAST;
  if (strcmp(kind, "full")) return PASS;
  errno = ENOSPC;
  return FAIL;
}

// `path` is that of the file that the call changes, NULL where it changes none of the folder's.
#define CALL_AS(label, type, name, path, parameters, arguments)              \
  type name parameters {                                                     \
    char buffer[2 * PATH_MAX];                                               \
    const char *const changed = meant ? (path) : NULL;                       \
    const enum effect effect = changed ? arrive(label, changed) : PASS;      \
    if (effect == HALF) die();                                               \
    if (effect == FAIL) return -1;                                           \
    const type result = NEXT(name) arguments;                                \
    if (effect == LAST) die();                                               \
    return result;                                                           \
  }
#define CALL(type, name, path, parameters, arguments) CALL_AS(#name, type, name, path, parameters, arguments)

// The same of a write: `part` are the arguments that write only some of it.
#define WRITE(label, name, parameters, arguments, part)                                   \
  ssize_t name parameters {                                                               \
    char buffer[2 * PATH_MAX];                                                            \
    const char *const changed = meant ? file(descriptor, buffer) : NULL;                  \
    const enum effect effect = changed ? arrive(label, changed) : PASS;                   \
    const ssize_t result = effect == PASS || effect == LAST ? NEXT(name) arguments : NEXT(name) part; \
    if (effect == HALF || effect == LAST) die();                                          \
    if (effect != FAIL) return result;                                                    \
    errno = ENOSPC;                                                                       \
    return -1;                                                                            \
  }

#define OPEN(name, folder, parameters, ...)                                                                      \
  int name parameters {                                                                                          \
    mode_t mode = 0;                                                                                             \
    if (flags & O_CREAT) {                                                                                       \
      va_list list;                                                                                              \
      va_start(list, flags);                                                                                     \
      mode = va_arg(list, mode_t);                                                                               \
      va_end(list);                                                                                              \
    }                                                                                                            \
    char buffer[2 * PATH_MAX];                                                                                   \
    const char *const changed = meant && flags & (O_CREAT | O_TRUNC) ? named_at(folder, path, buffer) : NULL;    \
    const enum effect effect = changed ? arrive("open", changed) : PASS;                                         \
    if (effect == HALF) die();                                                                                   \
    if (effect == FAIL) return -1;                                                                               \
    const int result = NEXT(name)(__VA_ARGS__, flags, mode);                                                     \
    if (effect == LAST) die();                                                                                   \
    return result;                                                                                               \
  }

OPEN(open, AT_FDCWD, (const char *path, int flags, ...), path)
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), path)
OPEN(openat, folder, (int folder, const char *path, int flags, ...), folder, path)
OPEN(openat64, folder, (int folder, const char *path, int flags, ...), folder, path)

WRITE("write", write, (int descriptor, const void *bytes, size_t size), (descriptor, bytes, size),
      (descriptor, bytes, size / 2))
WRITE("pwrite", pwrite, (int descriptor, const void *bytes, size_t size, off_t offset),
      (descriptor, bytes, size, offset), (descriptor, bytes, size / 2, offset))
WRITE("pwrite", pwrite64, (int descriptor, const void *bytes, size_t size, off64_t offset),
      (descriptor, bytes, size, offset), (descriptor, bytes, size / 2, offset))
WRITE("writev", writev, (int descriptor, const struct iovec *parts, int number), (descriptor, parts, number),
      (descriptor, parts, number / 2))

CALL(int, fsync, file(descriptor, buffer), (int descriptor), (descriptor))
CALL(int, fdatasync, file(descriptor, buffer), (int descriptor), (descriptor))
CALL(int, ftruncate, file(descriptor, buffer), (int descriptor, off_t size), (descriptor, size))
CALL_AS("ftruncate", int, ftruncate64, file(descriptor, buffer), (int descriptor, off64_t size), (descriptor, size))
CALL(int, truncate, named_at(AT_FDCWD, path, buffer), (const char *path, off_t size), (path, size))
CALL_AS("truncate", int, truncate64, named_at(AT_FDCWD, path, buffer), (const char *path, off64_t size), (path, size))
CALL(int, rename, named_at(AT_FDCWD, to, buffer) ?: named_at(AT_FDCWD, from, buffer),
     (const char *from, const char *to), (from, to))
CALL(int, renameat, named_at(second, to, buffer) ?: named_at(first, from, buffer),
     (int first, const char *from, int second, const char *to), (first, from, second, to))
CALL(int, renameat2, named_at(second, to, buffer) ?: named_at(first, from, buffer),
     (int first, const char *from, int second, const char *to, unsigned flags), (first, from, second, to, flags))
CALL(int, link, named_at(AT_FDCWD, to, buffer), (const char *from, const char *to), (from, to))
CALL(int, symlink, named_at(AT_FDCWD, to, buffer), (const char *from, const char *to), (from, to))
CALL(int, unlink, named_at(AT_FDCWD, path, buffer), (const char *path), (path))
CALL(int, unlinkat, named_at(folder, path, buffer), (int folder, const char *path, int flags), (folder, path, flags))
CALL(int, rmdir, named_at(AT_FDCWD, path, buffer), (const char *path), (path))
CALL(int, remove, named_at(AT_FDCWD, path, buffer), (const char *path), (path))
CALL(int, mkdir, named_at(AT_FDCWD, path, buffer), (const char *path, mode_t mode), (path, mode))
CALL(int, mkdirat, named_at(folder, path, buffer), (int folder, const char *path, mode_t mode), (folder, path, mode))
