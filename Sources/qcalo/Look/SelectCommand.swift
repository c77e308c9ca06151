import ArgumentParser
import Experiment
import Ledger
import Records
import Reports
import Storage
import Study

struct SelectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "The best simulator for each particle and energy, as a bundle that showers are generated from.",
    discussion: """
      Of each run the best checkpoint by χ² in training; of these, at each energy, the one that --by puts first. Those \
      within one standard deviation of it are as good, and the one with the fewest numbers is taken. A metric has to be \
      there: `qcalo evaluate SWEEP --at best` computes it.

      The bundle is a folder: manifest.json (what was chosen, its numbers and where it comes from), the generators, their \
      layers as ONNX, circuits as OpenQASM 3. A shower is timed on this machine.

      qcalo select table2 parametric --by fpd --output best
      qcalo generate --bundle best --energies 4096,20000,65536 --events 1000 --output showers.h5
      """)

  @Argument(help: "Sweeps' names or files.")
  var sweeps: [String]

  @Option(
    help: ArgumentHelp(
      "What decides: χ²/NDF in training (chi2) or a metric: held_out_chi2, fpd, kpd, auc_low …", valueName: "metric"))
  var by: ResultOrder

  @Option(name: .shortAndLong, help: "The folder to write the bundle into.", completion: .directory)
  var output: String

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    StopSignals.install()
    let ledger = try Ledger(reading: workspace.value)
    let names = try sweeps.map { try workspace.sweep(meantBy: $0) }
    let selection = try SimulatorSelection(names, by: by, in: ledger)
    let missing = selection.unscored
    if selection.choices.isEmpty {
      throw InputError(
        "no run of \(names.joined(separator: ", ")) has \(by.text) at its best checkpoint; "
          + (by == .chi2
            ? "`qcalo run` trains them" : "`qcalo evaluate \(names.first ?? "SWEEP") --at best` computes it"))
    }
    if !missing.isEmpty {
      Terminal.say(
        "without \(by.text) at the best checkpoint, and left out: \(missing.joined(separator: ", "))")
    }
    let bundle = try await SimulatorBundleWriter(selection, of: ledger, to: output).write()
    let times = Dictionary(
      bundle.choices.compactMap { choice in choice.microsecondsPerShower.map { (choice.run, $0) } },
      uniquingKeysWith: { first, _ in first })
    try format.print(selection.table(microseconds: times))
  }
}
