#include "CDense.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static long padded(long count) { return (count + 15) / 16 * 16; }

/* The width of a panel: 32, or 16 where no more is left. */
static long panel_width(long columns, long panel) { return columns - panel * 32 >= 32 ? 32 : 16; }

/* Tiles of rows of a forward product at once. */
#define GROUPS 5
/* Inputs of a backward product at once: their weights stay near while they meet all rows. At most 64. */
#define NEAR 64
/* Values of a gradient's inputs that are gathered, on the stack. */
#define GATHERED (1 << 16)

typedef struct {
  float beta1, rest1, beta2, rest2, rate, epsilon;
} adam_factors;

static adam_factors factors(dense_adam adam) {
  return (adam_factors){adam.beta1, 1 - adam.beta1, adam.beta2, 1 - adam.beta2, adam.rate, adam.epsilon};
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx512
#define VL 16
#define ROWS 10
#define BLOCK_ROWS 5
#define VECTORS 5
#include "dense_kernels.h"
#undef NAME
#undef VL
#undef ROWS
#undef BLOCK_ROWS
#undef VECTORS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx2
#define VL 8
#define ROWS 5
#define BLOCK_ROWS 2
#define VECTORS 4
#include "dense_kernels.h"
#undef NAME
#undef VL
#undef ROWS
#undef BLOCK_ROWS
#undef VECTORS
#pragma clang attribute pop
#endif

#define NAME(x) x##_generic
#define VL 4
#define ROWS 5
#define BLOCK_ROWS 2
#define VECTORS 4
#include "dense_kernels.h"

typedef enum { unknown, avx512, avx2, generic } instruction_set;

static _Thread_local instruction_set forced = unknown;

static instruction_set chosen(void) {
  static instruction_set set = unknown; /* every thread would store the same value */
  if (forced != unknown) return forced;
  if (__atomic_load_n(&set, __ATOMIC_RELAXED) == unknown) {
    instruction_set found = generic;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
      found = avx512;
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      found = avx2;
#endif
    __atomic_store_n(&set, found, __ATOMIC_RELAXED);
  }
  return set;
}

/* Numbers too small to be normal count as zero, as TensorFlow and XLA have it: one of them costs an Intel core a hundred
 * cycles, and Adam's moments of what no longer changes go through all of them. */
#if defined(__x86_64__)
static unsigned flush_subnormals(void) {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON);
  return before;
}
static void restore(const unsigned *before) { _mm_setcsr(*before); }
#define FLUSHED __attribute__((cleanup(restore))) const unsigned before = flush_subnormals();
#else
#define FLUSHED
#endif

#if defined(__x86_64__)
#define DISPATCH(function, ...)                              \
  FLUSHED                                                    \
  switch (chosen()) {                                        \
  case avx512: return function##_avx512(__VA_ARGS__);        \
  case avx2: return function##_avx2(__VA_ARGS__);            \
  default: return function##_generic(__VA_ARGS__);           \
  }
#else
#define DISPATCH(function, ...) return function##_generic(__VA_ARGS__);
#endif

static const char *const names[] = {[avx512] = "avx512", [avx2] = "avx2", [generic] = "generic"};

const char *dense_kernels(void) { return names[chosen()]; }

int dense_force_kernels(const char *name) {
  forced = unknown;
  const instruction_set best = chosen();
  for (instruction_set set = best; name && set <= generic; set++)
    if (strcmp(names[set], name) == 0) forced = set;
  return !name || forced != unknown;
}

long dense_padded(long count) { return padded(count); }
long dense_weight_count(dense_shape shape) { return shape.inputs * padded(shape.outputs); }
long dense_panels(dense_shape shape) { return (padded(shape.outputs) + 31) / 32; }
long dense_blocks(dense_shape shape) { return (shape.inputs + 3) / 4; }

long dense_weight_index(dense_shape shape, long input, long output) {
  const long panel = output / 32;
  return panel * 32 * shape.inputs + input * panel_width(padded(shape.outputs), panel) + output % 32;
}

void dense_forward(dense_shape shape, long begin, long end, const float *weights, const float *bias, long rows,
                   const float *x, long ldx, dense_activation activation, const float *mask, float *y, long ldy) {
  DISPATCH(forward, shape.inputs, padded(shape.outputs), begin, end, weights, bias, rows, x, ldx,
           activation == dense_relu, mask, y, ldy)
}

void dense_backward(dense_shape shape, long begin, long end, const float *weights, long rows, const float *e, long lde,
                    const float *mask, float *dx, long ldx) {
  DISPATCH(backward, shape.inputs, padded(shape.outputs), begin, end, weights, rows, e, lde, mask, dx, ldx)
}

void dense_gradient(dense_shape shape, long begin, long end, long rows, const float *x, long ldx, const float *e,
                    long lde, float *gradient) {
#define GRADIENT(set) \
  (void)update_##set(shape.inputs, padded(shape.outputs), begin, end, 0, rows, x, ldx, e, lde, gradient, 0, 0, 0)
  FLUSHED
#if defined(__x86_64__)
  switch (chosen()) {
  case avx512: GRADIENT(avx512); return;
  case avx2: GRADIENT(avx2); return;
  default: break;
  }
#endif
  GRADIENT(generic);
}

double dense_update(dense_shape shape, long begin, long end, dense_adam adam, long rows, const float *x, long ldx,
                    const float *e, long lde, float *weights, float *m, float *v, int norm) {
  const adam_factors factor = factors(adam);
  DISPATCH(update, shape.inputs, padded(shape.outputs), begin, end, &factor, rows, x, ldx, e, lde, weights, m, v, norm)
}

void dense_adam_step(dense_adam adam, long count, const float *gradient, float *weights, float *m, float *v) {
  const adam_factors factor = factors(adam);
  DISPATCH(adam_step, &factor, count, gradient, weights, m, v)
}

static double multiply_adds(long rounds, float factor, float *result) {
  DISPATCH(multiply_adds, rounds, factor, result)
}

double dense_multiply_adds(long rounds) {
  /* Neither known before nor unused after, or the compiler would do the work. */
  static const volatile float factor = 0.5f;
  volatile float sink;
  float result = 0;
  const double operations = multiply_adds(rounds, factor, &result);
  sink = result;
  (void)sink;
  return operations;
}
