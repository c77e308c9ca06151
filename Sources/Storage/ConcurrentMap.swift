import Dispatch

/// `body` of each index, in order, computed on all cores.
///
/// - Parameters:
///   - indices: What `body` is called with.
///   - grain: Indices that a core takes at a time. Small parts let a core that is slowed down take fewer of them; few
///     indices are not shared out, for starting threads takes longer than `body` is worth being called here for.
///   - body: Computes an index's result, on any core.
/// - Returns: One result per index, in the indices' order.
package func concurrentMap<Result: Sendable>(
  _ indices: Range<Int>, grain: Int = 64, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let count = indices.count
  guard count > grain else { return indices.map(body) }
  return Array(unsafeUninitializedCapacity: count) { results, initialized in
    // Each part has places of its own.
    nonisolated(unsafe) let results = results
    DispatchQueue.concurrentPerform(iterations: (count + grain - 1) / grain) { part in
      for place in part * grain..<min((part + 1) * grain, count) {
        results.initializeElement(at: place, to: body(indices.lowerBound + place))
      }
    }
    initialized = count
  }
}

/// The text that `body` adds for each row, in order and in parts, put together on all cores.
package func concurrentText(
  _ rows: Range<Int>, _ body: @Sendable (_ row: Int, _ text: inout TextBuilder) -> Void
) -> [TextBuilder] {
  let size = 64
  return concurrentMap(0..<(rows.count + size - 1) / size, grain: 1) { part in
    var text = TextBuilder()
    for row in rows.dropFirst(part * size).prefix(size) { body(row, &text) }
    return text
  }
}
