#include "instruction_set.h"

#include <stddef.h>
#include <string.h>

#include "levels.h"

enum { undecided = -1 };

static int found = undecided;  // every thread would store the same value
static _Thread_local int forced = undecided;

static const char *const names[] = {
    [instruction_set_avx512] = "avx512",
    [instruction_set_avx2] = "avx2",
    [instruction_set_generic] = "generic",
};

static instruction_set best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports(AVX512_LEVEL)) return instruction_set_avx512;
  if (__builtin_cpu_supports(AVX2_LEVEL)) return instruction_set_avx2;
#endif
  return instruction_set_generic;
}

instruction_set instruction_set_in_use(void) {
  if (forced != undecided) return (instruction_set)forced;
  int set = __atomic_load_n(&found, __ATOMIC_RELAXED);
  if (set == undecided) {
    set = best();
    __atomic_store_n(&found, set, __ATOMIC_RELAXED);
  }
  return (instruction_set)set;
}

const char *instruction_set_name(void) { return names[instruction_set_in_use()]; }

// The set of this name, if the processor has it.
static int named(const char *name) {
  for (int set = best(); set <= instruction_set_generic; set++)
    if (strcmp(names[set], name) == 0) return set;
  return undecided;
}

int instruction_set_choose(const char *name) {
  int set = named(name);
  if (set != undecided) __atomic_store_n(&found, set, __ATOMIC_RELAXED);
  return set != undecided;
}

int instruction_set_force(const char *name) {
  forced = name == NULL ? undecided : named(name);
  return name == NULL || forced != undecided;
}
