// The kernels, once per instruction set: included with NAMED defined and the target set.

// One pass over `total` floats that acts on qubits q … q + COUNT - 1 (q >= LOW), or on the lanes' too if q == 0. PAIR
// acts on two registers, LANE on the four qubits within one.
#define PASS(a, total, q, COUNT, LANE, PAIR)                                     \
  do {                                                                           \
    unsigned first = (q) < LOW ? LOW : (q);                                      \
    size_t stride = (size_t)1 << first;                                          \
    for (size_t base = 0; base < (total); base += stride << (COUNT))             \
      for (size_t at = base; at < base + stride; at += LANES) {                  \
        lanes x[1 << (COUNT)];                                                   \
        UNROLL for (unsigned k = 0; k < 1 << (COUNT); k++) {                     \
          x[k] = LOAD((a) + at + k * stride);                                    \
          if ((q) < LOW) LANE(x[k]);                                             \
        }                                                                        \
        UNROLL for (unsigned bit = 0; bit < (COUNT); bit++)                      \
          UNROLL for (unsigned k = 0; k < 1 << (COUNT); k++)                     \
            if (!(k >> bit & 1)) PAIR(x[k], x[k | 1 << bit], first + bit);       \
        UNROLL for (unsigned k = 0; k < 1 << (COUNT); k++)                       \
          STORE((a) + at + k * stride, x[k]);                                    \
      }                                                                          \
  } while (0)

// Passes over qubits from …  until - 1, three at a time.
#define PASSES(a, total, from, until, LANE, PAIR)               \
  do {                                                          \
    unsigned q = (from);                                        \
    if (q == 0) {                                               \
      if ((until) >= LOW + 3) PASS(a, total, 0, 3, LANE, PAIR); \
      else if ((until) == LOW + 2) PASS(a, total, 0, 2, LANE, PAIR); \
      else if ((until) == LOW + 1) PASS(a, total, 0, 1, LANE, PAIR); \
      else PASS(a, total, 0, 0, LANE, PAIR);                    \
      q = LOW + 3;                                              \
    }                                                           \
    for (; q + 3 <= (until); q += 3) PASS(a, total, q, 3, NOTHING, PAIR); \
    if (q + 2 == (until)) PASS(a, total, q, 2, NOTHING, PAIR);  \
    if (q + 1 == (until)) PASS(a, total, q, 1, NOTHING, PAIR);  \
  } while (0)

// The low qubits block by block while a block is in the first-level cache, the next ones while a larger block, which ARRIVE
// may fill, is in the second-level cache, then the high ones over everything.
#define LAYER(a, total, wires, LANE, PAIR, ARRIVE)                                         \
  do {                                                                                     \
    unsigned inner_ = (wires) < BLOCK_WIRES ? (wires) : BLOCK_WIRES;                       \
    unsigned outer_ = (wires) < OUTER_WIRES ? (wires) : OUTER_WIRES;                       \
    size_t size_ = (size_t)1 << inner_, large_ = (size_t)1 << outer_;                      \
    for (float *start_ = (a); start_ < (a) + (total); start_ += large_) {                  \
      ARRIVE(start_, large_);                                                              \
      for (float *block_ = start_; block_ < start_ + large_; block_ += size_)              \
        PASSES(block_, size_, 0, inner_, LANE, PAIR);                                      \
      if (inner_ < outer_) PASSES(start_, large_, inner_, outer_, NOTHING, PAIR);          \
    }                                                                                      \
    if (outer_ < (wires)) PASSES(a, total, outer_, wires, NOTHING, PAIR);                  \
  } while (0)

#define NOTHING(...) (void)0

#include "permute.h"
#include "product.h"

// RY is real: the planes are one more index bit that nothing acts on. The state before comes from `origin`, if given, block
// by block.
static INLINE void NAMED(turn)(unsigned wires, const float *cs, const NAMED(origin) *origin, float *state) {
#define ARRIVE(start, size)                                                                           \
  do {                                                                                                \
    size_t at = (size_t)((start) - state), b = at & (((size_t)1 << wires) - 1);                       \
    if (origin) NAMED(fetch)(origin, (unsigned)(at >> wires), b, b + (size), start, 1, 0);            \
  } while (0)
  float c = 1, t[STATEVECTOR_WIRES_LIMIT];
  int steep = 0;
  for (unsigned q = 0; q < wires; q++) {
    steep |= !(cs[2 * q] * cs[2 * q] > STEEPEST);
    c *= cs[2 * q];
    t[q] = cs[2 * q + 1] / cs[2 * q];
  }
  if (!steep) {
    // Halves the work: x - y tan, y + x tan, and the product of all cos at once.
    lanes s0 = c * t[0] * SIGN0, t1 = t[1] * SIGN1, t2 = t[2] * SIGN2, t3 = t[3] * SIGN3;
#define LANE(x)                    \
  do {                             \
    x = c * x + s0 * SWAP0(x);     \
    x = x + t1 * SWAP1(x);         \
    x = x + t2 * SWAP2(x);         \
    x = x + t3 * SWAP3(x);         \
  } while (0)
#define PAIR(x, y, q)              \
  do {                             \
    lanes z = x;                   \
    x = x - t[q] * y;              \
    y = y + t[q] * z;              \
  } while (0)
    LAYER(state, (size_t)2 << wires, wires, LANE, PAIR, ARRIVE);
#undef LANE
#undef PAIR
  } else {
    lanes s0 = cs[1] * SIGN0, s1 = cs[3] * SIGN1, s2 = cs[5] * SIGN2, s3 = cs[7] * SIGN3;
#define LANE(x)                    \
  do {                             \
    x = cs[0] * x + s0 * SWAP0(x); \
    x = cs[2] * x + s1 * SWAP1(x); \
    x = cs[4] * x + s2 * SWAP2(x); \
    x = cs[6] * x + s3 * SWAP3(x); \
  } while (0)
#define PAIR(x, y, q)                       \
  do {                                      \
    lanes z = x;                            \
    x = cs[2 * (q)] * x - cs[2 * (q) + 1] * y; \
    y = cs[2 * (q)] * y + cs[2 * (q) + 1] * z; \
  } while (0)
    LAYER(state, (size_t)2 << wires, wires, LANE, PAIR, ARRIVE);
#undef LANE
#undef PAIR
  }
#undef ARRIVE
}

static void NAMED(rotate)(unsigned wires, const float *cs, float *state) { NAMED(turn)(wires, cs, NULL, state); }

static void NAMED(permute)(
    unsigned wires, const uint32_t *high, const uint32_t *low, const float *cs, const float *from, float *to) {
  NAMED(origin) origin = NAMED(origin_of)(wires, high, low, from);
  if (cs && wires > OUTER_WIRES) return NAMED(turn)(wires, cs, &origin, to);
  size_t count = (size_t)1 << wires;
  NAMED(fetch)(&origin, 0, 0, count, to, 2, count);
  if (cs) NAMED(rotate)(wires, cs, to);
}

static void NAMED(rotate_tangent)(unsigned wires, const float *t, const float *state, float *dstate) {
  size_t total = (size_t)2 << wires;
  lanes s0 = 0.5f * t[0] * SIGN0, s1 = 0.5f * t[1] * SIGN1, s2 = 0.5f * t[2] * SIGN2, s3 = 0.5f * t[3] * SIGN3;
  for (size_t b = 0; b < total; b += LANES) {
    lanes x = LOAD(state + b);
    STORE(dstate + b, LOAD(dstate + b) + s0 * SWAP0(x) + s1 * SWAP1(x) + s2 * SWAP2(x) + s3 * SWAP3(x));
  }
  for (unsigned q = LOW; q < wires; q++) {
    size_t stride = (size_t)1 << q;
    float s = 0.5f * t[q];
    for (size_t base = 0; base < total; base += 2 * stride)
      for (size_t b = base; b < base + stride; b += LANES) {
        STORE(dstate + b, LOAD(dstate + b) - s * LOAD(state + b + stride));
        STORE(dstate + b + stride, LOAD(dstate + b + stride) + s * LOAD(state + b));
      }
  }
}

// Three qubits q, q + 1, q + 2 at a time over `total` floats.
static INLINE void NAMED(gradient_pass)(
    const float *psi, const float *lambda, size_t total, unsigned q, const unsigned count, float *out) {
  size_t stride = (size_t)1 << q;
  lanes sums[3] = {{0}, {0}, {0}};
  for (size_t base = 0; base < total; base += stride << count)
    for (size_t at = base; at < base + stride; at += LANES) {
      lanes x[8], y[8];
      UNROLL for (unsigned k = 0; k < 1u << count; k++) {
        x[k] = LOAD(psi + at + k * stride);
        y[k] = LOAD(lambda + at + k * stride);
      }
      UNROLL for (unsigned bit = 0; bit < count; bit++)
        UNROLL for (unsigned k = 0; k < 1u << count; k++)
          if (!(k >> bit & 1)) sums[bit] += y[k | 1u << bit] * x[k] - y[k] * x[k | 1u << bit];
    }
  for (unsigned bit = 0; bit < count; bit++) out[q + bit] += SUM(sums[bit]);
}

static INLINE void NAMED(gradient_passes)(
    const float *psi, const float *lambda, size_t total, unsigned from, unsigned until, float *out) {
  unsigned q = from;
  for (; q + 3 <= until; q += 3) NAMED(gradient_pass)(psi, lambda, total, q, 3, out);
  if (q + 2 == until) NAMED(gradient_pass)(psi, lambda, total, q, 2, out);
  if (q + 1 == until) NAMED(gradient_pass)(psi, lambda, total, q, 1, out);
}

// Blocks as in LAYER, of half the size because two states share the caches.
static void NAMED(rotation_gradients)(unsigned wires, const float *psi, const float *lambda, float *out) {
  unsigned inner = wires < BLOCK_WIRES - 1 ? wires : BLOCK_WIRES - 1;
  unsigned outer = wires < OUTER_WIRES - 1 ? wires : OUTER_WIRES - 1;
  size_t total = (size_t)2 << wires, size = (size_t)1 << inner, large = (size_t)1 << outer;
  for (size_t start = 0; start < total; start += large) {
    for (size_t block = start; block < start + large; block += size) {
      const float *a = psi + block, *b = lambda + block;
      lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
      for (size_t at = 0; at < size; at += LANES) {
        lanes x = LOAD(a + at), y = LOAD(b + at);
        s0 += y * SWAP0(x);
        s1 += y * SWAP1(x);
        s2 += y * SWAP2(x);
        s3 += y * SWAP3(x);
      }
      out[0] += SUM(s0 * SIGN0);
      out[1] += SUM(s1 * SIGN1);
      out[2] += SUM(s2 * SIGN2);
      out[3] += SUM(s3 * SIGN3);
      NAMED(gradient_passes)(a, b, size, LOW, inner, out);
    }
    NAMED(gradient_passes)(psi + start, lambda + start, large, inner, outer, out);
  }
  NAMED(gradient_passes)(psi, lambda, total, outer, wires, out);
}

static void NAMED(phase)(unsigned wires, const float *diagonal, int conjugate, const float *from, float *to) {
  size_t count = (size_t)1 << wires;
  float sign = conjugate ? -1 : 1;
  for (size_t b = 0; b < count; b += LANES) {
    lanes c = LOAD(diagonal + b), s = sign * LOAD(diagonal + count + b);
    lanes x = LOAD(from + b), y = LOAD(from + count + b);
    STORE(to + b, c * x - s * y);
    STORE(to + count + b, c * y + s * x);
  }
}

static void NAMED(phase_gradients)(
    unsigned wires, const float *psi, const float *lambda, float *scratch, float *out) {
  size_t count = (size_t)1 << wires;
  for (size_t b = 0; b < count; b += LANES)
    STORE(
        scratch + b, LOAD(lambda + b) * LOAD(psi + count + b) - LOAD(lambda + count + b) * LOAD(psi + b));
  for (unsigned q = wires; q-- > LOW;) {
    size_t half = (size_t)1 << q;
    lanes sum = {0};
    for (size_t b = 0; b < half; b += LANES) {
      lanes x = LOAD(scratch + b), y = LOAD(scratch + half + b);
      sum += x - y;
      STORE(scratch + b, x + y);
    }
    out[q] += SUM(sum);
  }
  lanes x = LOAD(scratch);
  out[0] -= SUM(x * SIGN0);
  out[1] -= SUM(x * SIGN1);
  out[2] -= SUM(x * SIGN2);
  out[3] -= SUM(x * SIGN3);
}

// The Walsh-Hadamard transform: every parity's signed sum at once.
#define PARITY_LANE(x)               \
  do {                               \
    x = SWAP0(x) - x * SIGN0;        \
    x = SWAP1(x) - x * SIGN1;        \
    x = SWAP2(x) - x * SIGN2;        \
    x = SWAP3(x) - x * SIGN3;        \
  } while (0)
#define PARITY_PAIR(x, y, q)         \
  do {                               \
    __typeof__(x) t = x + y;         \
    y = x - y;                       \
    x = t;                           \
  } while (0)

// Of a block that stays in the second-level cache only the parities that are asked for are kept, for the high qubits.
static void NAMED(expectations)(
    unsigned wires, const float *psi, const uint32_t *masks, unsigned count, float *scratch, float *out) {
  unsigned outer = wires < OUTER_WIRES ? wires : OUTER_WIRES;
  size_t size = (size_t)1 << wires, large = (size_t)1 << outer, blocks = size / large;
  float sums[STATEVECTOR_WIRES_LIMIT][BLOCKS];
  for (size_t block = 0; block < blocks; block++) {
    const float *re = psi + block * large, *im = re + size;
    for (size_t b = 0; b < large; b += LANES) {
      lanes x = LOAD(re + b), y = LOAD(im + b);
      STORE(scratch + b, x * x + y * y);
    }
    LAYER(scratch, large, outer, PARITY_LANE, PARITY_PAIR, NOTHING);
    for (unsigned i = 0; i < count; i++) sums[i][block] = scratch[masks[i] & (large - 1)];
  }
  for (unsigned i = 0; i < count; i++) {
    for (size_t bit = 1; bit < blocks; bit *= 2)
      for (size_t k = 0; k < blocks; k++)
        if (!(k & bit)) PARITY_PAIR(sums[i][k], sums[i][k | bit], 0);
    out[i] = sums[i][masks[i] >> outer];
  }
}

// The transform of the weights, but for qubits from `until` on.
static INLINE void NAMED(observable_until)(
    unsigned wires, unsigned until, const uint32_t *masks, unsigned count, const float *w, float *diagonal) {
  unsigned outer = wires < OUTER_WIRES ? wires : OUTER_WIRES;
  size_t size = (size_t)1 << wires, large = (size_t)1 << outer;
  for (size_t b = 0; b < size; b += LANES) STORE(diagonal + b, (lanes){0});
  // A block without a weight stays zero.
  unsigned char weighted[BLOCKS] = {0};
  for (unsigned i = 0; i < count; i++) {
    diagonal[masks[i]] += w[i];
    weighted[masks[i] >> outer] = 1;
  }
  for (size_t b = 0; b < size; b += large)
    if (weighted[b >> outer]) LAYER(diagonal + b, large, outer, PARITY_LANE, PARITY_PAIR, NOTHING);
  if (outer < until) PASSES(diagonal, size, outer, until, NOTHING, PARITY_PAIR);
}

static void NAMED(observable)(
    unsigned wires, const uint32_t *masks, unsigned count, const float *w, float *diagonal) {
  NAMED(observable_until)(wires, wires, masks, count, w, diagonal);
}

// A state times a diagonal that is still to be transformed over the highest `qubits`.
static INLINE void NAMED(scale)(
    size_t count, const float *diagonal, const float *from, float *to, const unsigned qubits) {
  size_t stride = count >> qubits;
  for (size_t b = 0; b < stride; b += LANES) {
    lanes d[8];
    UNROLL for (unsigned k = 0; k < 1u << qubits; k++) d[k] = LOAD(diagonal + b + k * stride);
    UNROLL for (unsigned bit = 0; bit < qubits; bit++)
      UNROLL for (unsigned k = 0; k < 1u << qubits; k++)
        if (!(k >> bit & 1)) PARITY_PAIR(d[k], d[k | 1u << bit], 0);
    UNROLL for (unsigned k = 0; k < 1u << qubits; k++) {
      STORE(to + b + k * stride, d[k] * LOAD(from + b + k * stride));
      STORE(to + count + b + k * stride, d[k] * LOAD(from + count + b + k * stride));
    }
  }
}

static void NAMED(observe)(
    unsigned wires, const uint32_t *masks, unsigned count, const float *w, float *scratch, const float *from, float *to,
    const float *other, float *to_other) {
  // The last pass over a diagonal that outgrows the second-level cache is made where it is used.
  unsigned last = wires > OUTER_WIRES ? (wires - OUTER_WIRES - 1) % 3 + 1 : 0;
  NAMED(observable_until)(wires, wires - last, masks, count, w, scratch);
  for (; from; from = other, to = to_other, other = NULL)
    switch (last) {
    case 0: NAMED(scale)((size_t)1 << wires, scratch, from, to, 0); break;
    case 1: NAMED(scale)((size_t)1 << wires, scratch, from, to, 1); break;
    case 2: NAMED(scale)((size_t)1 << wires, scratch, from, to, 2); break;
    default: NAMED(scale)((size_t)1 << wires, scratch, from, to, 3);
    }
}
#undef PARITY_LANE
#undef PARITY_PAIR

static const statevector_kernels NAMED(kernels) = {
    .product = NAMED(product),
    .product_tangent = NAMED(product_tangent),
    .contract = NAMED(contract),
    .contract_tangent = NAMED(contract_tangent),
    .rotate = NAMED(rotate),
    .rotate_tangent = NAMED(rotate_tangent),
    .rotation_gradients = NAMED(rotation_gradients),
    .phase = NAMED(phase),
    .phase_gradients = NAMED(phase_gradients),
    .permute = NAMED(permute),
    .expectations = NAMED(expectations),
    .observable = NAMED(observable),
    .observe = NAMED(observe),
};

#undef PASS
#undef PASSES
#undef LAYER
#undef NOTHING
#undef NAMED
#undef GROUP
#undef PICK
#undef PICK_MASK
#undef PICK_INDEX
#undef PICK_GROUP
#undef PICK_LOAD
#undef PICK_FLIP
#undef PICK_ZERO
#undef PICK_LANES
#undef PICK_STORE
