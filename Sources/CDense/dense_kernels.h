/* The kernels for one instruction set; included by dense.c once for each. Needs VL (floats a vector), ROWS (rows of a
 * register tile of two vectors), BLOCK_ROWS (rows of a tile of four dot products) and NAME. */

typedef float NAME(vf) __attribute__((vector_size(4 * VL)));
typedef int NAME(vi) __attribute__((vector_size(4 * VL)));
typedef int NAME(bits) __attribute__((may_alias));
#define vf NAME(vf)
#define vi NAME(vi)
#define INLINE static inline __attribute__((always_inline))

INLINE vf NAME(load)(const float *p) { return *(const vf *)p; }
INLINE void NAME(store)(float *p, vf value) { *(vf *)p = value; }
INLINE vf NAME(positive)(vf mask, vf value) { return (vf)((vi)value & (vi)(mask > 0.0f)); }

/* Whether each of at most 64 numbers is not zero, as bits. */
INLINE unsigned long NAME(bits_of)(const float *x, long count) {
  unsigned long bits = 0;
  long i = 0;
#if VL == 16
  /* Without the sign. */
  for (; i + 16 <= count; i += 16)
    bits |= (unsigned long)_mm512_test_epi32_mask(_mm512_loadu_si512(x + i), _mm512_set1_epi32(0x7fffffff)) << i;
#endif
  for (; i < count; i++) bits |= (unsigned long)(x[i] != 0) << i;
  return bits;
}

/* Where a vector of columns begins in the weights, and how far apart its inputs are. */
INLINE long NAME(place)(long inputs, long columns, long column, long *stride) {
  const long panel = column / 32;
  *stride = panel_width(columns, panel);
  return panel * 32 * inputs + column % 32;
}

/* Calls CALL(V, column) for the vectors of panels begin ..< end, V at once, at most VECTORS. */
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

/* y of R rows and V vectors of columns, from the `count` inputs listed. */
INLINE void NAME(forward_tile)(const int R, const int V, long count, const int *active, const float *w, long stride,
                               const float *bias, const float *x, long ldx, int relu, const float *mask, float *y,
                               long ldy) {
  vf sum[ROWS][2];
  for (int v = 0; v < V; v++)
    for (int r = 0; r < R; r++) sum[r][v] = bias ? NAME(load)(bias + v * VL) : (vf){0};
  for (long i = 0; i < count; i++) {
    const long k = active[i];
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

/* Rows in tiles of ROWS, with the inputs that are not zero in all of a tile's rows. */
static void NAME(forward_groups)(long inputs, long columns, long begin, long end, const float *weights,
                                 const float *bias, long rows, const float *x, long ldx, const unsigned long *bits,
                                 int relu, const float *mask, float *y, long ldy) {
  const long words = (inputs + 63) / 64;
  int active[GROUPS][inputs];
  long counts[GROUPS] = {0};
  for (long row = 0; row < rows; row += ROWS)
    for (long word = 0; word < words; word++) {
      unsigned long any = 0;
      for (long r = row; r < row + ROWS && r < rows; r++) any |= bits[r * words + word];
      for (; any; any &= any - 1)
        active[row / ROWS][counts[row / ROWS]++] = (int)(word * 64 + __builtin_ctzl(any));
    }
  for (long panel = begin; panel < end; panel++) {
    const long width = panel_width(columns, panel);
    const float *w = weights + panel * 32 * inputs;
    for (long at = 0; at < width;) {
      const long column = panel * 32 + at;
      const int V = width - at >= 2 * VL ? 2 : 1;
      for (long row = 0; row < rows; row += ROWS) {
        const long left = rows - row;
        const float *m = mask ? mask + row * ldy + column : 0, *b = bias ? bias + column : 0;
        const long count = counts[row / ROWS];
        const int *list = active[row / ROWS];
#define WIDE(R) \
  NAME(forward_tile)(R, 2, count, list, w + at, width, b, x + row * ldx, ldx, relu, m, y + row * ldy + column, ldy)
#define NARROW(R) \
  NAME(forward_tile)(R, 1, count, list, w + at, width, b, x + row * ldx, ldx, relu, m, y + row * ldy + column, ldy)
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

/* R rows, one or two, and V vectors of columns: adds what the 64 inputs from 64 · word on give, those that are not zero
 * in both rows. The first word begins with the bias, the last ends with relu and mask; between them `sums` has the sums,
 * [R][V]: y may be the mask. */
INLINE void NAME(forward_pair)(const int R, const int V, const float *const *w, const long *stride, long word,
                               long words, const float *bias, const float *x, long ldx, const unsigned long *bits,
                               int relu, const float *mask, vf *sums, float *y, long ldy) {
  vf sum[2][VECTORS];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sum[r][v] = word ? sums[r * V + v] : bias ? NAME(load)(bias + v * VL) : (vf){0};
  x += word * 64;
  for (unsigned long left = R == 2 ? bits[word] | bits[words + word] : bits[word]; left; left &= left - 1) {
    const long k = __builtin_ctzl(left);
    vf column[VECTORS];
    /* The last panel may be narrower: with vectors of 16 that is the last vector. */
    for (int v = 0; v < V; v++) column[v] = NAME(load)(w[v] + k * stride[VL == 16 && v < V - 1 ? 0 : v]);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++) sum[r][v] = sum[r][v] + column[v] * x[r * ldx + k];
  }
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) {
      vf value = sum[r][v];
      if (word < words - 1) {
        sums[r * V + v] = value;
        continue;
      }
      if (relu) value = NAME(positive)(value, value);
      if (mask) value = NAME(positive)(NAME(load)(mask + r * ldy + v * VL), value);
      NAME(store)(y + r * ldy + v * VL, value);
    }
}

/* Rows in pairs, and V vectors of columns. The weights of 64 inputs stay near while they meet all rows. */
INLINE void NAME(forward_pairs)(const int V, long column, long inputs, long columns, const float *weights,
                                const float *bias, long rows, const float *x, long ldx, const unsigned long *bits,
                                int relu, const float *mask, float *y, long ldy) {
  const long words = (inputs + 63) / 64;
  const float *w[VECTORS];
  long stride[VECTORS];
  vf sums[GROUPS * ROWS * VECTORS];
  for (int v = 0; v < V; v++) w[v] = weights + NAME(place)(inputs, columns, column + v * VL, &stride[v]);
  for (long word = 0; word < words; word++) {
    for (long row = 0; row < rows; row += 2) {
#define PAIR(R)                                                                                               \
  NAME(forward_pair)(R, V, w, stride, word, words, bias ? bias + column : 0, x + row * ldx, ldx, bits + row * words, \
                     relu, mask ? mask + row * ldy + column : 0, sums + row * V, y + row * ldy + column, ldy)
      if (row + 1 < rows) PAIR(2);
      else PAIR(1);
#undef PAIR
    }
    for (int v = 0; v < V; v++) w[v] += 64 * stride[v];
  }
}

/* Finds what is not zero in a tile's rows, and whether leaving that out by pairs of rows pays. */
INLINE int NAME(find_bits)(long inputs, long rows, const float *x, long ldx, unsigned long *bits) {
  const long words = (inputs + 63) / 64;
  long inPairs = 0, together = 0;
  for (long word = 0; word < words; word++) {
    const long width = inputs - word * 64 < 64 ? inputs - word * 64 : 64;
    unsigned long any = 0;
    for (long r = 0; r < rows; r++) bits[r * words + word] = NAME(bits_of)(x + r * ldx + word * 64, width);
    for (long r = 0; r < rows; r += 2) {
      const unsigned long pair = bits[r * words + word] | (r + 1 < rows ? bits[(r + 1) * words + word] : 0);
      inPairs += __builtin_popcountl(pair) * (r + 1 < rows ? 2 : 1);
      any |= pair;
    }
    together += __builtin_popcountl(any) * rows;
  }
  return inPairs * 8 < together * 7;
}

/* What is zero adds nothing and is left out: most generated voxels, a quarter to half of the hidden neurons. */
static void NAME(forward)(long inputs, long columns, long begin, long end, const float *weights, const float *bias,
                          long rows, const float *x, long ldx, int relu, const float *mask, float *y, long ldy) {
  const long words = (inputs + 63) / 64;
  unsigned long bits[GROUPS * ROWS * words];
  for (long row = 0, count; row < rows; row += count) {
    /* Neighbouring tiles of one kind. */
    int pairs = 0;
    for (count = 0; count < GROUPS * ROWS && row + count < rows;) {
      const long left = rows - row - count, more = left < ROWS ? left : ROWS;
      const int kind = NAME(find_bits)(inputs, more, x + (row + count) * ldx, ldx, bits + count * words);
      if (count > 0 && kind != pairs) break;
      pairs = kind;
      count += more;
    }
    const float *rowX = x + row * ldx, *m = mask ? mask + row * ldy : 0;
    float *out = y + row * ldy;
#define PAIRS(V, column) \
  NAME(forward_pairs)(V, column, inputs, columns, weights, bias, count, rowX, ldx, bits, relu, m, out, ldy)
    if (pairs) EACH_VECTORS(PAIRS)
    else
      NAME(forward_groups)(inputs, columns, begin, end, weights, bias, count, rowX, ldx, bits, relu, m, out, ldy);
#undef PAIRS
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

/* dx of R rows and the C inputs `list`, at most four: dot products of rows of e with rows of the weights. */
INLINE void NAME(backward_tile)(const int R, const int C, const int *list, long inputs, long columns,
                                const float *weights, const float *e, long lde, float *dx, long ldx) {
  vf sum[BLOCK_ROWS][4];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < 4; c++) sum[r][c] = (vf){0};
  const long whole = columns / 32;
  const float *w[4];
  for (int c = 0; c < C; c++) w[c] = weights + list[c] * 32;
  for (long panel = 0; panel < whole; panel++) {
    const long start = panel * 32 * inputs;
#pragma clang loop unroll(full)
    for (int at = 0; at < 32; at += VL) {
      vf row[BLOCK_ROWS];
      for (int r = 0; r < R; r++) row[r] = NAME(load)(e + r * lde + panel * 32 + at);
      for (int c = 0; c < C; c++) {
        const vf column = NAME(load)(w[c] + start + at);
        for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + row[r] * column;
      }
    }
  }
  if (columns % 32) {
#pragma clang loop unroll(full)
    for (int at = 0; at < 16; at += VL)
      for (int c = 0; c < C; c++) {
        const vf column = NAME(load)(weights + whole * 32 * inputs + list[c] * 16 + at);
        for (int r = 0; r < R; r++) sum[r][c] = sum[r][c] + NAME(load)(e + r * lde + whole * 32 + at) * column;
      }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++) {
    const NAME(v4) value = NAME(totals)(sum[r][0], sum[r][1], sum[r][2], sum[r][3]);
    for (int c = 0; c < C; c++) dx[r * ldx + list[c]] = value[c];
  }
}

/* Of R rows and the listed inputs. */
INLINE void NAME(backward_rows)(const int R, long count, const int *list, long inputs, long columns,
                                const float *weights, const float *e, long lde, float *dx, long ldx) {
#define TILE(C) NAME(backward_tile)(R, C, list, inputs, columns, weights, e, lde, dx, ldx)
  for (; count >= 4; count -= 4, list += 4) TILE(4);
  if (count == 3) TILE(3);
  else if (count == 2) TILE(2);
  else if (count == 1) TILE(1);
#undef TILE
}

/* Inputs that the mask keeps from all rows of a tile are left out: a tenth of the hidden neurons, a third at first. */
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
  const vf before = NAME(load)(w);
  const vf first = NAME(load)(m) * adam->beta1 + g * adam->rest1;
  const vf second = NAME(load)(v) * adam->beta2 + g * g * adam->rest2;
  NAME(store)(m, first);
  NAME(store)(v, second);
  NAME(store)(w, before - first * adam->rate / (__builtin_elementwise_sqrt(second) + adam->epsilon));
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

/* A tile of ROWS inputs of a gradient, with the rows in which they are not all zero. */
typedef struct {
  const int *inputs;
  const unsigned char *rows;
  long count;
  /* [count][ROWS] */
  const float *x;
} NAME(tile);

/* Cuts `inputs` inputs, a multiple of ROWS, into tiles. Where a quarter of them or more are zero in ten rows at once,
 * as most generated voxels are, those share tiles; below that, weights out of order cost more than is gained. Needs
 * room for `inputs` times `rows` in `lists` and `values`. */
static void NAME(gather)(long inputs, long rows, const float *x, long ldx, const unsigned long *bits, int *order,
                         unsigned char *lists, float *values, NAME(tile) *tile) {
  unsigned char pattern[inputs];
  int sparse = 0;
  memset(pattern, 0, inputs);
  for (long row = 0; row < rows; row += 10) {
    const unsigned long ten = 1023UL << row;
    const int group = 1 << row / 10;
    long active = 0;
    for (long k = 0; k < inputs; k++) active += (bits[k] & ten) != 0;
    if (active > inputs - inputs / 4) continue;
    sparse |= group;
    for (long k = 0; k < inputs; k++) pattern[k] |= bits[k] & ten ? group : 0;
  }
  if (sparse) {
    int ends[257] = {0};
    for (long k = 0; k < inputs; k++) ends[pattern[k] + 1]++;
    for (int p = 0; p < 256; p++) ends[p + 1] += ends[p];
    for (long k = 0; k < inputs; k++) order[ends[pattern[k]]++] = k;
  } else {
    for (long k = 0; k < inputs; k++) order[k] = k;
  }
  for (; inputs > 0; inputs -= ROWS, order += ROWS, tile++) {
    int groups = ~sparse;
    for (int r = 0; r < ROWS; r++) groups |= pattern[order[r]];
    const int together = order[ROWS - 1] - order[0] == ROWS - 1;
    long count = 0;
    for (long row = 0; row < rows; row += 10, groups >>= 1) {
      if (!(groups & 1)) continue;
      const long end = row + 10 < rows ? row + 10 : rows;
      float *to = values + (count - row) * ROWS;
      if (together)
        for (long b = row; b < end; b++) memcpy(to + b * ROWS, x + b * ldx + order[0], ROWS * sizeof(float));
      else
        for (int r = 0; r < ROWS; r++)
          for (long b = row; b < end; b++) to[b * ROWS + r] = x[b * ldx + order[r]];
      for (long b = row; b < end; b++) lists[count++] = b;
    }
    *tile = (NAME(tile)){order, lists, count, values};
    lists += count;
    values += count * ROWS;
  }
}

/* Adam on tiles and two vectors of columns. Roots and quotients take half as long as the products, on units of their
 * own, and the parameters come from far: so a tile's parameters are fetched while its products are taken, and moved
 * between the products of the next. Adam's factors stay in memory: no register is left. */
INLINE void NAME(update_tiles)(long tiles, const NAME(tile) *tile, const float *e, long lde, long stride,
                               const adam_factors *adam, float *w, float *m, float *v) {
  vf waiting[ROWS][2], sum[ROWS][2];
  const int *inputs = 0;
#define ADAM(r, c, at) \
  NAME(adam_vector)(adam, waiting[r][c], w + (at) + (c) * VL, m + (at) + (c) * VL, v + (at) + (c) * VL);
#define FETCH(at)                  \
  __builtin_prefetch(w + (at), 1); \
  __builtin_prefetch(m + (at), 1); \
  __builtin_prefetch(v + (at), 1);
#define ROW(b) NAME(outer_row)(ROWS, 2, x + (b) * ROWS, e + rows[b] * lde, sum);
  for (; tiles > 0; tiles--, tile++) {
    const float *x = tile->x;
    const int *next = tile->inputs;
    const unsigned char *rows = tile->rows;
    const long count = tile->count;
    for (int r = 0; r < ROWS; r++) sum[r][0] = sum[r][1] = (vf){0};
    long b = 0;
    for (long r = 0; inputs && r < ROWS; r++, b += 2) {
      const long at = inputs[r] * stride, ahead = next[r] * stride;
      if (b < count) ROW(b)
      FETCH(ahead)
      ADAM(r, 0, at)
      if (b + 1 < count) ROW(b + 1)
      FETCH(ahead + VL)
      ADAM(r, 1, at)
    }
    for (; b < count; b++) ROW(b)
    for (int r = 0; r < ROWS; r++)
      for (int c = 0; c < 2; c++) waiting[r][c] = sum[r][c];
    inputs = next;
  }
  for (long r = 0; r < ROWS; r++)
    for (int c = 0; c < 2; c++) ADAM(r, c, inputs[r] * stride)
#undef ADAM
#undef FETCH
#undef ROW
}

/* Adam on inputs one by one, each with the rows in which it is not zero, and V vectors of columns; here too an input's
 * parameters are moved between the products of the next. */
INLINE void NAME(update_inputs)(const int V, long column, long inputs, long columns, const unsigned long *bits,
                                const adam_factors *adam, const float *x, long ldx, const float *e, long lde,
                                float *weights, float *m, float *v) {
  long at[VECTORS], stride[VECTORS];
  for (int i = 0; i < V; i++) at[i] = NAME(place)(inputs, columns, column + i * VL, &stride[i]);
  e += column;
  vf waiting[VECTORS];
#define ADAM(i)                                                                \
  {                                                                            \
    NAME(adam_vector)(adam, waiting[i], weights + at[i], m + at[i], v + at[i]); \
    at[i] += stride[i];                                                        \
  }
#define ROW                                                                                            \
  {                                                                                                    \
    const long b = __builtin_ctzl(left);                                                               \
    left &= left - 1;                                                                                  \
    for (int i = 0; i < V; i++) sum[i] = sum[i] + NAME(load)(e + b * lde + i * VL) * x[b * ldx + k];    \
  }
  for (long k = 0; k < inputs; k++) {
    vf sum[VECTORS];
    unsigned long left = bits[k];
    for (int i = 0; i < V; i++) sum[i] = (vf){0};
#pragma clang loop unroll(full)
    for (int i = 0; i < V; i++) {
      if (k == 0) break;
      if (left) ROW
      if (left) ROW
      __builtin_prefetch(weights + at[i] + 2 * stride[i], 1);
      __builtin_prefetch(m + at[i] + 2 * stride[i], 1);
      __builtin_prefetch(v + at[i] + 2 * stride[i], 1);
      ADAM(i)
    }
    while (left) ROW
    for (int i = 0; i < V; i++) waiting[i] = sum[i];
  }
  for (int i = 0; i < V; i++) ADAM(i)
#undef ADAM
#undef ROW
}

/* With adam: the fused step. Without: `w` is a gradient that is added to. */
static double NAME(update)(long inputs, long columns, long begin, long end, const adam_factors *adam, long rows,
                           const float *x, long ldx, const float *e, long lde, float *weights, float *m, float *v,
                           int wantNorm) {
  const long tiles = inputs / ROWS;
  int fused = adam && !wantNorm && rows <= 64;
  unsigned long bits[fused ? inputs : 1];
  if (fused) {
    long count = 0;
    memset(bits, 0, sizeof bits);
    for (long b = 0; b < rows; b++)
      for (long k = 0; k < inputs; k++) bits[k] |= (unsigned long)(x[b * ldx + k] != 0) << b;
    for (long k = 0; k < inputs; k++) count += __builtin_popcountl(bits[k]);
    if (count * 3 < inputs * rows * 2) {
#define INPUTS(V, column) \
  NAME(update_inputs)(V, column, inputs, columns, bits, adam, x, ldx, e, lde, weights, m, v)
      EACH_VECTORS(INPUTS)
#undef INPUTS
      return 0;
    }
  }
  fused = fused && tiles > 0 && rows * inputs <= GATHERED;
  const long values = fused ? tiles * ROWS * rows + 1 : 1;
  int order[fused ? tiles * ROWS : 1];
  unsigned char lists[values];
  float gathered[values];
  NAME(tile) tile[fused ? tiles : 1];
  if (fused) NAME(gather)(tiles * ROWS, rows, x, ldx, bits, order, lists, gathered, tile);
  double total = 0;
  for (long panel = begin; panel < end; panel++) {
    const long width = panel_width(columns, panel);
    const long base = panel * 32 * inputs;
    vf norm = {0};
    for (long at = 0; at < width;) {
      const int V = width - at >= 2 * VL ? 2 : 1;
      const float *rowE = e + panel * 32 + at;
      long input = 0;
      if (fused && V == 2) {
        const long i = base + at;
        NAME(update_tiles)(tiles, tile, rowE, lde, width, adam, weights + i, m + i, v + i);
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
#undef EACH_VECTORS
