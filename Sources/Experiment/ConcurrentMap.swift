internal import Dispatch
internal import FoundationEssentials
internal import Synchronization

/// `body` of each index, in order, computed on all cores.
///
/// Few indices are not shared out: starting threads takes longer than `body` is worth being called here for.
public func concurrentMap<Result: Sendable>(_ indices: Range<Int>, _ body: @Sendable (Int) -> Result) -> [Result] {
  let parts = min(ProcessInfo.processInfo.activeProcessorCount, indices.count / 64)
  guard parts > 1 else { return indices.map(body) }
  let results = Mutex([[Result]](repeating: [], count: parts))
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    let first = indices.lowerBound + indices.count * part / parts
    let end = indices.lowerBound + indices.count * (part + 1) / parts
    let values = (first..<end).map(body)
    results.withLock { $0[part] = values }
  }
  return results.withLock { Array($0.joined()) }
}
