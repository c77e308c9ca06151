package import Ansatz
import ArgumentParser
import Commands
import Experiment
import FoundationEssentials
import Simulator
import Storage
import Training

struct CircuitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "circuit", abstract: "Evaluates, draws, explains or exports one instance of the circuit template.",
    subcommands: [Evaluate.self, Draw.self, Explain.self, Export.self])

  struct Evaluate: ParsableCommand {
    enum Precision: String, CaseIterable, ExpressibleByArgument { case float, double }

    static let configuration = CommandConfiguration(
      abstract: "⟨Z_i⟩ of every qubit at given inputs and angles, and gradients.",
      discussion: """
        The JSON object has the keys qubits, cnot (a list of distances), rz, repetitions, and if wanted order \
        (interleaved or blocked), ring, reupload, encoding (x or y), input_shift, inverse; x, one list of numbers per \
        sample; theta and, with rz, phi, one list per repetition; and w, one number per qubit, for the gradients of the \
        sum over samples and qubits of w_i⟨Z_i⟩. In the place of rz: rotations, a list of x, y and z; then angles, one \
        list per repetition, of one list per rotation, in the place of theta and phi.

        With --device, --noise or --shots: expectations under noise, and measured ones, with the read-out's confusion and \
        of so many shots; noise exactly or, with standard errors, by --trajectories.

        Example:
          echo '{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0.1, 0.2]], "theta": [[0.3, 0.4]]}' \
        | qcalo circuit evaluate -
        """)

    @Argument(help: "A JSON file, or - for the standard input.", completion: .file())
    var file: String
    @Option(help: "float: the simulator that trains. double: the slow reference.")
    var precision = Precision.float
    @OptionGroup var device: DeviceOptions
    @OptionGroup var model: NoiseOption
    @OptionGroup var noisy: TrajectoriesOption
    @Option(help: "Measure the circuit so many times for each sample.")
    var shots: Int?
    @Option(help: "The seed of trajectories and shots, 0 if not given.")
    var seed: UInt64?
    @Flag(help: "Print only the seconds that it takes.")
    var time = false

    func validate() throws {
      if device.device != nil && model.noise != nil { throw ValidationError("--device and --noise: give one of them") }
      if let flaw = shots.flatMap({ Bounds.flaw("--shots", $0, Bounds.shots) }) { throw ValidationError(flaw) }
      let isNoisy = device.device != nil || model.noise != nil
      if noisy.trajectories != nil && !isNoisy {
        throw ValidationError("--trajectories are of noise: give a --device or --noise")
      }
      if precision == .double && (isNoisy || shots != nil) {
        throw ValidationError("--precision double is that of a circuit without noise and shots")
      }
      if seed != nil && !isNoisy && shots == nil {
        throw ValidationError("--seed is that of trajectories and shots: give --shots, or a --device or --noise")
      }
    }

    func run() throws {
      let problem = try CircuitFile(file).problem
      if let flaw = problem.flaw { throw InputError("\(file): \(flaw)") }
      if device.device != nil || model.noise != nil || shots != nil { return try measure(problem) }
      switch precision {
      case .float: try write { CircuitEvaluation<Float>(problem) }
      case .double: try write { CircuitEvaluation<Double>(problem) }
      }
    }

    private func measure(_ problem: CircuitProblem) throws {
      if problem.circuit.inverse { throw InputError("\(file): inverse: such a circuit is carried out exactly only") }
      var place = NoisyEvaluation.Place.model(try model.value(for: problem.circuit))
      if let (device, placed) = try device.placed(problem.circuit) {
        for remark in device.remarks { Terminal.say(remark) }
        place = .device(placed)
      }
      let method = noisy.trajectories.map(MeasuredCircuit.Method.trajectories)
      try write {
        NoisyEvaluation(
          problem, on: place, method: method ?? .usual(qubits: problem.circuit.qubits), shots: shots, seed: seed ?? 0)
      }
    }

    /// Writes what is evaluated, or how long that takes.
    private func write<Value: Encodable>(_ evaluate: () -> Value) throws {
      let start = RunControl.steadyTime()
      let evaluation = evaluate()
      let seconds = RunControl.steadyTime() - start
      guard !time else { return try Output.line("{\"seconds\":\(seconds)}") }
      try Output.line(String(decoding: CanonicalJSON.data(evaluation), as: UTF8.self))
    }
  }

  struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The circuit as text.",
      discussion: """
        Examples:
          qcalo circuit draw ry-rz-cnot12-x2
          qcalo circuit draw --qubits 6 --cnot 1,2 --no-rz
        """)

    @OptionGroup var choice: CircuitChoice

    func run() throws { try Output.line(CircuitDrawing(choice.circuit(), width: Terminal.width).text) }
  }
}

/// One circuit: by name, by file or by options.
struct CircuitChoice: ParsableArguments {
  @Argument(
    help: "A name such as ry-rz-cnot12-x2, a JSON file as for evaluate, or - for the standard input.",
    completion: .file())
  var source: String?
  @Option(help: "The number of qubits, 10 if not given.")
  var qubits: Int?
  @Option(help: "The CNOT distances, separated by commas, 1 if not given; 'none' for no CNOT.")
  var cnot: IntegerList?
  @Flag(inversion: .prefixedNo, help: "Whether RZ follows RY; it does if not given.")
  var rz: Bool?
  @Option(help: "The number of repetitions, 1 if not given.")
  var repetitions: Int?
  @Option(help: "How CNOTs of several distances follow each other: interleaved (if not given) or blocked.")
  var order: Circuit.Order?
  @Flag(help: "Let CNOTs wrap around at the last qubit.")
  var ring = false
  @Flag(help: "Encode the input again before every later repetition.")
  var reupload = false
  @Option(help: "In the place of --rz: the axes that every qubit is turned about, in order, such as z,y,x.")
  var rotations: AxisList?
  @Option(help: "What encodes the inputs, RX or RY: x (if not given) or y.")
  var encoding: Encoding?
  @Option(help: "Qubit i encodes input i + this number, modulo the number of qubits.")
  var inputShift: Int?

  private var isByOptions: Bool {
    qubits != nil || cnot != nil || rz != nil || repetitions != nil || order != nil || ring || reupload
      || rotations != nil || encoding != nil || inputShift != nil
  }

  /// Whether the circuit is named or described at all, not left at the defaults.
  var isGiven: Bool { source != nil || isByOptions }

  func validate() throws {
    if source != nil && isByOptions {
      throw ValidationError("Name the circuit, or describe it by options, but not both.")
    }
    if rz != nil && rotations != nil { throw ValidationError("--rz and --rotations: give one of them.") }
  }

  /// - Throws: `InputError`.
  func circuit() throws -> Circuit {
    try problem()?.circuit ?? circuitByNameOrOptions()
  }

  /// The file's content where the circuit is one.
  /// - Throws: `InputError`.
  func problem() throws -> CircuitProblem? {
    guard let source, Circuit(name: source) == nil else { return nil }
    guard source == "-" || FileManager.default.fileExists(atPath: source) else {
      throw InputError(
        "\(source): neither a file nor the name of a circuit; names are like ry-rz-cnot12-x2, with q6, blocked, ring, "
          + "reupload, ency or shift2 appended in this order where they apply")
    }
    let problem = try CircuitFile(source).problem
    if let flaw = problem.circuit.flaw { throw InputError("\(source): \(flaw)") }
    return problem
  }

  private func circuitByNameOrOptions() throws -> Circuit {
    if let circuit = source.flatMap(Circuit.init(name:)) { return circuit }
    let circuit = Circuit(
      qubits: qubits ?? 10, cnot: cnot?.values ?? (qubits == 1 ? [] : [1]), rz: rz ?? true,
      repetitions: repetitions ?? 1, order: order ?? .interleaved, ring: ring, reupload: reupload,
      rotations: rotations?.values, encoding: encoding ?? .x, inputShift: inputShift ?? 0)
    if let flaw = circuit.flaw { throw InputError(flaw) }
    return circuit
  }
}

/// Whole numbers as one argument: "1,2", or "none".
struct IntegerList: ExpressibleByArgument {
  var values: [Int]
  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }

  init?(argument: String) {
    guard let values = argument == "none" ? [] : argument.commaSeparated({ Int($0) }) else { return nil }
    self.values = values
  }
}

/// Axes as one argument: "z,y,x".
struct AxisList: ExpressibleByArgument {
  var values: [Axis]

  init?(argument: String) {
    guard let values = argument.commaSeparated({ Axis(rawValue: $0) }) else { return nil }
    self.values = values
  }
}

extension Circuit.Order: ExpressibleByArgument {}
extension Encoding: ExpressibleByArgument {}

/// A circuit with its numbers, read from a JSON file or the standard input.
struct CircuitFile {
  let problem: CircuitProblem

  /// - Parameter path: A file, or "-".
  /// - Throws: `InputError`.
  init(_ path: String) throws { problem = try Self.value(in: path) }

  /// A value in a JSON file, or in the standard input for "-".
  /// - Throws: `InputError`.
  static func value<Value: Decodable>(in path: String) throws -> Value {
    let data = try InputFile.data(of: path)
    if let key = CanonicalJSON.repeatedKey(in: data) { throw InputError("\(path): the key '\(key)' stands twice") }
    do {
      return try CanonicalJSON.value(from: data)
    } catch let error as DecodingError {
      throw InputError("\(path): \(error.explanation)")
    }
  }
}
