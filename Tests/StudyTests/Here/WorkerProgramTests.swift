import Experiment
import Foundation
import Storage
import TestSupport
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

  @Test func `the worker of a rehearsal is ended where a stop is asked for`() async {
    await #expect(processExitsWith: .success) {
      let study = try StudyWorkspace()
      let (begun, stopped) = (study.folder("begun"), study.folder("stopped"))
      let worker = try study.folder.write(
        """
        #!/bin/sh
        trap 'touch \(stopped); exit 75' TERM
        touch \(begun)
        for i in $(seq 60); do sleep 0.05; done

        """, to: "worker")
      chmod(worker, 0o755)
      setenv("QCALO_WORKER", worker, 1)
      StopSignals.install()
      Thread.detachNewThread {
        // The threads that tests run on shut signals out.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        while access(begun, F_OK) != 0 { usleep(1000) }
        raise(SIGTERM)
      }
      let rehearsal = Rehearsal(
        job: study.prepared.jobs[0], folder: study.folder("rehearsals"), signal: .mixed, seed: 1, say: { _ in })
      let error = await #expect(throws: StopRequest.self) { try await rehearsal.run(kills: 1) }
      #expect(error.map { ProgramEnd(of: $0) } == .resumable)
      #expect(access(stopped, F_OK) == 0)
      withExtendedLifetime(study) {}
    }
  }
}
