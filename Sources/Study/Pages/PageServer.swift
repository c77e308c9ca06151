import Experiment
import FlyingSocks
import Glibc
import Reports

/// An HTTP server of one page at 127.0.0.1, which tells browsers when there is a new one.
///
/// It listens from the start; who asks before `run` waits.
package struct PageServer: Sendable {
  /// The time that a request may take to come in.
  private static let patience = Duration.seconds(10)
  /// The time after which a browser that waits for a new page gets a sign.
  private static let silence = 15

  private let socket: Socket
  /// The port that it listens at.
  package let port: Int

  /// - Parameter port: 0 for any that is free.
  /// - Throws: `InputError` when the port cannot be had.
  package init(port: Int) throws {
    do {
      socket = try Socket(domain: AF_INET)
      Self.closeInChildren(socket)
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
      try socket.listen()
      guard case .ip4(_, let bound) = try socket.sockname() else { throw SocketError.unsupportedAddress }
      self.port = Int(bound)
    } catch SocketError.failed(_, EADDRINUSE, _) {
      throw InputError("serving at port \(port): another program has it; --port names another, 0 any that is free")
    } catch SocketError.failed(_, _, let message) {
      throw InputError("serving at port \(port): \(message); --port names another, 0 any that is free")
    }
  }

  /// Answers requests.
  ///
  /// - Parameters:
  ///   - isOver: Whether it is to stop; asked ten times a second.
  ///   - report: Has the page; an error that it throws goes to the browser.
  /// - Throws: `SocketError` when the sockets cannot be watched.
  package func run(until isOver: @escaping @Sendable () -> Bool, report: LiveReport) async throws {
    let pool = SocketPool.make()
    try await pool.prepare()
    let listener = try AsyncSocket(socket: socket, pool: pool)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.run() }
      group.addTask { try await Self.accept(from: listener, report) }
      group.addTask { try await report.goOn() }
      group.addTask { while !isOver() { try await Task.sleep(for: .milliseconds(100)) } }
      try await group.next()
      group.cancelAll()
    }
  }

  private static func accept(from listener: AsyncSocket, _ report: LiveReport) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        do {
          let connection = try await listener.accept()
          closeInChildren(connection.socket)
          group.addTask { await answer(connection, report) }
        } catch is SocketError {
          // A client that has gone again, or too many at once.
          try await Task.sleep(for: .milliseconds(100))
        }
      }
    }
  }

  private static func answer(_ connection: AsyncSocket, _ report: LiveReport) async {
    defer { try? connection.close() }
    do {
      guard let response = try await response(to: connection, report) else {
        return try await tellChanges(of: report, to: connection)
      }
      try await connection.write(response.bytes)
      // What is still on its way is read, or its sender would lose the answer.
      guard shutdown(connection.socket.file.rawValue, Int32(SHUT_WR)) == 0 else { return }
      try await within(.seconds(1)) { while true { _ = try await connection.read(atMost: 4096) } }
    } catch {
      // The client has gone; there is nobody to tell.
    }
  }

  /// A word for each new page, until the browser has gone.
  private static func tellChanges(of report: LiveReport, to connection: AsyncSocket) async throws {
    try await connection.write(PageResponse.changes)
    // The first at once: a page may have come in between.
    var (told, waited) = (-1, 0)
    while true {
      let number = await report.number
      if number != told || waited >= silence {
        try await connection.write(number == told ? PageResponse.sign : PageResponse.event(page: number))
        (told, waited) = (number, 0)
      }
      try await Task.sleep(for: .seconds(1))
      waited += 1
    }
  }

  /// - Returns: nil for a browser that wants to know of new pages.
  private static func response(to connection: AsyncSocket, _ report: LiveReport) async throws -> PageResponse? {
    switch try await within(patience, { try await request(from: connection) }) {
    case nil: return .sentence(.timeout, "no request came within \(patience.components.seconds) s")
    case .refusal(let status, let text, let isHead): return .sentence(status, text, isHead: isHead)
    case .changes: return nil
    case .page(let isHead):
      do { return .page(try await report.page(), isHead: isHead) } catch {
        return .sentence(.failed, "\(error)", isHead: isHead)
      }
    }
  }

  private static func request(from connection: AsyncSocket) async throws -> PageRequest.Answer {
    var bytes: [UInt8] = []
    while true {
      bytes += try await connection.read(atMost: 4096)
      if let answer = PageRequest.answer(to: bytes) { return answer }
    }
  }

  /// What a task gives; nil when the time is over first.
  @discardableResult
  private static func within<Value: Sendable>(
    _ time: Duration, _ task: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await task() }
      group.addTask {
        try await Task.sleep(for: time)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }

  /// A program that is started for the page must not keep the port or a browser's connection.
  private static func closeInChildren(_ socket: Socket) { _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC) }
}
