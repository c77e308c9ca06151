package import Calorimetry
package import Experiment

extension DatasetDescription {
  /// The incident energies (MeV) of fresh showers that are held against Geant4's, energy by energy.
  ///
  /// Of data in bins they are those of Geant4's own events: a generator at the bins' middles alone would be told apart by
  /// its energies.
  /// - Parameters:
  ///   - events: Of each energy or bin.
  ///   - geant4: Geant4's events, told apart by the same bins.
  /// - Returns: One for each event; of a bin with fewer of Geant4's each as often as is needed.
  package func incidentEnergies(events: Int, like geant4: ShowerSelection) -> [Double] {
    guard energyBins != nil else { return ShowerGeneration.each(energies, events) }
    return geant4.positionsByEnergy.flatMap { positions in
      (0..<events).map { Double(geant4.incidentEnergies[positions[$0 % positions.count]]) }
    }
  }
}
