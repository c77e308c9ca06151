/// What the user gave cannot be used; the description is a sentence that says what, where, and what to do.
///
/// The programs end with `ExitCode.badInput` on it.
public struct InputError: Error, CustomStringConvertible, Sendable, Equatable {
  public var description: String

  public init(_ description: String) { self.description = description }
}
