// How much room a row of floats takes where kernels read and write it by whole vectors.
#pragma once

/// `count` floats rounded up to sixteen, the widest vector.
static inline long kernel_padded(long count) { return (count + 15) / 16 * 16; }
