/// What went wrong with a site file, a submission or a pool: a sentence that says what was being done, to which thing,
/// what was wrong and what to do.
public struct CondorError: Error, CustomStringConvertible, Hashable, Sendable {
  public var description: String

  public init(_ description: String) { self.description = description }
}
