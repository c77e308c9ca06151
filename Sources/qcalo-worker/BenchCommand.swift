import ArgumentParser
import Benchmarking
import Commands
import Experiment
import FoundationEssentials
import Storage

struct BenchCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, csv, markdown }

  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Verifies the kernels, then times them and whole iterations.",
    discussion: """
      Circuits (forward, and forward with gradients, batch of ten) are held against the gate-by-gate simulator in double \
      precision, the products and Adam against plain loops; with a wrong kernel nothing is timed, and it ends with \
      \(ProgramEnd.checkFailed.rawValue). Series take turns, five rounds each. GFLOP/s count the products alone; the peak is measured. \
      Times are those of this machine as it is: let nothing else run.

      Examples:
        qcalo bench
        qcalo bench --only iteration,step --threads 1 --seconds 5 --format json
      """)

  @Option(
    help: "What to time, separated by commas: \(Timing.Group.allCases.map(\.rawValue).joined(separator: ", ")).")
  var only: GroupList?
  @Option(help: "Threads of one job, separated by commas.")
  var threads = IntegerList(argument: "1,2")!
  @Option(help: "Seconds for each series.")
  var seconds = 1.0
  @Option(help: "The circuits' qubits, separated by commas.")
  var qubits = IntegerList(argument: "10,16,20")!
  @Option(help: "The training events, 50 or more.")
  var events = 1000
  @Option(
    help:
      "A library whose products are verified and timed beside these, on one thread: openblas, where the system has it, or the path of one."
  )
  var against: String?
  @Option(help: "The folder to write checkpoints to; $TMPDIR or /tmp if not given.", completion: .directory)
  var folder: String?
  @Option(help: "table, json, csv or markdown.")
  var format = Format.table

  func validate() throws {
    if threads.values.isEmpty || !threads.values.allSatisfy(Bounds.threads.contains) {
      throw ValidationError("--threads: give numbers of threads, 1 … 256, such as 1,2")
    }
    if qubits.values.isEmpty || !qubits.values.allSatisfy((5...24).contains) {
      throw ValidationError("--qubits: give numbers of qubits, 5 … 24, such as 10,16")
    }
    if !(seconds > 0 && seconds <= 3600) { throw ValidationError("--seconds: \(seconds) is not in 0 … 3600") }
    if !(50...1_000_000).contains(events) { throw ValidationError("--events: \(events) is not in 50 … 1000000") }
  }

  func run() throws {
    var benchmark = Benchmark()
    if let only { benchmark.groups = only.values }
    (benchmark.threads, benchmark.qubits) = (threads.values, qubits.values)
    (benchmark.seconds, benchmark.events) = (seconds, events)
    benchmark.folder = folder ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    if let against { benchmark.peer = try OpenBLAS(path: against == "openblas" ? nil : against) }
    let report: BenchmarkReport
    do {
      report = try benchmark.run { Terminal.line($0) }
    } catch let error as WrongKernels {
      Terminal.say("\(error)")
      throw ProgramEnd.checkFailed.exit
    }
    switch format {
    case .json: try Output.line(json(report))
    case .table: try Output.write(report.text(.table))
    case .csv: try Output.write(report.text(.csv))
    case .markdown: try Output.write(report.text(.markdown))
    }
  }
}

/// Groups of timings as one argument: "circuit,iteration".
struct GroupList: ExpressibleByArgument {
  var values: Set<Timing.Group>

  init?(argument: String) {
    guard let groups = argument.commaSeparated(Timing.Group.init) else { return nil }
    values = Set(groups)
  }
}
