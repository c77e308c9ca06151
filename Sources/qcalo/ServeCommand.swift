import ArgumentParser
import Experiment
import Foundation
import Hummingbird
import Ledger
import Logging
import Reports

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "The report of a sweep, live in a browser on this machine, as checkpoints come in.",
    discussion: """
      qcalo serve table2
      qcalo serve table2 --port 8080 --every 60
      """)

  @Argument(help: "A sweep's name or file.")
  var sweep: String

  @Option(help: "The port at 127.0.0.1; 0 for any that is free.")
  var port = 8080

  @Option(help: ArgumentHelp("The seconds between two looks at the journals.", valueName: "seconds"))
  var every = 30

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if !(0...65535).contains(port) { throw ValidationError("--port: \(port) is not 0 … 65535.") }
    if every < 1 { throw ValidationError("--every: \(every) is not 1 or more.") }
  }

  func run() async throws {
    let name = try WorkspaceOptions.sweepName(sweep)
    let report = LiveReport(
      ReportSource(workspace: workspace.value, sweep: name, drawsShowers: showers.showers), every: every)
    // An unknown sweep is said now, not to the browser.
    _ = try await report.page()
    let router = Router()
    router.get("/") { _, _ in
      do {
        return Response(
          status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
          body: .init(byteBuffer: ByteBuffer(string: try await report.page())))
      } catch {
        return Response(
          status: .internalServerError, headers: [.contentType: "text/plain; charset=utf-8"],
          body: .init(byteBuffer: ByteBuffer(string: "\(error)\n")))
      }
    }
    var logger = Logger(label: "qcalo")
    logger.logLevel = .critical
    let server = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        Terminal.say("\(name) is at http://127.0.0.1:\(channel.localAddress?.port ?? 0)/ until interrupted")
      }, logger: logger)
    do {
      try await server.runService()
    } catch let error where "\(error)".contains("in use") {
      throw InputError("serving at port \(port): another program has it; --port names another, 0 any that is free")
    }
  }
}

/// The report, made anew when it is asked for and old.
actor LiveReport {
  private let source: ReportSource
  private let every: Int
  private var latest: (page: String, made: ContinuousClock.Instant)?
  private var making: Task<String, any Error>?

  init(_ source: ReportSource, every: Int) {
    self.source = source
    self.every = every
  }

  /// - Throws: As `ReportSource.page`; `StorageError` from collecting.
  func page() async throws -> String {
    if let latest, latest.made.duration(to: .now) < .seconds(every) { return latest.page }
    // Several browsers that ask at once wait for the same page.
    let task =
      making
      ?? Task { [source, every] in
        try Ledger(source.workspace).collect()
        return try await source.page(refresh: every)
      }
    making = task
    defer { making = nil }
    let page = try await task.value
    latest = (page, .now)
    return page
  }
}
