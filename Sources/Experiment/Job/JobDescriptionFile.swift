package import FoundationEssentials

extension JobDescription {
  /// Reads a job description and checks that it can be trained.
  /// - Parameters:
  ///   - json: The description's text.
  ///   - path: Where it came from, for the message.
  /// - Throws: `InputError`.
  package init(json: Data, from path: String) throws {
    do {
      self = try CanonicalJSON.value(from: json)
    } catch let error as DecodingError {
      throw InputError(
        "\(path): not a job description: \(error.explanation); `qcalo run` and `qcalo submit` write one for each run")
    }
    func refuse(_ what: String) -> InputError { InputError("\(path): \(what)") }
    if let flaw = variant.flaw ?? settings.flaw.map({ "settings: " + $0 }) { throw refuse(flaw) }
    if let flaw = keep.flaw { throw refuse("keep.\(flaw)") }
    if let flaw = budget.flaw { throw refuse("budget.\(flaw)") }
    if let flaw = dataset.flaw { throw refuse("dataset.\(flaw)") }
    let events = settings.discriminatorSteps * settings.batchSize
    if let parametric = variant.parametric {
      if let flaw = parametric.flaw(eventsPerEnergy: dataset.eventsPerEnergy) { throw refuse("dataset: " + flaw) }
    } else if let coupling = variant.coupling {
      if let flaw = coupling.flaw(eventsPerEnergy: dataset.eventsPerEnergy) { throw refuse("dataset: " + flaw) }
    } else if let inn = variant.inn {
      if let flaw = inn.flaw(energies: dataset.energies.count) { throw refuse("dataset: " + flaw) }
    } else if dataset.events < events {
      throw refuse("dataset: \(dataset.events) events are fewer than the \(events) of one iteration")
    }
    let identity = trained.runID(seed: seed, dataset: dataset)
    guard run == identity else {
      throw refuse("run: \(run) is not the identity of what is described, \(identity); was the file edited by hand?")
    }
  }
}
