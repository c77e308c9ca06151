// Product states and what is contracted with them: part of kernels.h, once per instruction set.

static void NAMED(product)(unsigned wires, const float *v, float *stages, float *state) {
  stages[2] = 1;
  stages[3] = 0;
  for (unsigned q = 0; q < wires; q++, v += 4) {
    size_t half = (size_t)1 << q;
    const float *re = stages + 2 * half, *im = re + half;
    float *to_re = q + 1 == wires ? state : stages + 4 * half, *to_im = to_re + 2 * half;
    if (q < LOW) {
      for (size_t b = 0; b < half; b++) {
        to_re[b] = re[b] * v[0] - im[b] * v[1];
        to_im[b] = re[b] * v[1] + im[b] * v[0];
        to_re[half + b] = re[b] * v[2] - im[b] * v[3];
        to_im[half + b] = re[b] * v[3] + im[b] * v[2];
      }
    } else {
      for (size_t b = 0; b < half; b += LANES) {
        lanes x = LOAD(re + b), y = LOAD(im + b);
        STORE(to_re + b, x * v[0] - y * v[1]);
        STORE(to_im + b, x * v[1] + y * v[0]);
        STORE(to_re + half + b, x * v[2] - y * v[3]);
        STORE(to_im + half + b, x * v[3] + y * v[2]);
      }
    }
  }
}

static void NAMED(product_tangent)(
    unsigned wires, const float *v, const float *dv, const float *stages, float *dstages, float *dstate) {
  dstages[2] = 0;
  dstages[3] = 0;
  for (unsigned q = 0; q < wires; q++, v += 4, dv += 4) {
    size_t half = (size_t)1 << q;
    const float *re = stages + 2 * half, *im = re + half;
    const float *dre = dstages + 2 * half, *dim = dre + half;
    float *to_re = q + 1 == wires ? dstate : dstages + 4 * half, *to_im = to_re + 2 * half;
    for (unsigned a = 0; a < 4; a += 2, to_re += half, to_im += half) {
      float p = v[a], r = v[a + 1], dp = dv[a], dr = dv[a + 1];
      if (q < LOW) {
        for (size_t b = 0; b < half; b++) {
          to_re[b] = dre[b] * p - dim[b] * r + re[b] * dp - im[b] * dr;
          to_im[b] = dre[b] * r + dim[b] * p + re[b] * dr + im[b] * dp;
        }
      } else {
        for (size_t b = 0; b < half; b += LANES) {
          lanes x = LOAD(re + b), y = LOAD(im + b), dx = LOAD(dre + b), dy = LOAD(dim + b);
          STORE(to_re + b, dx * p - dy * r + x * dp - y * dr);
          STORE(to_im + b, dx * r + dy * p + x * dr + y * dp);
        }
      }
    }
  }
}

// The sums of one qubit's two values, over `half` amplitudes of either, whose folding into one is written.
static INLINE void NAMED(fold)(
    size_t half, const float *u, const float *pre, const float *pim, const float *re, const float *im, size_t apart,
    float *to_re, float *to_im, lanes sums[4]) {
  lanes s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (size_t b = 0; b < half; b += LANES) {
    lanes a = LOAD(re + b), c = LOAD(im + b), e = LOAD(re + apart + b), f = LOAD(im + apart + b);
    lanes x = LOAD(pre + b), y = LOAD(pim + b);
    s0 += a * x + c * y;
    s1 += a * y - c * x;
    s2 += e * x + f * y;
    s3 += e * y - f * x;
    STORE(to_re + b, a * u[0] + c * u[1] + e * u[2] + f * u[3]);
    STORE(to_im + b, c * u[0] - a * u[1] + f * u[2] - e * u[3]);
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

// From the highest qubit down: sum each half of lambda against the product below, then fold the halves into one with
// that qubit's own state. What is fetched of a large state goes first where the upper half would be, part by part.
static void NAMED(contract)(
    unsigned wires, const float *v, const float *stages, const uint32_t *high, const uint32_t *low, const float *from,
    float *lambda, float *out) {
  size_t count = (size_t)1 << wires;
  float *re = lambda, *im = lambda + count;
  const int in_parts = from && wires > OUTER_WIRES;
  NAMED(origin) origin = {0};
  if (from) origin = NAMED(origin_of)(wires, high, low, from);
  if (from && !in_parts) NAMED(fetch)(&origin, 0, 0, count, lambda, 2, count);
  for (unsigned q = wires; q-- > 0;) {
    size_t half = (size_t)1 << q;
    const float *u = v + 4 * q, *pre = stages + 2 * half, *pim = pre + half;
    float *sum = out + 4 * q;
    if (q < LOW) {
      sum[0] = sum[1] = sum[2] = sum[3] = 0;
      for (size_t b = 0; b < half; b++) {
        float a = re[b], c = im[b], e = re[half + b], f = im[half + b];
        sum[0] += a * pre[b] + c * pim[b];
        sum[1] += a * pim[b] - c * pre[b];
        sum[2] += e * pre[b] + f * pim[b];
        sum[3] += e * pim[b] - f * pre[b];
        re[b] = a * u[0] + c * u[1] + e * u[2] + f * u[3];
        im[b] = c * u[0] - a * u[1] + f * u[2] - e * u[3];
      }
    } else {
      lanes sums[4] = {{0}, {0}, {0}, {0}};
      if (q + 1 < wires || !in_parts) {
        NAMED(fold)(half, u, pre, pim, re, im, half, re, im, sums);
      } else {
        size_t part = (size_t)1 << BLOCK_WIRES;
        float *parts = re + half;
        for (size_t b = 0; b < half; b += part) {
          NAMED(fetch)(&origin, 0, b, b + part, parts, 2, 2 * part);
          NAMED(fetch)(&origin, 0, half + b, half + b + part, parts + part, 2, 2 * part);
          NAMED(fold)(part, u, pre + b, pim + b, parts, parts + 2 * part, part, re + b, im + b, sums);
        }
      }
      for (unsigned k = 0; k < 4; k++) sum[k] = SUM(sums[k]);
    }
  }
}

// One half of lambda against the product and both moved, for contract_tangent.
static INLINE void NAMED(moving_sums)(
    size_t half, const float *re, const float *im, const float *dre, const float *dim, const float *p, const float *dp,
    float *sum, float *dsum) {
  const float *pi = p + half, *dpi = dp + half;
  if (half < LANES) {
    sum[0] = sum[1] = dsum[0] = dsum[1] = 0;
    for (size_t b = 0; b < half; b++) {
      sum[0] += re[b] * p[b] + im[b] * pi[b];
      sum[1] += re[b] * pi[b] - im[b] * p[b];
      dsum[0] += dre[b] * p[b] + dim[b] * pi[b] + re[b] * dp[b] + im[b] * dpi[b];
      dsum[1] += dre[b] * pi[b] - dim[b] * p[b] + re[b] * dpi[b] - im[b] * dp[b];
    }
  } else {
    lanes s0 = {0}, s1 = {0}, t0 = {0}, t1 = {0};
    for (size_t b = 0; b < half; b += LANES) {
      lanes a = LOAD(re + b), c = LOAD(im + b), da = LOAD(dre + b), dc = LOAD(dim + b);
      lanes x = LOAD(p + b), y = LOAD(pi + b), dx = LOAD(dp + b), dy = LOAD(dpi + b);
      s0 += a * x + c * y;
      s1 += a * y - c * x;
      t0 += da * x + dc * y + a * dx + c * dy;
      t1 += da * y - dc * x + a * dy - c * dx;
    }
    sum[0] = SUM(s0);
    sum[1] = SUM(s1);
    dsum[0] = SUM(t0);
    dsum[1] = SUM(t1);
  }
}

static void NAMED(contract_tangent)(
    unsigned wires, const float *v, const float *dv, const float *stages, const float *dstages, float *lambda,
    float *dlambda, float *out, float *dout) {
  size_t count = (size_t)1 << wires;
  float *re = lambda, *im = lambda + count, *dre = dlambda, *dim = dlambda + count;
  for (unsigned q = wires; q-- > 0;) {
    size_t half = (size_t)1 << q;
    const float *u = v + 4 * q, *d = dv + 4 * q, *p = stages + 2 * half, *dp = dstages + 2 * half;
    NAMED(moving_sums)(half, re, im, dre, dim, p, dp, out + 4 * q, dout + 4 * q);
    NAMED(moving_sums)(
        half, re + half, im + half, dre + half, dim + half, p, dp, out + 4 * q + 2, dout + 4 * q + 2);
    for (size_t b = 0; b < half; b++) {
      float a = re[b], c = im[b], e = re[half + b], f = im[half + b];
      float da = dre[b], dc = dim[b], de = dre[half + b], df = dim[half + b];
      dre[b] = da * u[0] + dc * u[1] + de * u[2] + df * u[3] + (a * d[0] + c * d[1] + e * d[2] + f * d[3]);
      dim[b] = dc * u[0] - da * u[1] + df * u[2] - de * u[3] + (c * d[0] - a * d[1] + f * d[2] - e * d[3]);
      re[b] = a * u[0] + c * u[1] + e * u[2] + f * u[3];
      im[b] = c * u[0] - a * u[1] + f * u[2] - e * u[3];
    }
  }
}
