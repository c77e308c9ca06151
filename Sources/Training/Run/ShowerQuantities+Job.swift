import Experiment
import ParametricSimulation

extension ShowerQuantities {
  /// Those of a job's showers.
  /// - Throws: `InputError` when it is not known how the voxels lie, or they lie in too many layers for the model.
  init(of job: JobDescription) throws(InputError) {
    let voxels = job.dataset.voxels
    guard let geometry = job.dataset.kind.geometry(voxels: voxels) else {
      throw InputError(
        "\(job.run): \(job.variant.kind.noun) needs the layers, and \(voxels) voxels are those of no built-in detector; "
          + "say how they lie by dataset.geometry")
    }
    if let flaw = job.variant.coupling?.flaw(layers: geometry.layers.count) {
      throw InputError("\(job.run): coupling.\(flaw)")
    }
    self.init(layers: geometry.layers.map(\.range))
  }
}
