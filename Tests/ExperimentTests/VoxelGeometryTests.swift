import Experiment
import TestSupport
import Testing

@testable import Calorimetry

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
    #expect(throws: InputError("/none.xml: reading the voxel geometry: the file cannot be read")) {
      try VoxelGeometry(xml: "/none.xml")
    }
  }
}
