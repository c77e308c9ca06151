import CKernels
import Glibc
import NeuralNetwork

/// How fast one core moves numbers, by how many there are.
package struct Bandwidth: Codable, Hashable, Sendable {
  /// Bytes of the numbers that are gone through again and again.
  package var bytes: Int
  /// GB/s read, the best of many short measurements.
  package var reads: Double
  /// GB/s read and written together, where each number is read and written back.
  package var updates: Double

  /// Sizes from what the first cache holds to what none does.
  static let sizes = [5, 8, 9, 10, 11, 12, 13, 14, 15, 16].map { 1024 << $0 }

  /// Measures for some hundredths of a second, in memory as the training's.
  static func measured(bytes: Int) -> Bandwidth {
    let numbers = AlignedBuffer(count: bytes / MemoryLayout<Float>.stride)
    func best(writes: Bool) -> Double {
      // About a millisecond each.
      let rounds = max(1, (32 << 20) / bytes)
      return (0..<12).reduce(0) { best, _ in
        let start = steadyTime()
        var moved = 0.0
        for _ in 0..<rounds { moved += dense_stream(numbers.count, numbers.pointer, writes ? 1 : 0) }
        return max(best, moved / (steadyTime() - start) * 1e-9)
      }
    }
    return Bandwidth(bytes: bytes, reads: best(writes: false), updates: best(writes: true))
  }

  /// Bytes of the core's second-level cache; 1 MiB where the system does not tell.
  static let secondLevelCache: Int = {
    let told = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    return told > 0 ? told : 1 << 20
  }()
}

extension [Bandwidth] {
  /// The speed with numbers of so many bytes: that of the smallest set measured that has as many, or else of the largest.
  func at(_ bytes: Int) -> Bandwidth { first { $0.bytes >= bytes } ?? self[count - 1] }
}
