package import Experiment
import Glibc

/// When two incident energies are the same.
package enum IncidentEnergy {
  /// Energies are the same when they differ by less than one part in ten thousand: files may hold them in float32.
  package static let tolerance = 1e-4

  /// Whether two energies (MeV) count as one.
  package static func same(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= tolerance * max(abs(a), abs(b)) }
}

/// The scale of a dataset's energy labels: log10(E_kin / E_min) / log10(E_max / E_min), the kinetic energies' least and
/// greatest in E_min and E_max.
package struct EnergyScale: Hashable, Sendable {
  private let particle: Particle
  /// E_min and E_max (MeV); the same where there is one energy.
  private let least: Double
  private let greatest: Double

  /// - Parameters:
  ///   - energies: The incident energies (MeV), or the edges of their bins; none is as good as one.
  ///   - particle: What the showers are of.
  package init(of energies: [Double], particle: Particle) {
    self.particle = particle
    let kinetic = energies.map(particle.kineticEnergy)
    (least, greatest) = (kinetic.min() ?? 0, kinetic.max() ?? 0)
  }

  /// The scale of a dataset.
  package init(_ dataset: DatasetDescription) {
    self.init(of: dataset.energyBins?.edges ?? dataset.energies, particle: dataset.kind.particle)
  }

  /// The label of an incident energy (MeV): 0 … 1 within the scale, 0 where it is of one energy.
  package func label(of energy: Double) -> Double {
    least < greatest ? log10(particle.kineticEnergy(of: energy) / least) / log10(greatest / least) : 0
  }
}
