// Holds the kernels of each instruction set that the processor has against plain loops, and circuits' kernels of each
// against those of the first: for processors on which no Swift is at hand. Ends with 1 where one departs. Where two
// processors' sets print one digest, they have computed the same bits.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static unsigned long state = 7;
static float draw(void) {
  state = state * 6364136223846793005UL + 1442695040888963407UL;
  return (float)(state >> 40) * 0x1p-23f - 1;
}

static float *floats(long count) {
  float *numbers = aligned_alloc(64, (size_t)kernel_padded(count) * sizeof(float));
  memset(numbers, 0, (size_t)kernel_padded(count) * sizeof(float));
  return numbers;
}

static int departed = 0;
static void compare(const char *what, double found, double known, double tolerance) {
  if (fabs(found - known) <= tolerance * fmax(1, fabs(known))) return;
  if (departed++ < 20) printf("%s, %s: %g in place of %g\n", instruction_set_name(), what, found, known);
}

// FNV-1a of all bits that a set's kernels have made.
static unsigned long digest;
static void note(const void *numbers, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) digest = (digest ^ ((const unsigned char *)numbers)[i]) * 0x100000001B3UL;
}

static void dense(long inputs, long outputs, long rows, int sparse, int norm) {
  const dense_shape shape = {inputs, outputs};
  const long ldx = kernel_padded(inputs), ldy = kernel_padded(outputs), count = dense_weight_count(shape);
  float *x = floats(rows * ldx), *dx = floats(rows * ldx), *y = floats(rows * ldy), *e = floats(rows * ldy);
  float *w = floats(count), *m = floats(count), *v = floats(count), *g = floats(count), *bias = floats(ldy);
#define AT(i, o) dense_weight_index(shape, i, o)
  for (long i = 0; i < inputs; i++)
    for (long o = 0; o < outputs; o++) {
      w[AT(i, o)] = draw();
      m[AT(i, o)] = draw();
      v[AT(i, o)] = 1 + draw() / 2;
    }
  for (long r = 0; r < rows; r++) {
    for (long i = 0; i < inputs; i++) x[r * ldx + i] = sparse && (i * 7 + r) % 3 ? 0 : draw();
    for (long o = 0; o < outputs; o++) e[r * ldy + o] = draw();
  }
  for (long o = 0; o < outputs; o++) bias[o] = draw();
  const double tolerance = 1e-6 * (double)(inputs + outputs + rows);

  dense_forward(shape, 0, dense_panels(shape), w, bias, rows, x, ldx, dense_relu, 0, y, ldy);
  for (long r = 0; r < rows; r++)
    for (long o = 0; o < outputs; o++) {
      double sum = bias[o];
      for (long i = 0; i < inputs; i++) sum += (double)x[r * ldx + i] * w[AT(i, o)];
      compare("forward", y[r * ldy + o], fmax(0, sum), tolerance);
    }
  dense_backward(shape, 0, dense_blocks(shape), w, rows, e, ldy, x, dx, ldx);
  for (long r = 0; r < rows; r++)
    for (long i = 0; i < inputs; i++) {
      double sum = 0;
      for (long o = 0; o < outputs; o++) sum += (double)e[r * ldy + o] * w[AT(i, o)];
      compare("backward", dx[r * ldx + i], x[r * ldx + i] > 0 ? sum : 0, tolerance);
    }
  dense_gradient(shape, 0, dense_panels(shape), rows, x, ldx, e, ldy, g);
  const dense_adam adam = {0.5f, 0.999f, 1e-7f, 0.1f};
  float *before = floats(count), *first = floats(count), *second = floats(count);
  memcpy(before, w, (size_t)count * sizeof(float));
  memcpy(first, m, (size_t)count * sizeof(float));
  memcpy(second, v, (size_t)count * sizeof(float));
  const double squares = dense_update(shape, 0, dense_panels(shape), adam, rows, x, ldx, e, ldy, w, m, v, norm);
  double known = 0;
  for (long i = 0; i < inputs; i++)
    for (long o = 0; o < outputs; o++) {
      double sum = 0;
      for (long r = 0; r < rows; r++) sum += (double)x[r * ldx + i] * e[r * ldy + o];
      known += sum * sum;
      compare("gradient", g[AT(i, o)], sum, tolerance);
      const double a = 0.5 * first[AT(i, o)] + 0.5 * sum, b = 0.999 * second[AT(i, o)] + 0.001 * sum * sum;
      compare("Adam", w[AT(i, o)], before[AT(i, o)] - 0.1 * a / (sqrt(b) + 1e-7), tolerance);
    }
  if (norm) compare("the gradient's squares", squares, known, 1e-4);
  float *made[] = {w, m, v, g};
  for (unsigned i = 0; i < sizeof made / sizeof *made; i++) note(made[i], (size_t)count * sizeof(float));
  for (long r = 0; r < rows; r++) {
    note(y + r * ldy, (size_t)outputs * sizeof(float));
    note(dx + r * ldx, (size_t)inputs * sizeof(float));
  }
  if (norm) note(&squares, sizeof squares);
  float *all[] = {x, dx, y, e, w, m, v, g, bias, before, first, second};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

// Numbers below the normal range count as zero.
static void subnormal(void) {
  float *w = floats(16), *m = floats(16), *v = floats(16), *g = floats(16);
  for (int i = 0; i < 16; i++) m[i] = 0x1p-126f;
  dense_adam_step((dense_adam){0.5f, 0.999f, 1e-7f, 0.1f}, 16, g, w, m, v);
  compare("a moment below the normal range", m[3], 0, 0);
  free(w), free(m), free(v), free(g);
}

// What is computed number by number, every operation rounded.
static void elementwise(void) {
  enum { COUNT = 77 };
  float x[COUNT], gamma[COUNT], beta[COUNT], y[COUNT], z[COUNT];
  for (int i = 0; i < COUNT; i++) x[i] = draw(), gamma[i] = draw(), beta[i] = draw();
  dense_affine(COUNT, 0.9995f, gamma, beta, x, y);
  dense_scale(COUNT - 1, 65396.43, x + 1, z + 1);
  for (int i = 0; i < COUNT; i++) {
    const volatile float first = x[i] * 0.9995f, second = first * gamma[i];
    const float known = second + beta[i];
    compare("affine", y[i], known > 0 ? known : 0, 0);
    if (i > 0) compare("scale", z[i], (float)(x[i] * 65396.43), 0);
  }
  note(y, sizeof y), note(z + 1, sizeof z - sizeof *z);
}

// Rotations, phases and permutations of a state of `wires` qubits, and what is read and derived of it.
static void circuit(unsigned wires, float *read) {
  const statevector_kernels *kernels = statevector_kernels_in_use();
  const size_t size = (size_t)1 << wires;
  float v[4 * STATEVECTOR_WIRES_LIMIT], turns[2 * STATEVECTOR_WIRES_LIMIT], weights[STATEVECTOR_WIRES_LIMIT];
  unsigned masks[STATEVECTOR_WIRES_LIMIT], low[16], *high = malloc(size / 16 * sizeof *high);
  state = 5;
  for (unsigned q = 0; q < wires; q++) {
    const float a = draw(), b = draw(), c = draw();
    v[4 * q] = cosf(a) * cosf(b), v[4 * q + 1] = cosf(a) * sinf(b), v[4 * q + 2] = sinf(a), v[4 * q + 3] = 0;
    turns[2 * q] = cosf(c), turns[2 * q + 1] = sinf(c);
    weights[q] = draw();
    masks[q] = (2u << q) - 1;
  }
  for (unsigned i = 0; i < size / 16; i++) high[i] = ((i << 4) ^ (i << 5)) & (unsigned)(size - 1);
  for (unsigned i = 0; i < 16; i++) low[i] = (i ^ (i << 1)) & (unsigned)(size - 1);
  float *stages = floats(2 * (long)size), *psi = floats(2 * (long)size), *moved = floats(2 * (long)size),
        *lambda = floats(2 * (long)size), *scratch = floats((long)size);
  kernels->product(wires, v, stages, psi);
  kernels->permute(wires, high, low, turns, psi, moved);
  kernels->phase(wires, psi, 0, moved, moved);
  kernels->expectations(wires, moved, masks, wires, scratch, read);
  kernels->observe(wires, masks, wires, weights, scratch, moved, lambda, NULL, NULL);
  memset(read + wires, 0, 2 * wires * sizeof(float));
  kernels->rotation_gradients(wires, moved, lambda, read + wires);
  kernels->phase_gradients(wires, psi, lambda, scratch, read + 2 * wires);
  kernels->contract(wires, v, stages, high, low, lambda, moved, read + 3 * wires);
  free(stages), free(psi), free(moved), free(lambda), free(scratch), free(high);
}

int main(void) {
  const char *const sets[] = {"generic", "neon", "avx2", "avx512"};
  float known[7 * STATEVECTOR_WIRES_LIMIT];
  for (unsigned set = 0; set < sizeof sets / sizeof *sets; set++) {
    if (!instruction_set_force(sets[set])) continue;
    state = 7, digest = 0xCBF29CE484222325UL;
    const long shapes[][2] = {{1, 1}, {3, 2}, {13, 17}, {50, 200}, {33, 48}, {134, 80}, {40, 16}};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
      for (long rows = 1; rows <= 30; rows += rows < 10 ? 3 : 10)
        for (int kind = 0; kind < 4; kind++) dense(shapes[i][0], shapes[i][1], rows, kind & 1, kind >> 1);
    if (set) subnormal();
    elementwise();
    for (unsigned wires = 4; wires <= 14; wires += 5) {
      float read[7 * STATEVECTOR_WIRES_LIMIT];
      instruction_set_force("generic");
      circuit(wires, known);
      instruction_set_force(sets[set]);
      circuit(wires, read);
      for (unsigned i = 0; i < 7 * wires; i++) compare("circuit", read[i], known[i], 1e-5);
      note(read, 7 * wires * sizeof(float));
    }
    printf("%s: %s, %016lx\n", sets[set], departed ? "departs" : "agrees", digest);
  }
  return departed > 0;
}
