#include "memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "padding.h"

enum { LINE = 64, HUGE = 2 << 20 };

float *kernel_memory(long count) {
  size_t bytes = (size_t)kernel_padded(count > 0 ? count : 1) * sizeof(float);
  const size_t unit = bytes < HUGE ? LINE : HUGE;
  void *memory = NULL;
  bytes = (bytes + unit - 1) / unit * unit;
  if (posix_memalign(&memory, unit, bytes) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  // A system without them is as good, only slower.
  if (unit == HUGE) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}
