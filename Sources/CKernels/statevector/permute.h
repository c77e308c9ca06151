// Where amplitudes come from when a state is permuted: part of kernels.h, once per instruction set.

// Where the amplitudes of a permuted state are in the one before.
typedef struct {
  unsigned wires;
  const uint32_t *high, *low;
  const float *from;
#ifdef GROUP
  // A group of lanes comes from few registers: those that differ in the upper bits of low[0 … GROUP - 1].
  unsigned sources;
  uint32_t uppers[GROUP];
  PICK_MASK masks[GROUP];
#endif
} NAMED(origin);

static INLINE NAMED(origin) NAMED(origin_of)(
    unsigned wires, const uint32_t *high, const uint32_t *low, const float *from) {
  NAMED(origin) origin = {.wires = wires, .high = high, .low = low, .from = from};
#ifdef GROUP
  uint32_t bits[GROUP] = {0};
  for (unsigned lane = 0; lane < GROUP; lane++) {
    unsigned k = 0;
    for (origin.uppers[origin.sources] = low[lane] & ~(GROUP - 1u); origin.uppers[k] != origin.uppers[origin.sources];
         k++) {}
    if (k == origin.sources) origin.sources++;
    bits[k] |= 1u << lane;
  }
  for (unsigned k = 0; k < origin.sources; k++) origin.masks[k] = PICK_LANES(bits[k]);
#endif
  return origin;
}

// Amplitudes begin … end - 1 of one plane, or of both, `apart` floats from each other.
static INLINE void NAMED(fetch_from)(
    const NAMED(origin) *origin, unsigned plane, size_t begin, size_t end, float *to, const unsigned planes, size_t apart,
    const unsigned sources) {
  size_t count = (size_t)1 << origin->wires;
  const float *from = origin->from + plane * count;
#ifdef GROUP
  PICK_INDEX lane = PICK_LOAD(origin->low);
  for (size_t b = begin; b < end; b += GROUP, to += GROUP) {
    uint32_t block = origin->high[b / LANES] ^ origin->low[b % LANES], upper = block & ~(GROUP - 1u);
    PICK_INDEX index = PICK_FLIP(lane, block);
    PICK_GROUP x = PICK_ZERO, y = PICK_ZERO;
    for (unsigned k = 0; k < sources; k++) {
      const float *source = from + (upper ^ origin->uppers[k]);
      x = PICK(x, origin->masks[k], index, source);
      if (planes == 2) y = PICK(y, origin->masks[k], index, source + count);
    }
    PICK_STORE(to, x);
    if (planes == 2) PICK_STORE(to + apart, y);
  }
#else
  for (size_t b = begin; b < end; b += LANES, to += LANES) {
    uint32_t block = origin->high[b / LANES];
    for (unsigned lane = 0; lane < LANES; lane++) {
      uint32_t source = block ^ origin->low[lane];
      to[lane] = from[source];
      if (planes == 2) to[apart + lane] = from[count + source];
    }
  }
  (void)sources;
#endif
}

static INLINE void NAMED(fetch)(
    const NAMED(origin) *origin, unsigned plane, size_t begin, size_t end, float *to, const unsigned planes,
    size_t apart) {
#ifdef GROUP
  if (origin->sources == 1) NAMED(fetch_from)(origin, plane, begin, end, to, planes, apart, 1);
  else if (origin->sources == 2) NAMED(fetch_from)(origin, plane, begin, end, to, planes, apart, 2);
  else if (origin->sources == 4) NAMED(fetch_from)(origin, plane, begin, end, to, planes, apart, 4);
  else NAMED(fetch_from)(origin, plane, begin, end, to, planes, apart, origin->sources);
#else
  NAMED(fetch_from)(origin, plane, begin, end, to, planes, apart, 0);
#endif
}
