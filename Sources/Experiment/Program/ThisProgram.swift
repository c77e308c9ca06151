import CProgram
import Glibc
import Storage

/// This program as it was started, by whatever: a shell, a symbolic link, or the loader that a package brings along.
package enum ThisProgram {
  /// The arguments, the program's name left out.
  package static var arguments: [String] {
    (1..<max(1, Int(qcalo_argument_count()))).compactMap { number in
      qcalo_arguments()[number].map { String(cString: $0) }
    }
  }

  /// The program's file, links resolved: the one that its code is mapped from.
  ///
  /// /proc/self/exe is the loader's where a package brings its own and starts it by name.
  package static let path: String = {
    let here: @convention(c) () -> Void = {}
    let address = UInt(bitPattern: unsafeBitCast(here, to: UnsafeRawPointer.self))
    // "55d0c0a00000-55d0c0b00000 r-xp 00002000 fe:00 1234    /path"
    let mapping = ProcFile.firstLine(of: "/proc/self/maps") { line in
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      return ends.count == 2 && ends[0] <= address && address < ends[1]
    }
    return mapping.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } } ?? "/proc/self/exe"
  }()

  /// The file of another program in the same folder.
  package static func beside(_ name: String) -> String { Folder.parent(of: path) + "/" + name }

  /// Looks for files in the program's folder and those above it.
  ///
  /// A checkout and what a release unpacks to have the same folders, so this is how a program finds what belongs to it.
  /// - Parameter names: Paths from such a folder.
  /// - Returns: The path of the first that is there; nil where none is.
  package static func above(_ names: [String]) -> String? {
    var place = path
    while true {
      let parent = Folder.parent(of: place)
      if parent == place { return nil }
      place = parent
      let prefix = place == "/" ? "" : place
      for name in names where access("\(prefix)/\(name)", F_OK) == 0 { return "\(prefix)/\(name)" }
    }
  }
}
