/// How far a model's way back undoes its way there, and what the way there is about an event.
package struct Inversion: Codable, Hashable, Sendable {
  /// The root of the mean square of what comes back less what went there, over that of what went there.
  package var reconstruction: Double
  /// The numbers of an event.
  package var numbers: Int
  /// Singular values of the Jacobian there that are not zero, at the events with the fewest.
  package var rank: Int
  /// The least singular value that is not zero, the geometric mean over the events.
  package var least: Double
  /// The greatest singular value, the geometric mean over the events.
  package var greatest: Double

  package init(reconstruction: Double, numbers: Int, rank: Int, least: Double, greatest: Double) {
    (self.reconstruction, self.numbers, self.rank) = (reconstruction, numbers, rank)
    (self.least, self.greatest) = (least, greatest)
  }

  /// Whether it is a bijection, as a sentence: one has as many directions as numbers.
  package var sentence: String {
    rank == numbers
      ? "The map there has all of its \(numbers) directions at every event looked at: nothing speaks against a bijection."
      : "It is no bijection: the map there has \(rank) of \(numbers) directions at an event, and what lies along the others "
        + "does not come back."
  }
}
