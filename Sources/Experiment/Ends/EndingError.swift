import Storage

/// An error that says how a program ends on it.
package protocol EndingError: Error {
  /// The program's end; what its exit code is of.
  var programEnd: ProgramEnd { get }
}

extension ProgramEnd {
  /// How a program ends on an error; one that says nothing about it is a defect.
  package init(of error: any Error) { self = (error as? any EndingError)?.programEnd ?? .defect }
}

extension InputError: EndingError {
  package var programEnd: ProgramEnd { .badInput }
}

extension StorageError: EndingError {
  package var programEnd: ProgramEnd { .storageFailure }
}
