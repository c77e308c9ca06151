import Synchronization

@testable import Study

/// What was asked of something, in order.
final class Asked: Sendable {
  private let list = Mutex<[String]>([])
  var lines: [String] { list.withLock { $0 } }
  func note(_ line: String) { list.withLock { $0.append(line) } }
}

/// Workers that end as a test tells them to.
final class FakeWorkers: Sendable {
  /// What a start of a run comes to: what it does before it ends, and how it ends; nil: not yet, unless it is asked to
  /// stop.
  typealias Script = @Sendable (_ start: Int, _ job: String) throws -> WorkerProcess.End?

  private struct State: Sendable {
    var starts: [String: Int] = [:]
    var running = 0
    var most = 0
  }

  private let state = Mutex(State())
  private let script: Script

  init(_ script: @escaping Script) { self.script = script }

  /// How often each job description was started.
  var starts: [String: Int] { state.withLock { $0.starts } }
  /// The most that ran at one time.
  var most: Int { state.withLock { $0.most } }

  var worker: WorkerProcess.Start {
    { [self] job, _, _ in
      let start = state.withLock { state in
        state.starts[job, default: 0] += 1
        state.running += 1
        state.most = max(state.most, state.running)
        return state.starts[job, default: 0]
      }
      let child = Child(owner: self)
      return WorkerProcess(
        look: { child.look { (try? self.script(start, job)) ?? nil } }, stop: { child.stop() })
    }
  }

  private func ended() { state.withLock { $0.running -= 1 } }

  private final class Child: Sendable {
    private struct State: Sendable {
      var isStopped = false
      var end: WorkerProcess.End?
    }

    private let state = Mutex(State())
    private let owner: FakeWorkers

    init(owner: FakeWorkers) { self.owner = owner }

    func stop() { state.withLock { $0.isStopped = true } }

    func look(_ script: () -> WorkerProcess.End?) -> WorkerProcess.End? {
      let (end, isNew) = state.withLock { state -> (WorkerProcess.End?, Bool) in
        if let end = state.end { return (end, false) }
        state.end = script()
        if state.end == nil, state.isStopped { state.end = .exited(75) }
        return (state.end, state.end != nil)
      }
      if isNew { owner.ended() }
      return end
    }
  }
}

/// An observer that writes everything down.
struct Listener: RunObserver {
  let asked = Asked()
  func say(_ text: String) { asked.note(text) }
  func started(_ task: RunTask) { asked.note("started \(task.title)") }
  func changed(_ task: RunTask) { asked.note("\(task.title): \(task.summary)") }
  func update(_ tasks: [RunTask]) {}
  func finish() { asked.note("over") }
}

/// A time that passes only between two looks.
final class FakeClock: Sendable {
  private let time = Mutex(ContinuousClock.now)
  private let first: ContinuousClock.Instant

  init() { first = time.withLock { $0 } }

  /// What has passed.
  var elapsed: Duration { time.withLock { $0 } - first }

  var clock: PoolClock {
    PoolClock(
      now: { [self] in time.withLock { $0 } },
      pause: { [self] in
        time.withLock { $0 += .milliseconds(100) }
        await Task.yield()
      })
  }
}
