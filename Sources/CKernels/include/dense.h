// The products of a Dense layer for batches of a few tens of rows, and Adam.
//
// Rows (activations x, y; errors e) are row-major with a leading dimension that is padded to 16 floats.
// Weights are stored in panels: panel p holds the columns 32p … 32p + 31 as [inputs][32], the last panel as
// [inputs][16] when 16 columns or fewer are left, and panels follow each other. Columns beyond `outputs` are padding
// and stay zero; dense_weight_count tells the size. Every pointer is 64-byte aligned.
//
// Each result is computed the same way whatever the other rows are and however the work is cut into parts, so that
// results depend on the binary and the instruction set alone. What is zero in several rows at once is left out, which
// changes no bit of a finite result. On x86 and Arm numbers below the normal range count as zero.
#pragma once

/// The inputs and outputs of a layer.
typedef struct {
  long inputs, outputs;
} dense_shape;

/// Floats of a weight matrix with its padding.
long dense_weight_count(dense_shape shape);
/// Where weight (input, output) stands in the panels.
long dense_weight_index(dense_shape shape, long input, long output);
/// The number of panels, and of blocks of inputs: the units that `begin` and `end` below count.
long dense_panels(dense_shape shape);
long dense_blocks(dense_shape shape);

/// What follows a product: nothing, or max(0, y).
typedef enum { dense_plain = 0, dense_relu = 1 } dense_activation;

/// y = act(x W + bias) for `rows` rows, panels begin ..< end. A null bias is zero. With a mask (laid out as y), y is
/// zero where the mask is not above zero; y may be the mask itself.
void dense_forward(dense_shape shape, long begin, long end, const float *weights, const float *bias, long rows,
                   const float *x, long ldx, dense_activation activation, const float *mask, float *y, long ldy);

/// dx = e Wᵀ for `rows` rows, blocks of inputs begin ..< end; zero where the mask (laid out as dx, or null) is not
/// above zero.
void dense_backward(dense_shape shape, long begin, long end, const float *weights, long rows, const float *e, long lde,
                    const float *mask, float *dx, long ldx);

/// gradient += xᵀ e, in the layout of the weights, panels begin ..< end.
void dense_gradient(dense_shape shape, long begin, long end, long rows, const float *x, long ldx, const float *e,
                    long lde, float *gradient);

/// One step of Adam in Keras' form: w -= rate · m / (√v + epsilon), with rate = lr √(1 - β2^t) / (1 - β1^t).
typedef struct {
  float beta1, beta2, epsilon, rate;
} dense_adam;

/// Adam on the weights with the gradient xᵀ e, which is never stored; panels begin ..< end.
/// Returns the sum of the gradient's squares if `norm`, else 0.
double dense_update(dense_shape shape, long begin, long end, dense_adam adam, long rows, const float *x, long ldx,
                    const float *e, long lde, float *weights, float *m, float *v, int norm);

/// Adam on `count` parameters (a multiple of 16) with a given gradient.
void dense_adam_step(dense_adam adam, long count, const float *gradient, float *weights, float *m, float *v);

/// y = max(0, x · scale · gamma + beta), of `count` numbers, every operation rounded; of a NaN 0.
void dense_affine(long count, float scale, const float *gamma, const float *beta, const float *x, float *y);

/// y = x · factor, of `count` numbers that need not be aligned, the product in double precision.
void dense_scale(long count, double factor, const float *x, float *y);

/// Multiplies and adds in registers, as fast as the processor can; returns the number of operations.
double dense_multiply_adds(long rounds);

/// Reads `count` floats (a multiple of 64), or reads each and writes it back, as fast as the core can; returns the bytes
/// moved.
double dense_stream(long count, float *numbers, int writes);

/// Tells the processor that this thread is spinning.
static inline void dense_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __builtin_arm_yield();
#endif
}
