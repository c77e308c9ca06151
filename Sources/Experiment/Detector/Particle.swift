/// A particle that makes showers, with its mass.
package enum Particle: String, Codable, CaseIterable, Sendable {
  case pion, photon, electron, proton

  /// MeV.
  ///
  /// The charged pion's is the one that the study's code has; the Particle Data Group's is 139.57039.
  /// - Source: Particle Data Group, Review of Particle Physics 2024.
  package var mass: Double {
    switch self {
    case .pion: 139.6
    case .photon: 0
    case .electron: 0.51099895
    case .proton: 938.27208816
    }
  }

  /// The kinetic energy √(E² + m²) - m (MeV), with a file's E taken as the momentum, as the study's code does.
  package func kineticEnergy(of energy: Double) -> Double { (energy * energy + mass * mass).squareRoot() - mass }
}
