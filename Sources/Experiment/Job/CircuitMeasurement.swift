package import Ansatz
import FoundationEssentials
import Storage

/// How a generator's circuit is carried out, in training and ever after, in place of exactly: under noise, by shots, or both.
package struct CircuitMeasurement: Codable, Hashable, Sendable {
  /// How the angles' gradient is found.
  package enum Gradient: String, Codable, CaseIterable, Sendable {
    /// Adjoint differentiation of the trajectories of the forward values, without shots.
    case adjoint
    /// Two circuits for each angle, with trajectories and shots of their own, as a device would.
    case parameterShift = "parameter_shift"
  }

  /// The shots of each event; nil for expectations.
  package var shots: Int?
  /// The noise of the circuit's own gates; nil for none.
  package var noise: NoiseModel?
  /// The qubits of a device that carry it out under their noise; nil for none.
  package var device: DeviceChain?
  /// Trajectories of each event with an error at least, beside the one without; only with noise.
  package var trajectories: Int
  /// How the angles' gradient is found.
  package var gradient: Gradient

  /// The trajectories where nobody says.
  package static let usualTrajectories = 16

  package init(
    shots: Int? = nil, noise: NoiseModel? = nil, device: DeviceChain? = nil, trajectories: Int = usualTrajectories,
    gradient: Gradient = .adjoint
  ) {
    self.shots = shots
    self.noise = noise
    self.device = device
    self.trajectories = trajectories
    self.gradient = gradient
  }

  /// Whether there is noise of any kind.
  package var isNoisy: Bool { noise != nil || device != nil }

  /// Why the circuit cannot be carried out so, as a clause naming the key; nil when it can.
  func flaw(for circuit: Circuit) -> String? {
    if shots == nil && !isNoisy { return "shots: neither these nor noise are given" }
    if let flaw = shots.flatMap({ Bounds.flaw("shots", $0, Bounds.shots) }) { return flaw }
    if circuit.inverse { return "noise: an inverse circuit is carried out exactly only" }
    if noise != nil && device != nil { return "noise: a circuit is carried out by its own gates or on a device" }
    if let flaw = noise?.flaw ?? device?.flaw(for: circuit) { return "noise: \(flaw)" }
    if let flaw = Bounds.flaw("trajectories", trajectories, Bounds.trajectories) { return flaw }
    if !isNoisy && trajectories != Self.usualTrajectories { return "trajectories: there is no noise to draw them by" }
    if shots == nil && gradient != .adjoint { return "gradient: parameter_shift is for shots" }
    return nil
  }

  /// The noise by content: a SHA-256 in hexadecimal digits; nil without noise.
  private var noiseDigest: String? {
    let content = noise.flatMap { try? CanonicalJSON.data($0) } ?? device.flatMap { try? CanonicalJSON.data($0) }
    return content.map { SHA256.hexDigest(of: Array($0)) }
  }

  /// The noise for people, and to find a variant by: whose it is, and the first digits of its content's hash; nil without
  /// noise.
  package var noiseName: String? { noiseDigest.map { "\(device?.device ?? "own gates") \($0.prefix(6))" } }

  /// The part of an architecture's `canonical`; what is at its default is left out.
  var canonical: String {
    var parts: [String] = []
    if let shots { parts.append("shots \(shots)") }
    if let noiseDigest { parts.append("noise \(noiseDigest)") }
    if trajectories != Self.usualTrajectories { parts.append("trajectories \(trajectories)") }
    if gradient != .adjoint { parts.append("gradient \(gradient.rawValue)") }
    return "measured(\(parts.joined(separator: ", ")))"
  }

  /// The part of an architecture's `name`: `-shots1000-noise3fa9c2`.
  var name: String {
    var name = ""
    if let shots { name += "-shots\(shots)" }
    if let noiseDigest { name += "-noise\(noiseDigest.prefix(6))" }
    if trajectories != Self.usualTrajectories { name += "-t\(trajectories)" }
    if gradient != .adjoint { name += "-shift" }
    return name
  }
}
