import ArgumentParser
import Experiment
import Foundation
import Ledger
import Reports
import Storage
import Study

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "The report of a sweep, live in a browser on this machine, as checkpoints come in.",
    discussion: """
      qcalo serve table2
      qcalo serve table2 --port 8080 --every 60
      """)

  @Argument(help: "A sweep's name or file.", completion: .sweeps)
  var sweep: String

  @Option(help: "The port at 127.0.0.1; 0 for any that is free.")
  var port = 8080

  @Option(help: ArgumentHelp("The seconds between two looks at the journals.", valueName: "seconds"))
  var every = 30

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if !(0...65535).contains(port) { throw ValidationError("--port: \(port) is not 0 … 65535.") }
    if let flaw = Bounds.flaw("--every", every, Bounds.pause) { throw ValidationError(flaw) }
  }

  func run() async throws {
    let name = try workspace.sweep(meantBy: sweep)
    // A port that is taken is said before anything is drawn, an unknown sweep to the caller and not to the browser.
    let server = try PageServer(port: port)
    let report = LiveReport(
      ReportSource(workspace: try workspace.value, sweep: name, drawsShowers: showers.showers, say: Terminal.say),
      every: every)
    _ = try await report.page()
    StopSignals.install()
    Terminal.say("\(name) is at http://127.0.0.1:\(server.port)/ until interrupted")
    try await server.run(until: { StopSignals.request != nil }, report: report)
  }
}
