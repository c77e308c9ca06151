// The instruction set of all kernels: chosen once, by one rule, so that its name says what a result was computed with.
#pragma once

/// The instruction sets that the kernels are compiled for, the best first.
typedef enum {
  /// AVX-512, on processors of the level x86-64-v4.
  instruction_set_avx512,
  /// AVX2 and FMA, on processors of the level x86-64-v3.
  instruction_set_avx2,
  /// Advanced SIMD, on every 64-bit Arm.
  instruction_set_neon,
  /// What every processor has.
  instruction_set_generic,
} instruction_set;

/// The set that this thread's kernels use: the best that the processor has, or the one that is forced.
instruction_set instruction_set_in_use(void);
/// The name of that set: "avx512", "avx2", "neon" or "generic".
const char *instruction_set_name(void);
/// Has the whole process use a set, from the next kernel on. Returns whether the processor has it; if not, nothing changes.
int instruction_set_choose(const char *name);
/// Has this thread use another set, for tests of it; null: the best again. Returns whether the processor has it.
int instruction_set_force(const char *name);
