// Kernels over statevectors, one per instruction set.
//
// A state of w qubits ("wires") is 2N floats, N = 2^w: the plane of real parts, then that of imaginary parts, aligned
// to 64 bytes. Bit i of an index is qubit i. Fewer than STATEVECTOR_WIRES qubits do not exist: pad with idle ones.
// Nothing here allocates, and each result depends on the arguments alone.
#pragma once

#include <stdint.h>

enum {
  /// The fewest wires: a vector register holds the amplitudes of the lowest four.
  STATEVECTOR_WIRES = 4,
  /// The most wires.
  STATEVECTOR_WIRES_LIMIT = 24,
};

typedef struct {
  /// The product state of w one-qubit states v[w][4] = (re0, im0, re1, im1).
  /// stages (2N floats): at 2·2^q the planes of the product of the lowest q < w; state: the product of all.
  void (*product)(unsigned wires, const float *v, float *stages, float *state);
  /// The derivative of `product` where v moves by dv; stages as product left them.
  void (*product_tangent)(
      unsigned wires, const float *v, const float *dv, const float *stages, float *dstages, float *dstate);
  /// out[w][4], per qubit q and value a: the sum over indices with bit q = a of conj(lambda) times the product of all
  /// one-qubit states but q's. lambda, which is overwritten, is what permuting `from` gives, if that is not null.
  void (*contract)(
      unsigned wires, const float *v, const float *stages, const uint32_t *high, const uint32_t *low, const float *from,
      float *lambda, float *out);
  /// `contract` and its derivative where v, stages and lambda move by dv, dstages and dlambda.
  void (*contract_tangent)(
      unsigned wires, const float *v, const float *dv, const float *stages, const float *dstages, float *lambda,
      float *dlambda, float *out, float *dout);

  /// RY on every qubit, in place: cs[w][2] = cos and sin of half the angle.
  void (*rotate)(unsigned wires, const float *cs, float *state);
  /// dstate += the sum over q of t[q] (-iY_q/2) state.
  void (*rotate_tangent)(unsigned wires, const float *t, const float *state, float *dstate);
  /// out[w], added to: Re <lambda| -iY_q |psi>, the derivative by the angle of qubit q's RY just before.
  void (*rotation_gradients)(unsigned wires, const float *psi, const float *lambda, float *out);

  /// to = from times the diagonal (a state of phases), or times its conjugate.
  void (*phase)(unsigned wires, const float *diagonal, int conjugate, const float *from, float *to);
  /// out[w], added to: Re <lambda| -iZ_q |psi>; scratch: N floats.
  void (*phase_gradients)(unsigned wires, const float *psi, const float *lambda, float *scratch, float *out);

  /// to[b] = from[high[b / 16] ^ low[b % 16]], then `rotate` by cs, if that is not null.
  void (*permute)(
      unsigned wires, const uint32_t *high, const uint32_t *low, const float *cs, const float *from, float *to);

  /// out[count] = the sum over b of |psi_b|² (-1)^parity(b & masks[i]); scratch: N floats.
  void (*expectations)(
      unsigned wires, const float *psi, const uint32_t *masks, unsigned count, float *scratch, float *out);
  /// diagonal[N] = the sum over i of w[i] (-1)^parity(b & masks[i]).
  void (*observable)(unsigned wires, const uint32_t *masks, unsigned count, const float *w, float *diagonal);
  /// to = from times that diagonal; scratch: N floats. So does the other state, unless it is null.
  void (*observe)(
      unsigned wires, const uint32_t *masks, unsigned count, const float *w, float *scratch, const float *from, float *to,
      const float *other, float *to_other);
} statevector_kernels;

/// The kernels of the instruction set in use on this thread.
const statevector_kernels *statevector_kernels_in_use(void);
