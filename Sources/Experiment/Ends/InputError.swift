import Storage

/// What the user gave cannot be used; the description is a sentence that says what, where, and what to do.
///
/// The programs end with `ProgramEnd.badInput` on it.
package struct InputError: Error, CustomStringConvertible, Sendable, Equatable {
  package var description: String

  /// - Parameter description: The sentence; what a file holds cannot break it in two.
  package init(_ description: String) { self.description = description.printable }
}
