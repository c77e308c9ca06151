package import Experiment
package import FoundationEssentials
import Glibc
package import Records
import Storage

extension RunFolder {
  /// Makes the folders that are missing.
  package func create() throws {
    for folder in [path, journalFolder, checkpointFolder] { try Folder.make(folder) }
  }

  /// The job description in the folder; nil when there is none.
  /// - Throws: `InputError` when it is no job description; `StorageError` when it cannot be read.
  package func job() throws -> JobDescription? {
    guard let bytes = try FileContent.bytes(ifThere: jobFile) else { return nil }
    return try JobDescription(json: Data(bytes), from: jobFile)
  }

  /// Moves a file into `set-aside`, under a name that nothing there has.
  /// - Returns: The new path, relative to the run's folder.
  func setAside(_ file: String) throws -> String {
    try Folder.make(setAsideFolder)
    let name = Folder.name(of: file)
    let taken = Set(try Folder.names(in: setAsideFolder))
    var (free, number) = (name, 1)
    while taken.contains(free) {
      number += 1
      free = "\(name).\(number)"
    }
    guard rename(file, setAsideFolder + "/" + free) == 0 else { throw StorageError("setting aside", file) }
    try DurableFile.sync(setAsideFolder)
    return "set-aside/" + free
  }

  /// Removes a file that is no longer needed; one that is gone already is fine.
  static func remove(_ file: String) throws {
    guard unlink(file) == 0 || errno == ENOENT else { throw StorageError("removing", file) }
  }
}

extension JobDescription {
  /// Reads a job description and checks that it can be trained.
  /// - Parameters:
  ///   - json: The description's text.
  ///   - path: Where it came from, for the message.
  /// - Throws: `InputError`.
  package init(json: Data, from path: String) throws {
    do {
      self = try CanonicalJSON.value(from: json)
    } catch let error as DecodingError {
      throw InputError(
        "\(path): not a job description: \(error.explanation); `qcalo run` and `qcalo submit` write one for each run")
    }
    func refuse(_ what: String) -> InputError { InputError("\(path): \(what)") }
    let generatorFlaw = variant.generator.flaw.map { "generator: " + $0 }
    let discriminatorFlaw = variant.discriminator.flaw.map { "discriminator: " + $0 }
    if let flaw = generatorFlaw ?? discriminatorFlaw ?? settings.flaw.map({ "settings: " + $0 }) { throw refuse(flaw) }
    if let flaw = keep.flaw { throw refuse("keep.\(flaw)") }
    if let flaw = budget.flaw { throw refuse("budget.\(flaw)") }
    if let flaw = dataset.flaw { throw refuse("dataset.\(flaw)") }
    let events = settings.discriminatorSteps * settings.batchSize
    if dataset.events < events {
      throw refuse("dataset: \(dataset.events) events are fewer than the \(events) of one iteration")
    }
    let identity = trained.runID(seed: seed, dataset: dataset)
    guard run == identity else {
      throw refuse("run: \(run) is not the identity of what is described, \(identity); was the file edited by hand?")
    }
  }
}
