import ArgumentParser
import Commands
import Experiment
import Ledger
import Reports
import Storage
import Study

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What is installed here, which kernels, free space, and whether the workspace is whole.",
    discussion: """
      Ends with \(ProgramEnd.checkFailed.rawValue) when something is bad.

      qcalo doctor
      qcalo doctor --disk
      """)

  @Flag(help: "List what each sweep takes on the disk instead.")
  var disk = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    if disk {
      let workspace = try workspace.value
      return try format.print(DiskUse.table(workspace, in: Ledger(reading: workspace)))
    }
    let doctor = await Doctor(workspace.place)
    try format.print(doctor.table)
    if doctor.isBad { throw ProgramEnd.checkFailed.exit }
  }
}
