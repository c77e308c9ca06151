// y = act(x W + bias): part of kernels.h, once per instruction set.

// y of R rows and V vectors of columns, from the `count` inputs listed.
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

// Rows in tiles of ROWS, with the inputs that are not zero in all of a tile's rows.
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

// R rows, one or two, and V vectors of columns: adds what the 64 inputs from 64 · word on give, those that are not zero
// in both rows. The first word begins with the bias, the last ends with relu and mask; between them `sums` has the sums,
// [R][V]: y may be the mask.
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
    // The last panel may be narrower: with vectors of 16 that is the last vector.
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

// Rows in pairs, and V vectors of columns. The weights of 64 inputs stay near while they meet all rows.
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

// Finds what is not zero in a tile's rows, and whether leaving that out by pairs of rows pays.
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

// What is zero adds nothing and is left out: most generated voxels, a quarter to half of the hidden neurons.
static void NAME(forward)(long inputs, long columns, long begin, long end, const float *weights, const float *bias,
                          long rows, const float *x, long ldx, int relu, const float *mask, float *y, long ldy) {
  const long words = (inputs + 63) / 64;
  unsigned long bits[GROUPS * ROWS * words];
  for (long row = 0, count; row < rows; row += count) {
    // Neighbouring tiles of one kind.
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

#undef ROW_CASES
