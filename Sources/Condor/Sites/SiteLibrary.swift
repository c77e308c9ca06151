import Experiment
import FoundationEssentials
import Storage

/// The folder `condor` that comes with the programs: site profiles and the job wrapper.
package struct SiteLibrary: Hashable, Sendable {
  /// The folder's path.
  package var folder: String

  package init(folder: String) { self.folder = folder }

  /// The folder that came with this program.
  /// - Throws: `InputError` when there is none.
  package static func ofThisProgram() throws -> SiteLibrary {
    guard let wrapper = ThisProgram.above(["condor/job-wrapper", "share/qcalo/condor/job-wrapper"]) else {
      throw InputError(
        "the folder 'condor' with the site profiles is nowhere above \(ThisProgram.path); it comes with the program: "
          + "keep what was unpacked together, and link to the program from elsewhere")
    }
    return SiteLibrary(folder: Folder.parent(of: wrapper))
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
