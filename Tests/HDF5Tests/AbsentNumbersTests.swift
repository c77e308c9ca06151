import CHDF5
import Foundation
import Storage
import TestSupport
import Testing

@testable import HDF5

/// What libhdf5 would give zeros or another file's bytes for.
///
/// The files are made by its own calls.
@Suite struct AbsentNumbersTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Makes a dataset "a" of float32, by default [20, 3], in a.h5.
  private func make(
    _ shape: [hsize_t] = [20, 3], unlimited: Bool = false, rows: Int = 0,
    _ set: (_ properties: hid_t, _ space: hid_t) -> Void
  ) throws {
    let file = try HDF5File(creating: folder("a.h5"))
    Library.run {
      let most = unlimited ? [hsize_t.max] + shape.dropFirst() : shape
      let (space, properties) = (H5Screate_simple(2, shape, most), H5Pcreate(qcalo_h5p_dataset_create()))
      set(properties, space)
      let (type, none) = (qcalo_h5t_native_float(), qcalo_default())
      let dataset = H5Dcreate2(file.identifier.raw, "a", type, space, none, properties, none)
      #expect(dataset >= 0)
      let part = [hsize_t(rows), shape[1]]
      H5Sselect_hyperslab(space, H5S_SELECT_SET, [0, 0], nil, part, nil)
      let memory = H5Screate_simple(2, part, nil)
      if rows > 0 { H5Dwrite(dataset, type, memory, space, none, [Float](repeating: 1, count: rows * Int(shape[1]))) }
      for space in [memory, space] { H5Sclose(space) }
      H5Dclose(dataset)
      H5Pclose(properties)
    }
    try file.close()
  }

  /// What opening the dataset says, after "…: opening dataset 'a': "; nil when it opens.
  private func refusal(_ name: String = "a") -> (kind: HDF5Error.Kind, text: String)? {
    do {
      _ = try HDF5File(reading: folder("a.h5")).dataset(name)
      return nil
    } catch {
      guard let error = error as? HDF5Error else { return nil }
      let prefix = "\(folder("a.h5")): opening dataset '\(name)': "
      #expect(error.description.hasPrefix(prefix))
      return (error.kind, String(error.description.dropFirst(prefix.count)).replacing(folder.path, with: "here"))
    }
  }

  @Test(arguments: [
    (["gone.h5"], "gone.h5, of which gone.h5 is not there"),
    (["b.h5", "gone.h5"], "b.h5, gone.h5, of which gone.h5 is not there"),
    (["."], "here/a.h5"), (["b.h5"], "b.h5"),
    (
      (1...10).map { "\($0).h5" },
      "1.h5, 2.h5, 3.h5, 4.h5, 5.h5 and 5 more, of which 1.h5, 2.h5, 3.h5, 4.h5, 5.h5 and 5 more are not there"
    ),
  ])
  func `a virtual dataset is refused with its sources and those that are missing`(sources: [String], said: String)
    throws
  {
    let source = try HDF5File(creating: folder("b.h5"))
    try source.write([Float](repeating: 1, count: 60), to: "a", shape: [20, 3])
    try source.close()
    try make { properties, space in
      let rows = hsize_t(20 / sources.count)
      for (number, file) in sources.enumerated() {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, [hsize_t(number) * rows, 0], nil, [rows, 3], nil)
        H5Pset_virtual(properties, space, file, "a", space)
      }
    }
    let refused = try #require(refusal())
    #expect(refused.kind == .elsewhere)
    #expect(
      refused.text
        == "it is virtual: its numbers are in \(said); where all of them are, `h5repack -l a:CONTI IN OUT` makes one file"
    )
  }

  @Test(arguments: [true, false]) func `external storage is refused, whether its file is there or not`(isThere: Bool)
    throws
  {
    if isThere { try folder.write(String(repeating: "x", count: 1000), to: "a.raw") }
    try make { properties, _ in H5Pset_external(properties, "a.raw", 0, 240) }
    let refused = try #require(refusal())
    #expect(refused.kind == .elsewhere)
    #expect(
      refused.text
        == "it is in external storage: its numbers are in a.raw\(isThere ? "" : ", of which a.raw is not there"); where all "
        + "of them are, `h5repack -l a:CONTI IN OUT` makes one file")
  }

  @Test func `links are followed within the file only`() throws {
    let other = try HDF5File(creating: folder("b.h5"))
    try other.write([1] as [Float], to: "a", shape: [1])
    try other.close()
    let file = try HDF5File(creating: folder("a.h5"))
    try file.write([1] as [Float], to: "group/real", shape: [1])
    Library.run {
      let (raw, none) = (file.identifier.raw, qcalo_default())
      H5Lcreate_external("b.h5", "/a", raw, "there", none, none)
      H5Lcreate_external("gone.h5", "/a", raw, "gone", none, none)
      H5Lcreate_external("b.h5", "/", raw, "root", none, none)
      for (target, name) in [
        ("/root/a", "around"), ("/nowhere", "dangling"), ("/self", "self"), ("/group/real", "good"), ("/group", "way"),
      ] { H5Lcreate_soft(target, raw, name, none, none) }
    }
    try file.close()
    func link(_ object: String, _ file: String) -> String {
      "it is a link to \(object) in another file, \(file), which is not followed; `h5copy` puts what is there into this one"
    }
    for (name, said) in [
      ("there", link("/a", "b.h5")), ("gone", link("/a", "gone.h5")),
      ("root/a", link("/", "b.h5")), ("around", link("/", "b.h5")),
    ] {
      let refused = try #require(refusal(name))
      #expect(refused.kind == .elsewhere && refused.text == said)
    }
    let dangling = try #require(refusal("dangling"))
    #expect(dangling.kind == .missing && dangling.text == "it is a link to /nowhere, which is not in the file")
    #expect(refusal("self")?.kind == .missing)
    #expect(refusal("good") == nil && refusal("way/real") == nil)
    let back = try HDF5File(reading: folder("a.h5"))
    #expect(
      ["there", "around", "root/a", "good", "way/real"].map { back.contains($0) } == [false, false, false, true, true])
    #expect(try back.datasets() == ["group/real"])
  }

  private static let unwritten =
    "would be read as zeros or as another filling value; let its writer end, or make the file again"

  @Test(arguments: [(0, "7 of its 7"), (2, "6 of its 7"), (19, nil), (18, "1 of its 7"), (20, nil)])
  func `chunks that were never written are counted`(rows: Int, said: String?) throws {
    try make(unlimited: true, rows: rows) { properties, _ in H5Pset_chunk(properties, 2, [3, 3]) }
    #expect(refusal()?.text == said.map { "\($0) chunks were never written; their numbers \(Self.unwritten)" })
    #expect(refusal().map { $0.kind == .unwritten } ?? true)
  }

  @Test func `a dataset in one piece that was never written is refused, and an empty one is not`() throws {
    try make { _, _ in }
    #expect(refusal()?.text == "its numbers were never written and \(Self.unwritten)")
    try make(rows: 1) { _, _ in }
    #expect(refusal() == nil)
    try make([0, 3], unlimited: true) { properties, _ in H5Pset_chunk(properties, 2, [3, 3]) }
    #expect(refusal() == nil)
  }

  @Test(arguments: [
    (32001, "blosc"), (32000, "lzf"), (32015, "zstd"), (31999, "an unknown one"),
  ]) func `a filter that is missing is named, with a remedy`(number: Int32, name: String) throws {
    try make(rows: 20) { properties, _ in
      H5Pset_chunk(properties, 2, [20, 3])
      H5Pset_filter(properties, number, UInt32(H5Z_FLAG_OPTIONAL), 0, nil)
    }
    let refused = try #require(refusal())
    #expect(refused.kind == .unsuitable)
    #expect(
      refused.text
        == "it is compressed by \(name) (number \(number)), a filter that this libhdf5 does not have; where it is, `h5repack "
        + "-f GZIP=6 IN OUT` makes a file that is read everywhere")
  }

  @Test func `sizes beyond all use are refused before memory is asked for`() throws {
    try make([10_000_000_000, 533]) { properties, _ in H5Pset_chunk(properties, 2, [1000, 533]) }
    #expect(
      refusal()?.text == "its shape is [10000000000, 533], larger than the 68719476736 numbers that are taken")
    try make([hsize_t.max / 2, 533], unlimited: true) { properties, _ in H5Pset_chunk(properties, 2, [1000, 533]) }
    #expect(refusal()?.kind == .unsuitable)
    try make([200_000_000, 3]) { properties, _ in
      H5Pset_chunk(properties, 2, [200_000_000, 1])
      H5Pset_deflate(properties, 1)
    }
    #expect(
      refusal()?.text
        == "each of its chunks, [200000000, 1], is 762 MB, larger than the 256 MB that are taken; `h5repack -l a:CHUNK=… IN "
        + "OUT` makes smaller ones")
    // In a sparse file, which says that all of it is there.
    try make([10_000_000_000, 1], rows: 1) { properties, _ in H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY) }
    let error = try #require(throws: HDF5Error.self) {
      _ = try HDF5File(reading: folder("a.h5")).read("a", as: Float.self)
    }
    #expect(error.kind == .unsuitable && error.reason.contains("its 10000000000 numbers are more than the"))
  }

  /// Makes a file in the newest format, which a writer marks while it is open.
  private func makeNew(_ name: String, _ body: (_ file: hid_t) throws -> Void) throws {
    try Library.run {
      let access = H5Pcreate(qcalo_h5p_file_access())
      H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110)
      let file = H5Fcreate(folder(name), qcalo_h5f_acc_trunc(), qcalo_default(), access)
      defer {
        H5Fclose(file)
        H5Pclose(access)
      }
      try body(file)
    }
  }

  @Test(arguments: [1000, 1 << 20, 1 + 1 << 20]) func `an attribute of more than a megabyte is refused`(size: Int)
    throws
  {
    try makeNew("a.h5") { file in
      let (type, space) = (H5Tcopy(qcalo_h5t_c_s1()), H5Screate(H5S_SCALAR))
      H5Tset_size(type, size)
      let attribute = H5Acreate2(file, "text", type, space, qcalo_default(), qcalo_default())
      H5Awrite(attribute, type, [UInt8](repeating: 0x78, count: size))
      H5Aclose(attribute)
      H5Sclose(space)
      H5Tclose(type)
    }
    let file = try HDF5File(reading: folder("a.h5"))
    guard size > 1 << 20 else {
      #expect(try file.attribute("text") == .string(String(repeating: "x", count: size)))
      return
    }
    let error = try #require(throws: HDF5Error.self) { try file.attribute("text") }
    #expect(error.kind == .unsuitable && error.reason == "it is larger than the 1 MB that are taken")
  }

  @Test func `a file that is being written says so`() throws {
    try makeNew("b.h5") { file in
      H5Fflush(file, H5F_SCOPE_GLOBAL)
      try FileManager.default.copyItem(atPath: folder("b.h5"), toPath: folder("a.h5"))
    }
    _ = try HDF5File(reading: folder("b.h5"))
    let error = try #require(throws: HDF5Error.self) { _ = try HDF5File(reading: folder("a.h5")) }
    #expect(error.kind == .unfinished)
    #expect(error.reason.hasPrefix("the file is marked as open for writing: let its writer end; if it was killed, "))
  }
}
