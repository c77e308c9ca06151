import Experiment
import Foundation
import Storage

/// A POSIX tar archive (ustar) of plain files, as `tar` lists and unpacks it too.
///
/// The same files give the same bytes: no times, owners or rights are kept.
enum Tar {
  private static let block = 512

  /// Writes an archive.
  struct Writer {
    private let file: FileHandle
    private let path: String

    /// - Parameter path: The file to write; one that is there is replaced.
    /// - Throws: `StorageError`.
    init(_ path: String) throws {
      guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
      else { throw StorageError("writing", path) }
      (self.file, self.path) = (file, path)
    }

    /// - Parameters:
    ///   - name: The file's path in the archive.
    ///   - data: Its content.
    /// - Throws: `InputError` when the name does not fit; `StorageError`.
    func add(_ name: String, _ data: Data) throws {
      try write(Tar.header(name, size: data.count))
      try write(data)
      try write(Data(count: (Tar.block - data.count % Tar.block) % Tar.block))
    }

    /// Writes the archive's end, to the disk.
    /// - Throws: `StorageError`.
    func finish() throws {
      try write(Data(count: 2 * Tar.block))
      do {
        try file.synchronize()
        try file.close()
      } catch {
        throw StorageError("writing", path, error)
      }
    }

    private func write(_ data: Data) throws {
      do { try file.write(contentsOf: data) } catch { throw StorageError("writing", path, error) }
    }
  }

  /// Where a file of an archive lies in it.
  struct Member: Hashable {
    var name: String
    var offset: Int
    var size: Int
  }

  /// The files of an archive, in its order.
  /// - Throws: `InputError` when it is none, is cut short or damaged, or holds anything but plain files.
  static func members(of data: Data, path: String) throws -> [Member] {
    var members: [Member] = []
    var position = 0
    while true {
      guard position + block <= data.count else {
        throw InputError("\(path): it ends before its end: it was cut short, or is no bundle; have it copied again")
      }
      let header = Array(data[position..<(position + block)])
      position += block
      if header.allSatisfy({ $0 == 0 }) { return members }
      guard let size = number(header[124..<136]), number(header[148..<156]) == checksum(header) else {
        throw InputError(
          "\(path): at byte \(position - block) there is no file of an archive: it is no bundle, or damaged")
      }
      let (prefix, name) = (text(header[345..<500]), text(header[0..<100]))
      let full = prefix.isEmpty ? name : prefix + "/" + name
      guard header[156] == UInt8(ascii: "0") || header[156] == 0 else {
        throw InputError("\(path): '\(full)' is no plain file, and nothing else is taken from a bundle")
      }
      members.append(Member(name: full, offset: position, size: size))
      position += (size + block - 1) / block * block
    }
  }

  private static func header(_ name: String, size: Int) throws -> Data {
    guard let (prefix, last) = split(name), size < 1 << 33 else {
      throw InputError("'\(name)' cannot stand in an archive: its path is too long, or its content too large")
    }
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at position: Int) {
      for (index, byte) in text.utf8.enumerated() { header[position + index] = byte }
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(last, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(size, 11), at: 124)
    put(octal(0, 11), at: 136)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    put(prefix, at: 345)
    put(octal(checksum(header), 6) + "\u{0} ", at: 148)
    return Data(header)
  }

  /// A path as ustar keeps it: 155 bytes before a slash, 100 behind it.
  private static func split(_ name: String) -> (prefix: String, last: String)? {
    if name.utf8.count <= 100 { return ("", name) }
    var place = name.endIndex
    while let slash = name[..<place].lastIndex(of: "/") {
      let (prefix, last) = (name[..<slash], name[name.index(after: slash)...])
      if last.utf8.count > 100 { return nil }
      if prefix.utf8.count <= 155 { return (String(prefix), String(last)) }
      place = slash
    }
    return nil
  }

  /// The sum of a header's bytes, with spaces for the sum itself.
  private static func checksum(_ header: [UInt8]) -> Int {
    header.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 0x20 : Int($1.element)) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    Int(text(bytes).filter { $0 != " " }, radix: 8)
  }
}
