import Calorimetry
import Testing

@Suite struct VoxelGeometryTests {
  @Test func `dataset 1 pions have 533 voxels`() { #expect(VoxelGeometry.datasetOnePions.voxels == 533) }
}
