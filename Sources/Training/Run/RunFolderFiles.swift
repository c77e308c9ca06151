package import Experiment
import FoundationEssentials
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
