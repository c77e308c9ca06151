// What a processor must have for an instruction set: asked of it, and assumed of it by the compiler, in the same words.
#pragma once

// Around what every processor is to compute alike: the other sets round a product and its sum once, which not all can.
#define BEGIN_GENERIC _Pragma("STDC FP_CONTRACT OFF")
#define END_GENERIC _Pragma("STDC FP_CONTRACT ON")

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512_LEVEL "x86-64-v4"
#define AVX2_LEVEL "x86-64-v3"

// Around the functions of an instruction set. That of x86-64-v4 prefers registers of half the width, unless told.
#define BEGIN_AVX512                                                                                        \
  _Pragma("clang attribute push(__attribute__((target(\"arch=\" AVX512_LEVEL))), apply_to = function)") \
  _Pragma("clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)")
#define END_AVX512 _Pragma("clang attribute pop") _Pragma("clang attribute pop")
#define BEGIN_AVX2 \
  _Pragma("clang attribute push(__attribute__((target(\"arch=\" AVX2_LEVEL))), apply_to = function)")
#define END_AVX2 _Pragma("clang attribute pop")
#endif
