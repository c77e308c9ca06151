// For program_invocation_short_name.
#define _GNU_SOURCE
#include "CProgram.h"

#include <errno.h>
#include <nss.h>
#include <stdlib.h>
#include <sys/prctl.h>

#ifndef QCALO_COMMIT
#define QCALO_COMMIT ""
#endif

const char *qcalo_commit(void) { return QCALO_COMMIT; }

const char *qcalo_compiler(void) { return __VERSION__; }

static int count;
static char **arguments;

int qcalo_argument_count(void) { return count; }

char *const *qcalo_arguments(void) { return arguments; }

// Absent from a program that is wholly static.
extern const char dynamic_section[] __asm__("_DYNAMIC") __attribute__((weak, visibility("hidden")));

// glibc gives these functions what main gets, and before it.
__attribute__((constructor)) static void begin(int argc, char **argv) {
  count = argc;
  arguments = argv;
  // The kernel calls a process after the file that was started, be it a loader.
  prctl(PR_SET_NAME, program_invocation_short_name, 0, 0, 0);
  if (!dynamic_section) {
    // What a static program would load here was made for another C library: modules that name users, filters of HDF5.
    __nss_configure_lookup("passwd", "files");
    __nss_configure_lookup("group", "files");
    setenv("HDF5_PLUGIN_PRELOAD", "::", 1);
  }
}
