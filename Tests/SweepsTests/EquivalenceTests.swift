import Experiment
import Sweeps
import Testing

@Suite struct EquivalenceTests {
  @Test func `models 3 and 4 of the slides' first table are 1 and 2 again`() throws {
    let plan = try StudyFilesTests.plan("table1")
    let partners = Equivalence(plan).partners
    #expect(partners.map { $0.map { plan.variants[$0.index].label } } == [nil, nil, nil, "1", "2"])
    #expect(partners.compactMap(\.self).allSatisfy { $0.reason == "RZ is inert" })
  }

  @Test func `the slides' other models are families of their own`() throws {
    for table in 2...5 {
      #expect(Equivalence(try StudyFilesTests.plan("table\(table)")).partners.allSatisfy { $0 == nil })
    }
  }

  @Test func `equivalent variants can be skipped, with the reason on record`() throws {
    let plan = try plan(
      frame + """
        tables:
          a: {variants: [{label: one, circuit: {rz: false}}]}
          b: {variants: [{label: two, circuit: {}}, {label: same, circuit: {rz: false}}]}
        """)
    let skipped = Equivalence(plan).skipping(plan)
    #expect(
      skipped.variants.map(\.skip) == [nil, "computes the same family as a/one: RZ is inert", nil],
      "the same variant in another table is the same run, not an equivalent one")
  }

  @Test func `a skipped variant, fixed angles and other training are no partners`() throws {
    let plan = try plan(
      frame + """
        variants:
          - {label: skipped, circuit: {rz: false}, skip: "no"}
          - {label: rz, circuit: {}}
          - {label: fixed, circuit: {rz: false}, train_angles: false}
          - {label: fixed rz, circuit: {}, train_angles: false}
          - {label: other batch, circuit: {rz: false}, training.batch_size: 20}
          - {label: deeper, circuit: {repetitions: 2}}
          - {label: other energy, circuit: {rz: false}, dataset.energies: [1048576]}
        """)
    #expect(Equivalence(plan).partners.allSatisfy { $0 == nil })
  }

  @Test func `a closed form and cosines are the circuits whose functions they compute`() throws {
    let plan = try plan(
      frame + """
        variants:
          - {label: a, circuit: {}}
          - {label: b, circuit: {rz: false}, features: closed_form}
          - {label: c, features: cosine}
          - {label: d, circuit: {cnot: []}}
          - {label: e, circuit: {}, features: closed_form, train_angles: false}
          - {label: f}
        """)
    let partners = Equivalence(plan).partners
    #expect(partners.map { $0?.index } == [nil, 0, nil, 2, nil, nil])
    #expect(partners[1]?.reason == "the closed form computes what the simulator does; RZ is inert")
    #expect(partners[3]?.reason == "without CNOTs a circuit computes cosines; RZ is inert")
  }

  @Test func `the controls are told apart as their comments say`() throws {
    let plan = try StudyFilesTests.plan("controls")
    #expect(plan.variants.allSatisfy { $0.skip == nil && $0.variant.generator.flaw == nil })
    let same = zip(plan.variants, Equivalence(plan).partners).compactMap { variant, partner in
      partner.map { [variant.label, plan.variants[$0.index].label] }
    }
    #expect(same == [["4 in closed form", "4"], ["cosine of the latents", "4 without CNOT"]])
  }

  @Test func `the full template has 120 different quantum models`() throws {
    let plan = try StudyFilesTests.plan("full-template")
    let different = zip(plan.variants, Equivalence(plan).partners).filter { $1 == nil }.map(\.0)
    #expect(different.count == 123 && different.count { $0.variant.generator.circuit != nil } == 120)
  }

  @Test func `a discriminator's circuit counts for what is read of it`() throws {
    let plan = try plan(
      frame + """
        discriminator.hidden: [4]
        variants:
          - {label: a, discriminator.circuit: {cnot: [1]}}
          - {label: b, discriminator.circuit: {cnot: [1], rz: false}}
          - {label: c, discriminator.circuit: {cnot: [2]}}
          - {label: d, discriminator.circuit: {cnot: [1]}, discriminator.readout: [3]}
          - {label: e, discriminator.circuit: {cnot: [2]}, discriminator.readout: [3]}
        """)
    let partners = Equivalence(plan).partners
    #expect(partners.map { $0?.index } == [nil, 0, 0, nil, nil])
    #expect(partners[1]?.reason == "in the discriminator RZ is inert")
  }
}
