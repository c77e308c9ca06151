import Records
import Storage

/// The size of a run's newest journal, by which its growth is seen without reading it.
struct JournalGrowth {
  private var folder: RunFolder
  /// The newest attempt that has a journal; 0 for none.
  private var attempt = 0
  /// Bytes.
  private var size = 0

  /// How large a run's journals are now.
  init(_ folder: RunFolder) {
    self.folder = folder
    self = grown() ?? self
  }

  /// How large they are by now; nil when that is what it was.
  func grown() -> JournalGrowth? {
    var found = self
    while let size = FileStatus(folder.journal(max(1, found.attempt)))?.size {
      found.attempt = max(1, found.attempt)
      found.size = size
      // An attempt's journal is complete once the next one exists.
      guard FileStatus(folder.journal(found.attempt + 1)) != nil else { break }
      found.attempt += 1
    }
    return (found.attempt, found.size) == (attempt, size) ? nil : found
  }
}
