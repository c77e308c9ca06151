/// How much of an incident energy showers have, on the mean, and how far they scatter.
package struct EnergyResponse: Hashable, Sendable {
  /// The incident energy (MeV).
  package var energy: Double
  /// The mean of E_tot/E.
  package var mean: Double
  /// The standard deviation of E_tot/E.
  package var spread: Double

  /// σ(E_tot)/⟨E_tot⟩.
  package var resolution: Double { spread / mean }
}
