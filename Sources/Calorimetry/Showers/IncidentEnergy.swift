import Glibc

/// What the study derives from a pion's incident energy.
///
/// Energies in MeV.
package enum IncidentEnergy {
  /// The mass of a charged pion as the study's code has it.
  package static let pionMass = 139.6

  /// The kinetic energy √(E² + m²) - m, with the file's E taken as the momentum, as the study's code does.
  package static func kineticEnergy(of energy: Double) -> Double {
    (energy * energy + pionMass * pionMass).squareRoot() - pionMass
  }

  /// The energy labels: log10(E_kin / E_min) / log10(E_max / E_min), 0 … 1, the kinetic energies' least and greatest
  /// in E_min and E_max; 0 when there is one energy.
  package static func labels(of energies: [Double]) -> [Double] {
    let kinetic = energies.map(kineticEnergy)
    guard let least = kinetic.min(), let greatest = kinetic.max(), least < greatest else {
      return energies.map { _ in 0 }
    }
    return kinetic.map { log10($0 / least) / log10(greatest / least) }
  }

  /// Energies are the same when they differ by less than one part in ten thousand: files may hold them in float32.
  package static let tolerance = 1e-4

  /// Whether two energies (MeV) count as one.
  package static func same(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= tolerance * max(abs(a), abs(b)) }
}
