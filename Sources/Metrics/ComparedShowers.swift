package import Calorimetry
import Experiment

/// Generated showers and the Geant4 ones that they are held against, as many of each at each incident energy: a mixture
/// of energies of its own would tell any two samples apart.
package struct ComparedShowers: Sendable {
  /// Where the floor's second sample of Geant4 comes from.
  package enum Floor: String, Codable, Hashable, Sendable {
    /// The events that were trained on, against the held-out ones.
    case trained
    /// The second half of the reference's events, against the first.
    case halves
  }

  /// Geant4's: those that were not trained on, where there are any.
  package let geant4: ShowerSelection
  /// The generator's.
  package let generated: ShowerSelection
  /// Those of Geant4 that were trained on; nil where `geant4` are these.
  package let trained: ShowerSelection?

  /// Takes the first events of each energy, as many as the smallest sample has of it.
  /// - Parameters:
  ///   - reference: Geant4's events, as a rule those that were trained on.
  ///   - heldOut: Events of Geant4 that were not; nil for none.
  ///   - generated: The generator's.
  /// - Throws: `InputError` when they have no energy in common, or other voxels.
  package init(reference: ShowerSelection, heldOut: ShowerSelection? = nil, generated: ShowerSelection) throws {
    let samples = [reference, generated] + (heldOut.map { [$0] } ?? [])
    func matched(_ sample: ShowerSelection) -> ShowerSelection {
      samples.reduce(sample) { $0.first(asManyAs: $1) }
    }
    self.generated = matched(generated)
    geant4 = matched(heldOut ?? reference)
    trained = heldOut.map { _ in matched(reference) }
    guard self.generated.count > 0 else {
      throw InputError(
        "the generated events have no incident energy in common with Geant4's; there is nothing to compare")
    }
    guard samples.allSatisfy({ $0.voxels == generated.voxels }) else {
      throw InputError(
        "the showers have \(generated.voxels) voxels, Geant4's \(samples.map { "\($0.voxels)" }.joined(separator: ", "))"
      )
    }
  }

  /// Two samples of Geant4 that were not chosen: the first plays the reference, the second the generator.
  var floor: (kind: Floor, geant4: ShowerSelection, other: ShowerSelection) {
    if let trained { return (.trained, geant4, trained) }
    let groups = geant4.positionsByEnergy
    func half(_ part: (_ positions: [Int]) -> ArraySlice<Int>) -> ShowerSelection {
      geant4.events(at: groups.flatMap(part).sorted())
    }
    return (
      .halves, half { $0.prefix($0.count / 2) }, half { $0.dropFirst($0.count / 2).prefix($0.count / 2) }
    )
  }
}
