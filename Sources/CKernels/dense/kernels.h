// The kernels, once per instruction set: included with NAME (what a name becomes), VL (floats a vector), ROWS (rows of a
// register tile of two vectors), BLOCK_ROWS and BLOCK_INPUTS (of a tile of dot products, at most four inputs) and VECTORS
// (vectors of columns at once, at most five) defined and the target set.

typedef float NAME(vf) __attribute__((vector_size(4 * VL)));
typedef int NAME(vi) __attribute__((vector_size(4 * VL)));
#define vf NAME(vf)
#define vi NAME(vi)
#define INLINE static inline __attribute__((always_inline))

INLINE vf NAME(load)(const float *p) { return *(const vf *)p; }
INLINE void NAME(store)(float *p, vf value) { *(vf *)p = value; }
INLINE vf NAME(positive)(vf mask, vf value) { return (vf)((vi)value & (vi)(mask > 0.0f)); }

// Whether each of at most 64 numbers is not zero, as bits.
INLINE unsigned long NAME(bits_of)(const float *x, long count) {
  unsigned long bits = 0;
  long i = 0;
#if VL == 16
  // Without the sign.
  for (; i + 16 <= count; i += 16)
    bits |= (unsigned long)_mm512_test_epi32_mask(_mm512_loadu_si512(x + i), _mm512_set1_epi32(0x7fffffff)) << i;
#endif
  for (; i < count; i++) bits |= (unsigned long)(x[i] != 0) << i;
  return bits;
}

// Where a vector of columns begins in the weights, and how far apart its inputs are.
INLINE long NAME(place)(long inputs, long columns, long column, long *stride) {
  const long panel = column / 32;
  *stride = panel_width(columns, panel);
  return panel * 32 * inputs + column % 32;
}

// Calls CALL(V, column) for the vectors of panels begin ..< end, V at once, at most VECTORS.
#define EACH_VECTORS(CALL)                                                                    \
  {                                                                                           \
    const long last = end * 32 < columns ? end * 32 : columns;                                \
    long column = begin * 32, parts = ((last - column) / VL + VECTORS - 1) / VECTORS, V;      \
    for (; parts > 0; parts--, column += V * VL) {                                            \
      V = ((last - column) / VL + parts - 1) / parts;                                         \
      switch (V) {                                                                            \
      case 1: CALL(1, column); break;                                                         \
      case 2: CALL(2, column); break;                                                         \
      case 3: CALL(3, column); break;                                                         \
      case 4: CALL(4, column); break;                                                         \
      default: CALL(VECTORS, column);                                                         \
      }                                                                                       \
    }                                                                                         \
  }

#include "forward.h"
#include "backward.h"
#include "gradient.h"

static void NAME(adam_step)(const adam_factors *adam, long count, const float *g, float *w, float *m, float *v) {
  for (long i = 0; i < count; i += VL) NAME(adam_vector)(adam, NAME(load)(g + i), w + i, m + i, v + i);
}

static void NAME(affine)(long count, float scale, const float *gamma, const float *beta, const float *x, float *y) {
  // The same bits whether an instruction set has fused operations or not.
#pragma STDC FP_CONTRACT OFF
  for (long i = 0; i < count; i++) {
    const float value = x[i] * scale * gamma[i] + beta[i];
    y[i] = value >= 0 ? value : 0;
  }
}

static void NAME(scale)(long count, double factor, const float *x, float *y) {
  for (long i = 0; i < count; i++) y[i] = (float)(x[i] * factor);
}

// Multiplies and adds in as many registers as the products use; returns the operations done.
static double NAME(multiply_adds)(long rounds, float factor, float *result) {
  vf sum[ROWS * 2];
  for (int i = 0; i < ROWS * 2; i++) sum[i] = (vf){0} + (float)i;
  const vf x = (vf){0} + factor;
  for (long round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
    for (int i = 0; i < ROWS * 2; i++) sum[i] = sum[i] * x + x;
  vf all = {0};
  for (int i = 0; i < ROWS * 2; i++) all += sum[i];
  *result = all[0];
  return 2.0 * VL * ROWS * 2 * (double)rounds;
}

// Reads 64 floats at a time, or reads them and writes them back; returns the bytes moved.
static double NAME(stream)(long count, float factor, float *numbers, int writes, float *result) {
  vf sum[64 / VL];
  for (int i = 0; i < 64 / VL; i++) sum[i] = (vf){0};
  for (float *at = numbers; at < numbers + count; at += 64)
#pragma clang loop unroll(full)
    for (int i = 0; i < 64 / VL; i++) {
      if (writes) NAME(store)(at + i * VL, NAME(load)(at + i * VL) * factor);
      else sum[i] += NAME(load)(at + i * VL);
    }
  vf all = {0};
  for (int i = 0; i < 64 / VL; i++) all += sum[i];
  *result = all[0];
  return (writes ? 2.0 : 1.0) * sizeof(float) * (double)count;
}

static const dense_kernels NAME(kernels) = {
    .forward = NAME(forward),
    .backward = NAME(backward),
    .gradient = NAME(gradient),
    .update = NAME(update),
    .adam_step = NAME(adam_step),
    .affine = NAME(affine),
    .scale = NAME(scale),
    .multiply_adds = NAME(multiply_adds),
    .stream = NAME(stream),
};

#undef vf
#undef vi
#undef INLINE
#undef EACH_VECTORS
#undef NAME
#undef VL
#undef ROWS
#undef BLOCK_ROWS
#undef BLOCK_INPUTS
#undef VECTORS
