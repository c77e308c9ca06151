#include "dense.h"

#include <string.h>

#include "../levels.h"
#include "instruction_set.h"
#include "padding.h"

// The width of a panel: 32, or 16 where no more is left.
static long panel_width(long columns, long panel) { return columns - panel * 32 >= 32 ? 32 : 16; }

// Tiles of rows of a forward product at once.
#define GROUPS 5
// Inputs of a backward product at once: their weights stay near while they meet all rows. At most 64.
#define NEAR 64
// Values of a gradient's inputs that are gathered, on the stack.
#define GATHERED (1 << 16)

typedef struct {
  float beta1, rest1, beta2, rest2, rate, epsilon;
} adam_factors;

static adam_factors factors(dense_adam adam) {
  return (adam_factors){adam.beta1, 1 - adam.beta1, adam.beta2, 1 - adam.beta2, adam.rate, adam.epsilon};
}

// The kernels of one instruction set, with columns padded to a multiple of 16; else as dense.h has them.
typedef struct {
  void (*forward)(long inputs, long columns, long begin, long end, const float *weights, const float *bias, long rows,
                  const float *x, long ldx, int relu, const float *mask, float *y, long ldy);
  void (*backward)(long inputs, long columns, long begin, long end, const float *weights, long rows, const float *e,
                   long lde, const float *mask, float *dx, long ldx);
  void (*gradient)(long inputs, long columns, long begin, long end, long rows, const float *x, long ldx,
                   const float *e, long lde, float *gradient);
  double (*update)(long inputs, long columns, long begin, long end, const adam_factors *adam, long rows,
                   const float *x, long ldx, const float *e, long lde, float *weights, float *m, float *v, int norm);
  void (*adam_step)(const adam_factors *adam, long count, const float *gradient, float *w, float *m, float *v);
  void (*affine)(long count, float scale, const float *gamma, const float *beta, const float *x, float *y);
  void (*scale)(long count, double factor, const float *x, float *y);
  double (*multiply_adds)(long rounds, float factor, float *result);
  double (*stream)(long count, float factor, float *numbers, int writes, float *result);
} dense_kernels;

BEGIN_GENERIC
#define NAME(x) x##_generic
#define VL 4
#define ROWS 5
#define BLOCK_ROWS 1
#define BLOCK_INPUTS 3
#define VECTORS 4
#include "kernels.h"
END_GENERIC

#if defined(__x86_64__)
BEGIN_AVX2
#define NAME(x) x##_avx2
#define VL 8
#define ROWS 5
#define BLOCK_ROWS 2
#define BLOCK_INPUTS 3
#define VECTORS 4
#include "kernels.h"
END_AVX2

BEGIN_AVX512
#define NAME(x) x##_avx512
#define VL 16
#define ROWS 10
#define BLOCK_ROWS 5
#define BLOCK_INPUTS 4
#define VECTORS 5
#include "kernels.h"
END_AVX512
#elif defined(__aarch64__)
#define NAME(x) x##_neon
#define VL 4
#define ROWS 10
#define BLOCK_ROWS 2
#define BLOCK_INPUTS 3
#define VECTORS 5
#include "kernels.h"
#endif

static const dense_kernels *kernels(void) {
  switch (instruction_set_in_use()) {
#if defined(__x86_64__)
  case instruction_set_avx512: return &kernels_avx512;
  case instruction_set_avx2: return &kernels_avx2;
#elif defined(__aarch64__)
  case instruction_set_neon: return &kernels_neon;
#endif
  default: return &kernels_generic;
  }
}

// Numbers too small to be normal count as zero, as TensorFlow and XLA have it: one of them costs an Intel core a hundred
// cycles, and Adam's moments of what no longer changes go through all of them.
#if defined(__x86_64__)
static unsigned flush_subnormals(void) {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON);
  return before;
}
static void restore(const unsigned *before) { _mm_setcsr(*before); }
#define FLUSHED __attribute__((cleanup(restore))) const unsigned before = flush_subnormals();
#elif defined(__aarch64__)
static unsigned long flush_subnormals(void) {
  const unsigned long before = __builtin_arm_rsr64("fpcr");
  __builtin_arm_wsr64("fpcr", before | 1UL << 24);
  return before;
}
static void restore(const unsigned long *before) { __builtin_arm_wsr64("fpcr", *before); }
#define FLUSHED __attribute__((cleanup(restore))) const unsigned long before = flush_subnormals();
#else
#define FLUSHED
#endif

long dense_weight_count(dense_shape shape) { return shape.inputs * kernel_padded(shape.outputs); }
long dense_panels(dense_shape shape) { return (kernel_padded(shape.outputs) + 31) / 32; }
long dense_blocks(dense_shape shape) { return (shape.inputs + 3) / 4; }

long dense_weight_index(dense_shape shape, long input, long output) {
  const long panel = output / 32;
  return panel * 32 * shape.inputs + input * panel_width(kernel_padded(shape.outputs), panel) + output % 32;
}

void dense_forward(dense_shape shape, long begin, long end, const float *weights, const float *bias, long rows,
                   const float *x, long ldx, dense_activation activation, const float *mask, float *y, long ldy) {
  FLUSHED
  kernels()->forward(shape.inputs, kernel_padded(shape.outputs), begin, end, weights, bias, rows, x, ldx,
                     activation == dense_relu, mask, y, ldy);
}

void dense_backward(dense_shape shape, long begin, long end, const float *weights, long rows, const float *e, long lde,
                    const float *mask, float *dx, long ldx) {
  FLUSHED
  kernels()->backward(shape.inputs, kernel_padded(shape.outputs), begin, end, weights, rows, e, lde, mask, dx, ldx);
}

void dense_gradient(dense_shape shape, long begin, long end, long rows, const float *x, long ldx, const float *e,
                    long lde, float *gradient) {
  FLUSHED
  kernels()->gradient(shape.inputs, kernel_padded(shape.outputs), begin, end, rows, x, ldx, e, lde, gradient);
}

double dense_update(dense_shape shape, long begin, long end, dense_adam adam, long rows, const float *x, long ldx,
                    const float *e, long lde, float *weights, float *m, float *v, int norm) {
  FLUSHED
  const adam_factors factor = factors(adam);
  return kernels()->update(shape.inputs, kernel_padded(shape.outputs), begin, end, &factor, rows, x, ldx, e, lde, weights, m,
                           v, norm);
}

void dense_adam_step(dense_adam adam, long count, const float *gradient, float *weights, float *m, float *v) {
  FLUSHED
  const adam_factors factor = factors(adam);
  kernels()->adam_step(&factor, count, gradient, weights, m, v);
}

void dense_affine(long count, float scale, const float *gamma, const float *beta, const float *x, float *y) {
  kernels()->affine(count, scale, gamma, beta, x, y);
}

void dense_scale(long count, double factor, const float *x, float *y) { kernels()->scale(count, factor, x, y); }

// Neither known before nor unused after, or the compiler would do the work of what is measured.
static const volatile float half = 0.5f, one = 1;
static volatile float sink;

double dense_multiply_adds(long rounds) {
  FLUSHED
  float result = 0;
  const double operations = kernels()->multiply_adds(rounds, half, &result);
  sink = result;
  return operations;
}

double dense_stream(long count, float *numbers, int writes) {
  FLUSHED
  float result = 0;
  const double bytes = kernels()->stream(count, one, numbers, writes, &result);
  sink = result;
  return bytes;
}
