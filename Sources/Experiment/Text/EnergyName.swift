/// An incident energy (MeV) as everything but an identity spells it: "65536" rather than "65536.0".
package func energyName(_ energy: Double) -> String {
  abs(energy) < 1e16 ? Int64(exactly: energy).map(String.init) ?? "\(energy)" : "\(energy)"
}

/// Several incident energies: "4096, 65536".
package func energyNames(_ energies: [Double], separator: String = ", ") -> String {
  energies.map(energyName).joined(separator: separator)
}
