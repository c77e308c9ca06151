import Experiment
import FoundationEssentials
import Storage

/// The folder `condor` that comes with the programs: site profiles and the job wrapper.
package struct SiteLibrary: Hashable, Sendable {
  /// The folder's path.
  package var folder: String

  package init(folder: String) { self.folder = folder }

  /// Looks for the folder at and above the executable's folder and the current one.
  /// - Throws: `InputError` when there is none.
  package init(executable: String, currentFolder: String) throws {
    let starts = [Folder.parent(of: executable), currentFolder]
    for start in starts {
      var place = start
      while true {
        for folder in [place + "/condor", place + "/share/qcalo/condor"] where Files.exists(folder + "/job-wrapper") {
          self.init(folder: folder)
          return
        }
        if place.isEmpty || place == "/" || place == "." { break }
        place = Folder.parent(of: place)
      }
    }
    throw InputError(
      "the folder 'condor' with the site profiles is neither above \(starts[0]) nor above \(starts[1]); "
        + "it comes with the program and belongs beside it")
  }

  var wrapper: String { folder + "/job-wrapper" }

  /// The names of the profiles that come with the programs.
  package var names: [String] {
    Files.names(in: folder + "/sites").filter { $0.hasSuffix(".yaml") }.map(SiteProfile.name).sorted()
  }

  /// The profile that the user named.
  ///
  /// - Parameter site: A profile's name, or a path of a site file (with a slash, or ending in .yaml).
  /// - Returns: The profile, with what it extends.
  /// - Throws: `InputError`.
  package func profile(_ site: String) throws -> SiteProfile {
    let isPath = site.contains("/") || site.hasSuffix(".yaml")
    let path = isPath ? site : "\(folder)/sites/\(site).yaml"
    guard let text = Files.text(path) else {
      throw InputError(
        isPath
          ? "the site file \(site) cannot be read"
          : "there is no site '\(Quoting.shown(site))'; there are \(names.joined(separator: ", ")), or give the path of "
            + "a site file of your own")
    }
    return try SiteProfile(file: path, text: text) { name in
      // Beside the user's own file first, so that one of them can extend another.
      for candidate in ["\(Folder.parent(of: path))/\(name).yaml", "\(folder)/sites/\(name).yaml"]
      where candidate != path {
        if let text = Files.text(candidate) { return (candidate, text) }
      }
      throw InputError("\(path): extends: there is no site '\(name)'; there are \(names.joined(separator: ", "))")
    }
  }
}
