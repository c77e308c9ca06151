import ArgumentParser
import Commands
import Experiment
import Ledger
import Storage
import Study

struct WaitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until nobody trains a sweep's runs any more, here or at HTCondor.",
    discussion: """
      Ends with 0 when each has finished or diverged, with \(ProgramEnd.checkFailed.rawValue) when one has failed or has \
      something left to do, with \(ProgramEnd.resumable.rawValue) when --at-most is over before.

      qcalo wait table2 && qcalo results table2
      qcalo wait table2 --notify 'mail -s "table2" me@example.org'
      """)

  @Argument(help: "The sweep's name or file.", completion: .sweeps)
  var sweep: String

  @Option(help: ArgumentHelp("The seconds between two looks.", valueName: "seconds"))
  var every = 30

  @Option(help: ArgumentHelp("How long to wait at most: 90m, 24h, seconds.", valueName: "time"))
  var atMost: TimeOption?

  @OptionGroup var notify: NotifyOption
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if let flaw = Bounds.flaw("--every", every, Bounds.pause) { throw ValidationError(flaw) }
  }

  func run() async throws {
    let workspace = try workspace.value
    let name = try workspace.sweep(meantBy: sweep)
    let notifier = notify.notifier
    let end = atMost.map { ContinuousClock.now + .seconds($0.seconds) }
    var watch = RunWatch()
    while true {
      let pool = await PoolStatus(bringingBackTo: workspace)
      try Ledger(workspace).collect()
      let news = watch.look(try Ledger(reading: workspace).statuses(sweep: name, process: pool.evidence), pool)
      for one in news { Terminal.say(one.line) }
      notifier?.tell(news)
      let now = ContinuousClock.now
      if watch.pending == 0 || end.map({ now >= $0 }) ?? false { break }
      try await Task.sleep(until: min(now + .seconds(every), end ?? now + .seconds(every)))
    }
    await notifier?.finish()
    try format.print(
      await PoolStatus(workspace).table(of: name, in: Ledger(reading: workspace)))
    if watch.pending > 0 {
      Terminal.say("\(watch.pending) runs are still to end")
      throw ProgramEnd.resumable.exit
    }
    if watch.unfinished > 0 {
      Terminal.say("\(watch.unfinished) runs have not come to a result")
      throw ProgramEnd.checkFailed.exit
    }
  }
}

/// A length of time: 90m, 24h, or seconds.
struct TimeOption: ExpressibleByArgument {
  var seconds: Double

  init?(argument: String) {
    guard let seconds = DecimalNumber(argument)?.value ?? lengthOfTime(argument), Bounds.time.contains(seconds) else {
      return nil
    }
    self.seconds = seconds
  }
}

/// Whom to tell what becomes of runs.
struct NotifyOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A shell command that is told which runs finish, diverge, fail, stop or are held: lines on its standard input, names in QCALO_FINISHED, ...",
      valueName: "command"))
  var notify: String?

  var notifier: Notifier? { notify.map { Notifier($0, say: Terminal.say) } }
}
