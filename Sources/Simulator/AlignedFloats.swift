import CKernels
import Glibc

/// An uninitialised array of floats that begins on a cache line, as the kernels want it.
struct AlignedFloats: ~Copyable {
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    // Straight from the system and untouched, large buffers cost no memory until they are used.
    guard let memory = kernel_memory(count) else { fatalError("no memory for a statevector buffer of \(count) floats") }
    pointer = memory
  }

  deinit { free(pointer) }
}
