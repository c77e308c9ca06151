import CKernels
import Glibc

/// An uninitialised array of floats that begins on a cache line, as the kernels want it.
struct AlignedFloats: ~Copyable {
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    // Straight from the system and untouched, large buffers cost no memory until they are used.
    let room = kernel_padded(max(count, 1))
    let bytes = room * MemoryLayout<Float>.stride
    var address: UnsafeMutableRawPointer?
    let failure = posix_memalign(&address, 64, bytes)
    guard failure == 0, let address else { fatalError("no memory for a statevector buffer of \(bytes) bytes") }
    pointer = address.bindMemory(to: Float.self, capacity: room)
  }

  deinit { free(pointer) }
}
