import ArgumentParser
import Experiment
import Ledger
import Reports
import Study

/// What is printed once runs have been trained here.
enum TrainingEnd {
  /// Prints a sweep's results and ends with the code that says how its runs went.
  /// - Throws: `ExitCode` unless every run has ended for good; `LedgerError`.
  static func report(_ tasks: [RunTask], of sweep: String, in ledger: Ledger, format: FormatOption) throws {
    format.print(try SweepResults(sweep, in: ledger).table())
    if let signal = StopRequest.name {
      Terminal.say("stopped by \(signal) with everything saved; the same command goes on")
      throw ArgumentParser.ExitCode(Experiment.ExitCode.resumable.rawValue)
    }
    let failures: [Experiment.ExitCode] = tasks.compactMap { task in
      if case .failed(_, let code) = task.outcome { code ?? .checkFailed } else { nil }
    }
    guard let first = failures.first else { return }
    Terminal.say("\(failures.count) of \(tasks.count) runs failed, for the reasons above")
    // One cause for all is this program's end; several are a check that failed.
    let code = failures.allSatisfy { $0 == first } ? first : .checkFailed
    throw ArgumentParser.ExitCode(code.rawValue)
  }
}
