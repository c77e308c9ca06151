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
    [instruction_set_neon] = "neon",
    [instruction_set_generic] = "generic",
};

// Whether the processor has a set.
static int is_here(int set) {
  switch (set) {
#if defined(__x86_64__)
  case instruction_set_avx512: return __builtin_cpu_supports(AVX512_LEVEL) != 0;
  case instruction_set_avx2: return __builtin_cpu_supports(AVX2_LEVEL) != 0;
#elif defined(__aarch64__)
  case instruction_set_neon: return 1;
#endif
  default: return set == instruction_set_generic;
  }
}

static int best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  int set = instruction_set_avx512;
  while (!is_here(set)) set++;
  return set;
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
    if (is_here(set) && strcmp(names[set], name) == 0) return set;
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
