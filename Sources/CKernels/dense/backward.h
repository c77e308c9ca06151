// dx = e Wᵀ: part of kernels.h, once per instruction set.

// Always sixteen floats, of which an instruction set with shorter vectors uses several: so that all add in the same order.
typedef float NAME(wide) __attribute__((vector_size(64)));
typedef float NAME(v4) __attribute__((vector_size(16)));
#define wide NAME(wide)

#define LOAD_WIDE(p) (*(const wide *)(p))

// The sums of four vectors' elements, as four floats.
INLINE NAME(v4) NAME(totals)(const wide *x) {
  const wide ab = __builtin_shufflevector(x[0], x[1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                  __builtin_shufflevector(x[0], x[1], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  const wide cd = __builtin_shufflevector(x[2], x[3], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                  __builtin_shufflevector(x[2], x[3], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  wide s = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  s += __builtin_shufflevector(s, s, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  s += __builtin_shufflevector(s, s, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return __builtin_shufflevector(s, s, 0, 4, 8, 12);
}

// dx of R rows and the C inputs `list`, at most BLOCK_INPUTS: dot products of rows of e with rows of the weights.
INLINE void NAME(backward_tile)(const int R, const int C, const int *list, long inputs, long columns,
                                const float *weights, const float *e, long lde, float *dx, long ldx) {
  wide sum[BLOCK_ROWS][4];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < 4; c++) sum[r][c] = (wide){0};
  const long whole = columns / 32;
  const float *w[4];
  for (int c = 0; c < C; c++) w[c] = weights + list[c] * 32;
  for (long panel = 0; panel < whole; panel++) {
    const long start = panel * 32 * inputs;
#pragma clang loop unroll(full)
    for (int at = 0; at < 32; at += 16) {
      wide row[BLOCK_ROWS];
      for (int r = 0; r < R; r++) row[r] = LOAD_WIDE(e + r * lde + panel * 32 + at);
      for (int c = 0; c < C; c++) {
        const wide column = LOAD_WIDE(w[c] + start + at);
        for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + row[r] * column;
      }
    }
  }
  if (columns % 32)
    for (int c = 0; c < C; c++) {
      const wide column = LOAD_WIDE(weights + whole * 32 * inputs + list[c] * 16);
      for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + LOAD_WIDE(e + r * lde + whole * 32) * column;
    }
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++) {
    const NAME(v4) value = NAME(totals)(sum[r]);
    for (int c = 0; c < C; c++) dx[r * ldx + list[c]] = value[c];
  }
}

// Of R rows and the listed inputs.
INLINE void NAME(backward_rows)(const int R, long count, const int *list, long inputs, long columns,
                                const float *weights, const float *e, long lde, float *dx, long ldx) {
#define TILE(C) NAME(backward_tile)(R, C, list, inputs, columns, weights, e, lde, dx, ldx)
  for (; count >= BLOCK_INPUTS; count -= BLOCK_INPUTS, list += BLOCK_INPUTS) TILE(BLOCK_INPUTS);
  if (count == 3) TILE(3);
  else if (count == 2) TILE(2);
  else if (count == 1) TILE(1);
#undef TILE
}

// Inputs that the mask keeps from all rows of a tile are left out: a tenth of the hidden neurons, a third at first.
static void NAME(backward)(long inputs, long columns, long begin, long end, const float *weights, long rows,
                           const float *e, long lde, const float *mask, float *dx, long ldx) {
  const long last = end * 4 < inputs ? end * 4 : inputs;
  for (long first = begin * 4; first < last; first += NEAR) {
    const long width = last - first < NEAR ? last - first : NEAR;
    for (long row = 0; row < rows;) {
      const long R = rows - row < BLOCK_ROWS ? 1 : BLOCK_ROWS;
      const float *rowE = e + row * lde, *m = mask ? mask + row * ldx : 0;
      float *out = dx + row * ldx;
      unsigned long any = m ? 0 : ~0UL >> (64 - width);
      for (long r = 0; m && r < R; r++) any |= NAME(bits_of)(m + r * ldx + first, width);
      int list[NEAR];
      long count = 0;
      for (; any; any &= any - 1) list[count++] = (int)(first + __builtin_ctzl(any));
      if (R == BLOCK_ROWS) NAME(backward_rows)(BLOCK_ROWS, count, list, inputs, columns, weights, rowE, lde, out, ldx);
      else NAME(backward_rows)(1, count, list, inputs, columns, weights, rowE, lde, out, ldx);
      for (long r = 0; m && r < R; r++)
        for (long i = r * ldx + first; i < r * ldx + first + width; i++) out[i] = m[i] > 0 ? out[i] : 0;
      row += R;
    }
  }
}

#undef wide
#undef LOAD_WIDE
