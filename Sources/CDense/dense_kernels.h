/* The kernels for one instruction set; included by dense.c once for each. Needs VL (floats a vector), ROWS (rows of a
 * register tile of two vectors), BLOCK_ROWS (rows of a tile of four dot products) and NAME. */

typedef float NAME(vf) __attribute__((vector_size(4 * VL)));
typedef int NAME(vi) __attribute__((vector_size(4 * VL)));
#define vf NAME(vf)
#define vi NAME(vi)
#define INLINE static inline __attribute__((always_inline))

INLINE vf NAME(load)(const float *p) { return *(const vf *)p; }
INLINE void NAME(store)(float *p, vf value) { *(vf *)p = value; }
INLINE vf NAME(positive)(vf mask, vf value) { return (vf)((vi)value & (vi)(mask > 0.0f)); }

/* y of R rows and V vectors of columns. */
INLINE void NAME(forward_tile)(const int R, const int V, long inputs, const float *w, long stride, const float *bias,
                               const float *x, long ldx, int relu, const float *mask, float *y, long ldy) {
  vf sum[ROWS][2];
  for (int v = 0; v < V; v++)
    for (int r = 0; r < R; r++) sum[r][v] = bias ? NAME(load)(bias + v * VL) : (vf){0};
  for (long k = 0; k < inputs; k++) {
    vf column[2];
    for (int v = 0; v < V; v++) column[v] = NAME(load)(w + k * stride + v * VL);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
      const float value = x[r * ldx + k];
      for (int v = 0; v < V; v++) sum[r][v] = sum[r][v] + column[v] * value;
    }
  }
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) {
      vf value = sum[r][v];
      if (relu) value = NAME(positive)(value, value);
      if (mask) value = NAME(positive)(NAME(load)(mask + r * ldy + v * VL), value);
      NAME(store)(y + r * ldy + v * VL, value);
    }
}

#define ROW_CASES(R, CALL) \
  switch (R) {             \
  case 1: CALL(1); break;  \
  case 2: CALL(2); break;  \
  case 3: CALL(3); break;  \
  case 4: CALL(4); break;  \
  case 5: CALL(5); break;  \
  case 6: CALL(6); break;  \
  case 7: CALL(7); break;  \
  case 8: CALL(8); break;  \
  case 9: CALL(9); break;  \
  default: CALL(ROWS);     \
  }

static void NAME(forward)(long inputs, long columns, long begin, long end, const float *weights, const float *bias, long rows,
                          const float *x, long ldx, int relu, const float *mask, float *y, long ldy) {
  for (long panel = begin; panel < end; panel++) {
    const long width = panel_width(columns, panel);
    const float *w = weights + panel * 32 * inputs;
    for (long at = 0; at < width;) {
      const long column = panel * 32 + at;
      const int V = width - at >= 2 * VL ? 2 : 1;
      for (long row = 0; row < rows; row += ROWS) {
        const long left = rows - row;
        const float *m = mask ? mask + row * ldy + column : 0, *b = bias ? bias + column : 0;
#define WIDE(R) \
  NAME(forward_tile)(R, 2, inputs, w + at, width, b, x + row * ldx, ldx, relu, m, y + row * ldy + column, ldy)
#define NARROW(R) \
  NAME(forward_tile)(R, 1, inputs, w + at, width, b, x + row * ldx, ldx, relu, m, y + row * ldy + column, ldy)
        if (left >= ROWS) {
          if (V == 2) WIDE(ROWS);
          else NARROW(ROWS);
        } else if (V == 2) {
          ROW_CASES(left, WIDE)
        } else {
          ROW_CASES(left, NARROW)
        }
#undef WIDE
#undef NARROW
      }
      at += V * VL;
    }
  }
}


/* The sums of four vectors' elements, as four floats. */
typedef float NAME(v4) __attribute__((vector_size(16)));
typedef int NAME(i4) __attribute__((vector_size(16)));
INLINE NAME(v4) NAME(totals)(vf a, vf b, vf c, vf d) {
#if VL == 16
  const vf ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  const vf cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  vf s = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  s += __builtin_shufflevector(s, s, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  s += __builtin_shufflevector(s, s, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return __builtin_shufflevector(s, s, 0, 4, 8, 12);
#elif VL == 8
  const vf ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  const vf cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 8, 9, 10, 11) +
                __builtin_shufflevector(c, d, 4, 5, 6, 7, 12, 13, 14, 15);
  vf s = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13) +
         __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
  s += __builtin_shufflevector(s, s, 1, 0, 3, 2, 5, 4, 7, 6);
  return __builtin_shufflevector(s, s, 0, 4, 2, 6);
#else
  const vf ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const vf cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
#endif
}

/* dx of R rows and C inputs, at most four: dot products of rows of e with rows of the weights. */
INLINE void NAME(backward_tile)(const int R, const int C, long inputs, long columns, const float *weights, long input,
                                const float *e, long lde, const float *mask, float *dx, long ldx) {
  vf sum[BLOCK_ROWS][4];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < 4; c++) sum[r][c] = (vf){0};
  const long whole = columns / 32;
  const float *w = weights + input * 32;
  for (long panel = 0; panel < whole; panel++) {
#pragma clang loop unroll(full)
    for (int at = 0; at < 32; at += VL) {
      vf row[BLOCK_ROWS];
      for (int r = 0; r < R; r++) row[r] = NAME(load)(e + r * lde + panel * 32 + at);
      for (int c = 0; c < C; c++) {
        const vf column = NAME(load)(w + c * 32 + at);
        for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + row[r] * column;
      }
    }
    w += 32 * inputs;
  }
  if (columns % 32) {
    w = weights + whole * 32 * inputs + input * 16;
#pragma clang loop unroll(full)
    for (int at = 0; at < 16; at += VL)
      for (int c = 0; c < C; c++) {
        const vf column = NAME(load)(w + c * 16 + at);
        for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + NAME(load)(e + r * lde + whole * 32 + at) * column;
      }
  }
  for (int r = 0; r < R; r++) {
    NAME(v4) value = NAME(totals)(sum[r][0], sum[r][1], sum[r][2], sum[r][3]);
    if (C == 4) {
      if (mask) value = (NAME(v4))((NAME(i4))value & (NAME(i4))(*(const NAME(v4) *)(mask + r * ldx) > 0.0f));
      *(NAME(v4) *)(dx + r * ldx) = value;
    } else {
      for (int c = 0; c < C; c++) dx[r * ldx + c] = !mask || mask[r * ldx + c] > 0 ? value[c] : 0;
    }
  }
}

static void NAME(backward)(long inputs, long columns, long begin, long end, const float *weights, long rows,
                           const float *e, long lde, const float *mask, float *dx, long ldx) {
  for (long block = begin; block < end; block++) {
    const long input = block * 4, C = inputs - input < 4 ? inputs - input : 4;
    for (long row = 0; row < rows;) {
      const long R = rows - row < BLOCK_ROWS ? 1 : BLOCK_ROWS;
      const float *rowE = e + row * lde, *m = mask ? mask + row * ldx + input : 0;
      float *out = dx + row * ldx + input;
#define TILE(R, C) NAME(backward_tile)(R, C, inputs, columns, weights, input, rowE, lde, m, out, ldx)
#define COLUMNS(R)              \
  if (C == 4) TILE(R, 4);       \
  else if (C == 3) TILE(R, 3);  \
  else if (C == 2) TILE(R, 2);  \
  else TILE(R, 1);
      if (R == BLOCK_ROWS) {
        COLUMNS(BLOCK_ROWS)
      } else {
        COLUMNS(1)
      }
#undef COLUMNS
#undef TILE
      row += R;
    }
  }
}

/* Adds x[k] e[n] of R inputs k and V vectors of columns n. */
INLINE void NAME(outer_row)(const int R, const int V, const float *x, const float *e, vf sum[ROWS][2]) {
  vf column[2];
  for (int v = 0; v < V; v++) column[v] = NAME(load)(e + v * VL);
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sum[r][v] = sum[r][v] + column[v] * x[r];
}

/* Σ_b x[b][k] e[b][n] of R inputs k and V vectors of columns n. */
INLINE void NAME(outer_tile)(const int R, const int V, long rows, const float *x, long ldx, const float *e, long lde,
                             vf sum[ROWS][2]) {
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sum[r][v] = (vf){0};
  for (long b = 0; b < rows; b++) NAME(outer_row)(R, V, x + b * ldx, e + b * lde, sum);
}

INLINE void NAME(adam_vector)(const adam_factors *adam, vf g, float *w, float *m, float *v) {
  const vf first = NAME(load)(m) * adam->beta1 + g * adam->rest1;
  const vf second = NAME(load)(v) * adam->beta2 + g * g * adam->rest2;
  NAME(store)(m, first);
  NAME(store)(v, second);
  NAME(store)(w, NAME(load)(w) - first * adam->rate / (__builtin_elementwise_sqrt(second) + adam->epsilon));
}

INLINE void NAME(update_tile)(const int R, const int V, long rows, const float *x, long ldx, const float *e, long lde,
                              long stride, const adam_factors *adam, float *w, float *m, float *v, vf *norm) {
  vf sum[ROWS][2];
  NAME(outer_tile)(R, V, rows, x, ldx, e, lde, sum);
  for (int r = 0; r < R; r++)
    for (int c = 0; c < V; c++) {
      const long at = r * stride + c * VL;
      if (adam) {
        NAME(adam_vector)(adam, sum[r][c], w + at, m + at, v + at);
        if (norm) *norm += sum[r][c] * sum[r][c];
      } else {
        NAME(store)(w + at, NAME(load)(w + at) + sum[r][c]);
      }
    }
}

/* Adam on `tiles` tiles of ROWS inputs and two vectors of columns. Roots and quotients take half as long as the
 * products, on units of their own, and the parameters come from far: so a tile's parameters are fetched while its
 * products are taken, and moved between the products of the next. Adam's factors stay in memory: no register is left. */
INLINE void NAME(update_tiles)(long tiles, long rows, const float *x, long ldx, const float *e, long lde, long stride,
                               const adam_factors *adam, float *w, float *m, float *v) {
  vf waiting[ROWS][2], sum[ROWS][2];
  const long vectors = ROWS * 2, shared = rows < vectors ? rows : vectors;
#define ADAM(i)                                                                             \
  {                                                                                         \
    const long at = (i) / 2 * stride + (i) % 2 * VL;                                        \
    NAME(adam_vector)(adam, waiting[(i) / 2][(i) % 2], w + at, m + at, v + at);             \
  }
  NAME(outer_tile)(ROWS, 2, rows, x, ldx, e, lde, waiting);
  for (long tile = 1; tile < tiles; tile++) {
    x += ROWS;
    for (int r = 0; r < ROWS; r++) sum[r][0] = sum[r][1] = (vf){0};
    long b = 0;
    for (; b < shared; b++) {
      NAME(outer_row)(ROWS, 2, x + b * ldx, e + b * lde, sum);
      const long ahead = (b / 2 + ROWS) * stride + b % 2 * VL;
      __builtin_prefetch(w + ahead, 1);
      __builtin_prefetch(m + ahead, 1);
      __builtin_prefetch(v + ahead, 1);
      ADAM(b)
    }
    for (long i = b; i < vectors; i++) ADAM(i)
    for (; b < rows; b++) NAME(outer_row)(ROWS, 2, x + b * ldx, e + b * lde, sum);
    for (int r = 0; r < ROWS; r++)
      for (int c = 0; c < 2; c++) waiting[r][c] = sum[r][c];
    w += ROWS * stride;
    m += ROWS * stride;
    v += ROWS * stride;
  }
  for (long i = 0; i < vectors; i++) ADAM(i)
#undef ADAM
}

/* With adam: the fused step. Without: `w` is a gradient that is added to. */
static double NAME(update)(long inputs, long columns, long begin, long end, const adam_factors *adam, long rows,
                           const float *x, long ldx, const float *e, long lde, float *weights, float *m, float *v,
                           int wantNorm) {
  double total = 0;
  for (long panel = begin; panel < end; panel++) {
    const long width = panel_width(columns, panel);
    const long base = panel * 32 * inputs;
    vf norm = {0};
    for (long at = 0; at < width;) {
      const int V = width - at >= 2 * VL ? 2 : 1;
      const float *rowE = e + panel * 32 + at;
      long input = 0;
      if (adam && V == 2 && !wantNorm && inputs >= ROWS) {
        const long i = base + at, tiles = inputs / ROWS;
        NAME(update_tiles)(tiles, rows, x, ldx, rowE, lde, width, adam, weights + i, m + i, v + i);
        input = tiles * ROWS;
      }
      for (; input < inputs; input += ROWS) {
        const long left = inputs - input, i = base + input * width + at;
        const float *rowX = x + input;
#define TILE(R, V, N) \
  NAME(update_tile)(R, V, rows, rowX, ldx, rowE, lde, width, adam, weights + i, m + i, v + i, N)
#define CHOOSE(R)                                   \
  if (!adam) {                                      \
    if (V == 2) TILE(R, 2, 0);                      \
    else TILE(R, 1, 0);                             \
  } else if (V == 2) {                              \
    if (wantNorm) TILE(R, 2, &norm);                \
    else TILE(R, 2, 0);                             \
  } else {                                          \
    TILE(R, 1, &norm);                              \
  }
        if (left >= ROWS) {
          CHOOSE(ROWS)
        } else {
          for (long k = 0; k < left; k++) {
            rowX = x + input + k;
            const long i = base + (input + k) * width + at;
            CHOOSE(1)
          }
        }
#undef CHOOSE
#undef TILE
      }
      at += V * VL;
    }
    for (int i = 0; i < VL; i++) total += norm[i];
  }
  return wantNorm ? total : 0;
}

static void NAME(adam_step)(const adam_factors *adam, long count, const float *g, float *w, float *m, float *v) {
  for (long i = 0; i < count; i += VL) NAME(adam_vector)(adam, NAME(load)(g + i), w + i, m + i, v + i);
}

/* Multiplies and adds in as many registers as the products use; returns the operations done. */
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

#undef vf
#undef vi
#undef INLINE
#undef ROW_CASES
