import Foundation
import TestSupport
import Testing

@testable import Experiment

@Suite struct VoxelGeometryTests {
  let pions = VoxelGeometry.datasetOnePions

  @Test func `dataset 1 pions have seven layers and 533 voxels`() {
    #expect(pions.layers.map(\.id) == [0, 1, 2, 3, 12, 13, 14])
    #expect(pions.layers.map(\.voxels) == [8, 100, 100, 5, 150, 160, 10])
    #expect(pions.layers.map(\.offset) == [0, 8, 108, 208, 213, 363, 523])
    #expect(pions.voxels == 533)
  }

  @Test func `CaloChallenge's binning file is the built-in geometry`() throws {
    #expect(try VoxelGeometry(xml: Repository.path("sweeps/data/binning_dataset_1_pions.xml")) == pions)
    let path = Repository.path("sweeps/data/binning_dataset_1_pions.xml")
    #expect(try VoxelGeometry(xml: path, particle: "pion") == pions)
  }

  @Test(
    arguments: [
      (.photonsOfDatasetOne, "binning_dataset_1_photons.xml", 368, [8, 160, 190, 5, 5]),
      (.pionsOfDatasetOne, "binning_dataset_1_pions.xml", 533, [8, 100, 100, 5, 150, 160, 10]),
      (.datasetTwo, "binning_dataset_2.xml", 6480, [Int](repeating: 144, count: 45)),
    ] as [(CaloChallenge, String, Int, [Int])])
  func `built-in detectors are those of CaloChallenge's files`(
    known: CaloChallenge, file: String, voxels: Int, layers: [Int]
  ) throws {
    let geometry = known.geometry
    #expect(try VoxelGeometry(xml: Repository.path("sweeps/data/" + file)) == geometry)
    #expect(geometry.voxels == voxels && geometry.layers.map(\.voxels) == layers)
    #expect(geometry.builtIn == known && VoxelGeometry.usual(voxels: voxels) == geometry)
  }

  @Test func `data set 3 divides the layers of data set 2 more finely`() {
    let (fine, coarse) = (CaloChallenge.datasetThree.geometry, CaloChallenge.datasetTwo.geometry)
    #expect(fine.voxels == 40_500 && fine.layers.map(\.id) == coarse.layers.map(\.id))
    for (a, b) in zip(fine.layers, coarse.layers) {
      #expect(a.alphaBins == 50 && a.radialBins == 18)
      #expect(stride(from: 0, through: 18, by: 2).map { a.radialEdges[$0] } == b.radialEdges)
    }
  }

  @Test func `in JSON a built-in detector is a name and another one its layers`() throws {
    for known in CaloChallenge.allCases {
      let json = try CanonicalJSON.data([known.geometry])
      #expect(String(decoding: json, as: UTF8.self) == "[\"\(known.rawValue)\"]")
      #expect(try CanonicalJSON.value([VoxelGeometry].self, from: json) == [known.geometry])
    }
    let own = VoxelGeometry(layers: [(3, 2, [0, 1.5]), (5, 1, [0, 10, 20])])
    #expect(own.builtIn == nil)
    #expect(try CanonicalJSON.value(VoxelGeometry.self, from: CanonicalJSON.data(own)) == own)
  }

  @Test(arguments: [
    (#"["dataset_4"]"#, "there is no geometry 'dataset_4'"), ("[[]]", "no layer has voxels"),
    (
      #"[[{"id":1,"alphaBins":-1,"radialEdges":[0,1],"offset":0}]]"#, "layer 1 has no bins, or radii that do not ascend"
    ),
    (
      #"[[{"id":1,"alphaBins":1,"radialEdges":[0,1,1],"offset":0}]]"#,
      "layer 1 has no bins, or radii that do not ascend"
    ),
    (#"[[{"id":1,"alphaBins":1,"radialEdges":[0],"offset":0}]]"#, "voxels: 0 is not in 1 … 1000000"),
    (#"[[{"id":1,"alphaBins":1000000,"radialEdges":[0,1,2],"offset":0}]]"#, "voxels: 2000000 is not in 1 … 1000000"),
  ])
  func `JSON that is no geometry is refused`(json: String, reason: String) throws {
    let error = try #require(throws: DecodingError.self) {
      try CanonicalJSON.value([VoxelGeometry].self, from: Data(json.utf8))
    }
    #expect(error.explanation.hasSuffix(reason), "\(error.explanation)")
  }

  @Test func `every voxel has one place`() {
    var next = 0
    for (layer, bins) in pions.layers.enumerated() {
      for alpha in 0..<bins.alphaBins {
        for r in 0..<bins.radialBins {
          #expect(pions.voxel(layer: layer, alpha: alpha, r: r) == next)
          #expect(pions.position(of: next) == (layer, alpha, r))
          next += 1
        }
      }
    }
    #expect(next == 533)
  }

  @Test func `of several particles one is named`() throws {
    let text = """
      <?xml version="1.0"?>
      <!-- two
           <Bin name="neither"> -->
      <Bins>
        <Bin name='photon'><Layer id="0" r_edges="0, 5, 10.5" n_bin_alpha="2"/></Bin>
        <Bin name="pion">
          <Layer n_bin_alpha="1"
                 id="3" r_edges="1e1,2e1"></Layer>
        </Bin>
      </Bins>
      """
    func read(_ particle: String?) throws -> VoxelGeometry {
      try VoxelGeometry(text: Array(text.utf8), file: "b.xml", particle: particle)
    }
    #expect(try read("photon").layers.map(\.radialEdges) == [[0, 5, 10.5]])
    #expect(try read("photon").voxels == 4)
    #expect(try read("pion").layers.map(\.id) == [3])
    let choice = InputError("b.xml: voxel geometry: name the particle to take, one of photon, pion")
    #expect(throws: choice) { try read(nil) }
    #expect(throws: choice) { try read("electron") }
  }

  @Test(arguments: [
    ("", ": voxel geometry: no Bin element; this is not a CaloChallenge binning file"),
    ("some text", ": voxel geometry: no Bin element; this is not a CaloChallenge binning file"),
    ("\n<Layer id='1'/>", ":2: voxel geometry: a Layer outside of a Bin"),
    ("<Bin>\n<Layer/>", ":2: voxel geometry: a Layer without a number 'id'"),
    ("<Bin>\n<Layer id='1'/>", ":2: voxel geometry: layer 1 has no number of bins 'n_bin_alpha'"),
    (
      "<Bin><Layer id='1' n_bin_alpha='1' r_edges='0,2,1'/>",
      ":1: voxel geometry: layer 1: 'r_edges' must be ascending numbers separated by commas"
    ),
    (
      "<Bin><Layer id='1' n_bin_alpha='1' r_edges='0,x'/>",
      ":1: voxel geometry: layer 1: 'r_edges' must be ascending numbers separated by commas"
    ),
    ("<Bin><Layer id='1' n_bin_alpha='1' r_edges='0'/>", ": voxel geometry: no layer has voxels"),
    (
      "<Bin><Layer id='1' n_bin_alpha='1000000' r_edges='0,1,2'/>",
      ": voxel geometry: voxels: 2000000 is not in 1 … 1000000"
    ),
    ("<Bin>\n<Layer id=1/>", ":2: reading XML: the value of 'id' is not in quotes"),
    ("<Bin>\n<Layer id='1", ":2: reading XML: ''' is missing until the end of the file"),
    ("<Bin>\n<Layer id", ":2: reading XML: the attributes of 'Layer' cannot be read"),
    ("<Bin><!-- \n\n", ":1: reading XML: '-->' is missing until the end of the file"),
    ("a < b", ":1: reading XML: a '<' that opens no element"),
  ])
  func `a file that is no binning is refused, with the line`(text: String, message: String) {
    #expect(throws: InputError("b.xml" + message)) {
      try VoxelGeometry(text: Array(text.utf8), file: "b.xml", particle: nil)
    }
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: InputError("/none.xml: the voxel geometry cannot be read: No such file or directory")) {
      try VoxelGeometry(xml: "/none.xml")
    }
  }
}
