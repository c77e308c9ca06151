internal import Glibc

/// An uninitialised array of floats that begins on a cache line, as the kernels want it.
struct AlignedFloats: ~Copyable {
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    // Straight from the system and untouched, large buffers cost no memory until they are used.
    let bytes = (max(count, 1) * MemoryLayout<Float>.stride + 63) / 64 * 64
    var address: UnsafeMutableRawPointer?
    let failure = posix_memalign(&address, 64, bytes)
    guard failure == 0, let address else { fatalError("no memory for a statevector buffer of \(bytes) bytes") }
    pointer = address.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  deinit { free(pointer) }
}
