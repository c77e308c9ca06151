import Testing

@testable import Study

@Suite struct WorkerProgramTests {
  @Test(arguments: [
    ("qcalo-worker: reading: a\nqcalo-worker: b.h5: there is no such file\n", "b.h5: there is no such file"),
    (
      "Error: --shots: 0 is not in 1 … 9\nUsage: qcalo-worker evaluate\n  See 'qcalo-worker evaluate --help' for more information.\n",
      "--shots: 0 is not in 1 … 9"
    ),
    ("something else", "something else"), ("", "it ended without a word"),
  ]) func `of all that a worker says its sentence is told`(said: String, sentence: String) {
    #expect(WorkerProgram.sentence(in: said) == sentence)
  }
}
