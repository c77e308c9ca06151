import Glibc
import Records

/// The size of a run's newest journal, by which its growth is seen without reading it.
struct JournalGrowth: Equatable {
  private let folder: RunFolder
  /// The newest attempt that has a journal; 0 for none.
  private var attempt = 0
  /// Bytes.
  private var size: off_t = 0

  /// The journals of a run before the first was seen.
  init(_ folder: RunFolder) { self.folder = folder }

  /// How large they are now.
  func look() -> JournalGrowth {
    var found = self
    while let size = Self.size(folder.journal(max(1, found.attempt))) {
      found.attempt = max(1, found.attempt)
      found.size = size
      // An attempt's journal is complete once the next one exists.
      guard Self.size(folder.journal(found.attempt + 1)) != nil else { break }
      found.attempt += 1
    }
    return found
  }

  /// Whether there is more than when this was taken.
  func haveGrown() -> Bool { look() != self }

  private static func size(_ path: String) -> off_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_size : nil
  }
}
