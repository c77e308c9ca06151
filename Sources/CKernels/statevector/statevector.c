#include "statevector.h"

#include <stddef.h>

#include "../levels.h"
#include "instruction_set.h"

enum {
  LOW = STATEVECTOR_WIRES,
  LANES = 1 << LOW,
  // 2^13 floats, 32 KiB, stay in the first-level cache.
  BLOCK_WIRES = 13,
  // 2^17 floats, 512 KiB, stay in the second-level cache.
  OUTER_WIRES = 17,
  // The most of these in a plane.
  BLOCKS = 1 << (STATEVECTOR_WIRES_LIMIT - OUTER_WIRES),
};

// The least cos² of half an angle for which the product of all wires' cos, 2^-5 each, is a normal float.
#define STEEPEST (1.0f / 1024)
_Static_assert(5 * STATEVECTOR_WIRES_LIMIT <= 126, "the product of so many cos is no normal float");

// Always sixteen floats; an instruction set with shorter registers uses several.
typedef float lanes __attribute__((vector_size(4 * LANES)));

#define INLINE inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define LOAD(p) (*(const lanes *)(p))
#define STORE(p, x) (*(lanes *)(p) = (x))

// The partner of each lane for qubit 0 … 3, and the sign of sin in RY: - where the qubit is 0, + where it is 1.
#define SWAP0(x) __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#define SWAP1(x) __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define SWAP2(x) __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)
#define SWAP3(x) __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
#define SIGN0 ((lanes){-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1})
#define SIGN1 ((lanes){-1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1})
#define SIGN2 ((lanes){-1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1})
#define SIGN3 ((lanes){-1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1})
// A fixed tree, so that every instruction set adds in the same order.
#define SUM(x)                    \
  __extension__({                 \
    lanes sum_ = (x);             \
    sum_ += SWAP3(sum_);          \
    sum_ += SWAP2(sum_);          \
    sum_ += SWAP1(sum_);          \
    sum_[0] + sum_[1];            \
  })

BEGIN_GENERIC
#define NAMED(f) generic_##f
#include "kernels.h"
END_GENERIC

#if defined(__x86_64__)
typedef int v8 __attribute__((vector_size(32)));

// How a group of lanes is picked from registers of another order; without it, one amplitude at a time.
BEGIN_AVX2
#define NAMED(f) avx2_##f
#define GROUP 8
#define PICK_INDEX __m256i
#define PICK_MASK __m256
#define PICK_GROUP __m256
#define PICK_ZERO _mm256_setzero_ps()
#define PICK_LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define PICK_FLIP(x, bits) _mm256_xor_si256(x, _mm256_set1_epi32((int)(bits)))
#define PICK_LANES(bits) (__m256)(((v8)_mm256_set1_epi32((int)(bits)) & (v8){1, 2, 4, 8, 16, 32, 64, 128}) != 0)
#define PICK(x, mask, index, p) _mm256_blendv_ps(x, _mm256_permutevar8x32_ps(_mm256_load_ps(p), index), mask)
#define PICK_STORE(p, x) _mm256_store_ps(p, x)
#include "kernels.h"
END_AVX2

BEGIN_AVX512
#define NAMED(f) avx512_##f
#define GROUP 16
#define PICK_INDEX __m512i
#define PICK_MASK __mmask16
#define PICK_GROUP __m512
#define PICK_ZERO _mm512_setzero_ps()
#define PICK_LOAD(p) _mm512_loadu_si512(p)
#define PICK_FLIP(x, bits) _mm512_xor_si512(x, _mm512_set1_epi32((int)(bits)))
#define PICK_LANES(bits) (__mmask16)(bits)
#define PICK(x, mask, index, p) _mm512_mask_permutexvar_ps(x, mask, index, _mm512_load_ps(p))
#define PICK_STORE(p, x) _mm512_store_ps(p, x)
#include "kernels.h"
END_AVX512
#elif defined(__aarch64__)
#define NAMED(f) neon_##f
#include "kernels.h"
#endif

const statevector_kernels *statevector_kernels_in_use(void) {
  switch (instruction_set_in_use()) {
#if defined(__x86_64__)
  case instruction_set_avx512: return &avx512_kernels;
  case instruction_set_avx2: return &avx2_kernels;
#elif defined(__aarch64__)
  case instruction_set_neon: return &neon_kernels;
#endif
  default: return &generic_kernels;
  }
}
