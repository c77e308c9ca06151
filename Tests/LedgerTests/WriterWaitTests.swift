import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct WriterWaitTests {
  @Test("Who waits says so once, from two seconds on, and gives up when patience is over; the next wait begins anew")
  func waits() throws {
    let folder = try TemporaryFolder()
    let clock = Mutex(ContinuousClock.now)
    let said = Mutex<[String]>([])
    let wait = WriterWait(
      folder("ledger.sqlite"), patience: .seconds(20), now: { clock.withLock { $0 } },
      say: { text in said.withLock { $0.append(text) } })
    func at(_ seconds: Double, after tries: Int) -> Bool {
      clock.withLock { $0 += .seconds(seconds) }
      return wait.goesOn(after: tries)
    }
    #expect(at(0, after: 0) && at(1.9, after: 1) && said.withLock { $0.isEmpty })
    #expect(at(0.2, after: 2) && at(17, after: 3))
    #expect(said.withLock { $0 } == ["waiting for \(folder("ledger.sqlite")), which another process has"])
    #expect(!at(1, after: 4))
    #expect(at(0, after: 0) && at(2, after: 1) && said.withLock { $0.count } == 2)
  }

  @Test("Who is asked to stop gives up soon, but not for a moment's commit of another process") func stops() throws {
    let folder = try TemporaryFolder()
    let clock = Mutex(ContinuousClock.now)
    let isStopped = Mutex(false)
    let wait = WriterWait(
      folder("ledger.sqlite"), patience: .seconds(20), now: { clock.withLock { $0 } },
      isStopped: { isStopped.withLock { $0 } }, say: { _ in })
    #expect(wait.goesOn(after: 0))
    clock.withLock { $0 += .seconds(5) }
    #expect(wait.goesOn(after: 1))
    isStopped.withLock { $0 = true }
    #expect(!wait.goesOn(after: 2))
    #expect(wait.goesOn(after: 0))
    clock.withLock { $0 += .seconds(0.3) }
    #expect(!wait.goesOn(after: 1))
  }

  @Test("Of two writers the one that has to wait gets its turn between the other's transactions") func turns() throws {
    let folder = try TemporaryFolder()
    let workspace = Workspace(path: folder("work"))
    let (one, other) = (try Ledger(workspace), try Ledger(workspace))
    // As `collect` does it, for a quarter of a second each.
    let items = Mutex(Array(repeating: "", count: 12))
    let end = Mutex<ContinuousClock.Instant?>(nil)
    Thread.detachNewThread {
      try? one.inTransactions(over: items.withLock { $0 }, seconds: 0.25) { _, _ in
        usleep(100_000)
        return false
      }
      end.withLock { $0 = .now }
    }
    usleep(50_000)
    try other.writing { _ in }
    #expect(end.withLock { $0 } == nil)
    while end.withLock({ $0 == nil }) { usleep(10_000) }
  }
}
