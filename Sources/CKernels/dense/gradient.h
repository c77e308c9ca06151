// The gradient Σ_b x[b][k] e[b][n], and Adam with it: part of kernels.h, once per instruction set.

// Adds x[k] e[n] of R inputs k and V vectors of columns n.
INLINE void NAME(outer_row)(const int R, const int V, const float *x, const float *e, vf sum[ROWS][2]) {
  vf column[2];
  for (int v = 0; v < V; v++) column[v] = NAME(load)(e + v * VL);
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sum[r][v] = sum[r][v] + column[v] * x[r];
}

// Σ_b x[b][k] e[b][n] of R inputs k and V vectors of columns n.
INLINE void NAME(outer_tile)(const int R, const int V, long rows, const float *x, long ldx, const float *e, long lde,
                             vf sum[ROWS][2]) {
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sum[r][v] = (vf){0};
  for (long b = 0; b < rows; b++) NAME(outer_row)(R, V, x + b * ldx, e + b * lde, sum);
}

// Moves both moments.
INLINE void NAME(adam_moments)(const adam_factors *adam, vf g, float *m, float *v, vf *first, vf *second) {
  *first = NAME(load)(m) * adam->beta1 + g * adam->rest1;
  *second = NAME(load)(v) * adam->beta2 + g * g * adam->rest2;
  NAME(store)(m, *first);
  NAME(store)(v, *second);
}

INLINE void NAME(adam_vector)(const adam_factors *adam, vf g, float *w, float *m, float *v) {
  const vf before = NAME(load)(w);
  vf first, second;
  NAME(adam_moments)(adam, g, m, v, &first, &second);
  NAME(store)(w, before - first * adam->rate / (__builtin_elementwise_sqrt(second) + adam->epsilon));
}

INLINE void NAME(update_tile)(const int R, const int V, long rows, const float *x, long ldx, const float *e, long lde,
                              long stride, const adam_factors *adam, float *w, float *m, float *v, vf *squares) {
  vf sum[ROWS][2];
  NAME(outer_tile)(R, V, rows, x, ldx, e, lde, sum);
  for (int r = 0; r < R; r++)
    for (int c = 0; c < V; c++) {
      const long at = r * stride + c * VL;
      if (adam) {
        NAME(adam_vector)(adam, sum[r][c], w + at, m + at, v + at);
        if (squares) squares[c] += sum[r][c] * sum[r][c];
      } else {
        NAME(store)(w + at, NAME(load)(w + at) + sum[r][c]);
      }
    }
}

// A tile of ROWS inputs of a gradient, with the rows in which they are not all zero.
typedef struct {
  const int *inputs;
  const unsigned char *rows;
  long count;
  // [count][ROWS]
  const float *x;
} NAME(tile);

// Cuts `inputs` inputs, a multiple of ROWS, into tiles. Where a quarter of them or more are zero in ten rows at once,
// as most generated voxels are, those share tiles; below that, weights out of order cost more than is gained. Needs
// room for `inputs` times `rows` in `lists` and `values`.
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
    int together = 1;
    for (int r = 1; r < ROWS; r++) together &= order[r] == order[0] + r;
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

// Adam in three parts, between which products go on: a root takes a core twenty cycles, a quotient as many, and what waits
// for them takes the room of what need not wait. Where registers are few, all of it is the first part.
typedef struct {
  vf root, numerator, quotient;
  float *divided, *finished;
} NAME(adam_parts);

INLINE void NAME(adam_begin)(const adam_factors *adam, vf g, float *w, float *m, float *v, NAME(adam_parts) *parts) {
#if VL == 16
  vf first, second;
  NAME(adam_moments)(adam, g, m, v, &first, &second);
  parts->root = __builtin_elementwise_sqrt(second);
  parts->numerator = first * adam->rate;
  parts->divided = w;
#else
  (void)parts;
  NAME(adam_vector)(adam, g, w, m, v);
#endif
}
INLINE void NAME(adam_divide)(const adam_factors *adam, NAME(adam_parts) *parts) {
#if VL == 16
  parts->quotient = parts->numerator / (parts->root + adam->epsilon);
  parts->finished = parts->divided;
#else
  (void)adam, (void)parts;
#endif
}
INLINE void NAME(adam_finish)(const NAME(adam_parts) *parts) {
#if VL == 16
  NAME(store)(parts->finished, NAME(load)(parts->finished) - parts->quotient);
#else
  (void)parts;
#endif
}

// Adam on tiles and two vectors of columns. Roots and quotients take half as long as the products, on units of their
// own, and the parameters come from far: so a tile's parameters are fetched while its products are taken, and moved
// between the products of the next. Adam's factors stay in memory: no register is left.
INLINE void NAME(update_tiles)(long tiles, const NAME(tile) *tile, const float *e, long lde, long stride,
                               const adam_factors *adam, float *w, float *m, float *v) {
  // A tile's sums, and the parts of three vectors that follow each other.
  _Alignas(64) float waiting[ROWS * 2 * VL];
  const int *inputs = 0;
#define BEGIN(r, c, at)                                                                                          \
  NAME(adam_begin)(adam, NAME(load)(waiting + ((r) * 2 + (c)) * VL), w + (at) + (c) * VL, m + (at) + (c) * VL, \
                   v + (at) + (c) * VL, &parts);
#define FETCH(at)                  \
  __builtin_prefetch(w + (at), 1); \
  __builtin_prefetch(m + (at), 1); \
  __builtin_prefetch(v + (at), 1);
#define ROW(b) NAME(outer_row)(ROWS, 2, x + (b) * ROWS, e + rows[b] * lde, sum);
  for (; tiles > 0; tiles--, tile++) {
    vf sum[ROWS][2];
    const float *x = tile->x;
    const int *next = tile->inputs;
    const unsigned char *rows = tile->rows;
    const long count = tile->count;
    for (int r = 0; r < ROWS; r++) sum[r][0] = sum[r][1] = (vf){0};
    long b = 0;
    if (inputs) {
      NAME(adam_parts) parts;
      long until = 0;
#define STEP(r, c)                                                   \
  {                                                                  \
    const long at = inputs[r] * stride, ahead = next[r] * stride;    \
    for (until += count; b * 2 * ROWS < until; b++) ROW(b)           \
    FETCH(ahead + (c) * VL)                                          \
    if ((r) * 2 + (c) > 1) NAME(adam_finish)(&parts);               \
    if ((r) * 2 + (c) > 0) NAME(adam_divide)(adam, &parts);         \
    BEGIN(r, c, at)                                                  \
  }
      STEP(0, 0)
      STEP(0, 1)
#pragma clang loop unroll(disable)
      for (long r = 1; r < ROWS; r++) {
        STEP(r, 0)
        STEP(r, 1)
      }
#undef STEP
      NAME(adam_finish)(&parts);
      NAME(adam_divide)(adam, &parts);
      NAME(adam_finish)(&parts);
    }
    for (; b < count; b++) ROW(b)
    for (int r = 0; r < ROWS; r++)
      for (int c = 0; c < 2; c++) NAME(store)(waiting + (r * 2 + c) * VL, sum[r][c]);
    inputs = next;
  }
  for (long r = 0; r < ROWS; r++)
    for (int c = 0; c < 2; c++) {
      const long at = inputs[r] * stride + c * VL;
      NAME(adam_vector)(adam, NAME(load)(waiting + (r * 2 + c) * VL), w + at, m + at, v + at);
    }
#undef BEGIN
#undef FETCH
#undef ROW
}

// Adam on inputs one by one, each with the rows in which it is not zero, and V vectors of columns; here too an input's
// parameters are moved between the products of the next.
INLINE void NAME(update_inputs)(const int V, long column, long inputs, long columns, const unsigned long *bits,
                                const adam_factors *adam, const float *x, long ldx, const float *e, long lde,
                                float *weights, float *m, float *v) {
  long at[VECTORS], stride[VECTORS];
  for (int i = 0; i < V; i++) at[i] = NAME(place)(inputs, columns, column + i * VL, &stride[i]);
  e += column;
  vf waiting[VECTORS];
  NAME(adam_parts) parts;
  // Of three vectors that follow each other, of one input and the next.
#define ADAM(i)                                                                                   \
  {                                                                                               \
    if ((k - 1) * V + i > 1) NAME(adam_finish)(&parts);                                           \
    if ((k - 1) * V + i > 0) NAME(adam_divide)(adam, &parts);                                     \
    NAME(adam_begin)(adam, waiting[i], weights + at[i], m + at[i], v + at[i], &parts);           \
    at[i] += stride[i];                                                                           \
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
#undef ADAM
#undef ROW
  if (inputs > 1) {
    if (V > 1 || inputs > 2) NAME(adam_finish)(&parts);
    NAME(adam_divide)(adam, &parts);
    NAME(adam_finish)(&parts);
  }
  for (int i = 0; i < V; i++) NAME(adam_vector)(adam, waiting[i], weights + at[i], m + at[i], v + at[i]);
}

// Of at most 64 rows, those in which each input is not zero, as bits. Returns whether a third or more of all is zero.
static int NAME(find_rows)(long inputs, long rows, const float *x, long ldx, unsigned long *bits) {
  long count = 0;
  memset(bits, 0, inputs * sizeof *bits);
  for (long b = 0; b < rows; b++)
    for (long k = 0; k < inputs; k++) bits[k] |= (unsigned long)(x[b * ldx + k] != 0) << b;
  for (long k = 0; k < inputs; k++) count += __builtin_popcountl(bits[k]);
  return count * 3 < inputs * rows * 2;
}

// Inputs `input` on of V vectors of columns, in tiles and then one by one.
INLINE void NAME(update_rest)(const int V, long input, long inputs, long rows, const float *x, long ldx,
                              const float *e, long lde, long stride, const adam_factors *adam, float *w, float *m,
                              float *v, vf *squares) {
#define TILE(R)                                                                                                   \
  NAME(update_tile)(R, V, rows, x + input, ldx, e, lde, stride, adam, w + input * stride, m + input * stride, \
                    v + input * stride, squares)
  for (; input + ROWS <= inputs; input += ROWS) TILE(ROWS);
  for (; input < inputs; input++) TILE(1);
#undef TILE
}

// Panels begin ..< end: Adam, or without it the gradient added to `weights`. Inputs are taken from `tile` where two
// vectors of columns are left, those beyond its `tiles` from x. Returns the sum of the gradient's squares if `norm`.
INLINE double NAME(update_panels)(long inputs, long columns, long begin, long end, const adam_factors *adam,
                                  long rows, const float *x, long ldx, const float *e, long lde, float *weights,
                                  float *m, float *v, const int norm, long tiles, const NAME(tile) *tile) {
  double total = 0;
  for (long panel = begin; panel < end; panel++) {
    const long width = panel_width(columns, panel);
    for (long at = 0; at < width;) {
      vf squares[2] = {{0}, {0}};
      const int V = width - at >= 2 * VL ? 2 : 1;
      const long i = panel * 32 * inputs + at;
      const float *rowE = e + panel * 32 + at;
#define REST(V, input)                                                                                        \
  NAME(update_rest)(V, input, inputs, rows, x, ldx, rowE, lde, width, adam, weights + i, m + i, v + i, \
                    norm ? squares : 0)
      if (V == 2) {
        if (tiles) NAME(update_tiles)(tiles, tile, rowE, lde, width, adam, weights + i, m + i, v + i);
        REST(2, tiles * ROWS);
      } else {
        REST(1, 0);
      }
#undef REST
      for (int c = 0; c < V && norm; c++)
        for (int i = 0; i < VL; i++) total += squares[c][i];
      at += V * VL;
    }
  }
  return total;
}

static void NAME(gradient)(long inputs, long columns, long begin, long end, long rows, const float *x, long ldx,
                           const float *e, long lde, float *gradient) {
  NAME(update_panels)(inputs, columns, begin, end, 0, rows, x, ldx, e, lde, gradient, 0, 0, 0, 0, 0);
}

// What is zero is left out by inputs where there is much of it, else by tiles where those of all inputs fit the stack.
static double NAME(update)(long inputs, long columns, long begin, long end, const adam_factors *adam, long rows,
                           const float *x, long ldx, const float *e, long lde, float *weights, float *m, float *v,
                           int norm) {
#define PANELS(norm, tiles, tile) \
  NAME(update_panels)(inputs, columns, begin, end, adam, rows, x, ldx, e, lde, weights, m, v, norm, tiles, tile)
  if (norm) return PANELS(1, 0, 0);
  unsigned long bits[inputs];
  if (rows <= 64 && NAME(find_rows)(inputs, rows, x, ldx, bits)) {
#define INPUTS(V, column) \
  NAME(update_inputs)(V, column, inputs, columns, bits, adam, x, ldx, e, lde, weights, m, v)
    EACH_VECTORS(INPUTS)
#undef INPUTS
    return 0;
  }
  const long tiles = rows <= 64 && rows * inputs <= GATHERED ? inputs / ROWS : 0;
  const long values = tiles * ROWS * rows;
  int order[tiles * ROWS + 1];
  unsigned char lists[values + 1];
  float gathered[values + 1];
  NAME(tile) tile[tiles + 1];
  if (tiles) NAME(gather)(tiles * ROWS, rows, x, ldx, bits, order, lists, gathered, tile);
  return PANELS(0, tiles, tile);
#undef PANELS
}
