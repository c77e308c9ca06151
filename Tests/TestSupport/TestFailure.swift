/// A test that cannot go on.
public struct TestFailure: Error {
  public var what: String
  public init(_ what: String) { self.what = what }
}
