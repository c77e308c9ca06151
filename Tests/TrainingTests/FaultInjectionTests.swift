import Experiment
import Foundation
import Records
import Storage
import TestSupport
import Testing

@testable import Training

/// A worker that is killed, or whose disk is full, at every single system call that changes its run's folder.
@Suite("The worker", .serialized)
struct FaultInjectionTests {
  let temporary: TemporaryFolder
  let shim: FaultShim
  let job: JobDescription

  init() throws {
    temporary = try TemporaryFolder()
    shim = try FaultShim(in: temporary)
    job = try smallJob(in: temporary)
  }

  private func folder(_ name: String, _ job: JobDescription) throws -> RunFolder {
    let text = String(decoding: try CanonicalJSON.data(job), as: UTF8.self)
    try temporary.write(text, to: name + "/job.json")
    return RunFolder(temporary(name))
  }

  private func train(_ folder: RunFolder, _ environment: [String: String] = [:]) throws -> Program.Result {
    try Program.run(Program.worker, ["train", folder.jobFile], environment: environment)
  }

  /// The environment that makes a call of a worker in the run's folder a fault.
  private func environment(
    _ folder: RunFolder, at number: Int, _ fault: FaultShim.Fault, log: String? = nil
  ) -> [String: String] {
    shim.environment(of: "qcalo-worker", folder: folder.path, at: number, fault, log: log)
  }

  private func digest(_ folder: RunFolder) throws -> String {
    String(decoding: try CanonicalJSON.data(try RunDigest(folder: folder), pretty: true), as: UTF8.self)
  }

  /// The calls of an undisturbed training, and its digest.
  private func undisturbed() throws -> (calls: [FaultShim.Call], digest: String) {
    let quiet = try folder("undisturbed", job)
    let log = temporary("calls")
    let result = try train(quiet, environment(quiet, at: 0, .kill, log: log))
    #expect(result.code == 0, "\(result.errors)")
    return (FaultShim.calls(in: log), try digest(quiet))
  }

  @Test("puts files in place only when they are on the disk, and goes on only when their names are")
  func durableOrder() throws {
    let calls = try undisturbed().calls
    var placed: [String] = []
    for (index, call) in calls.enumerated() where call.name == "rename" {
      let aside = call.path + ".partial"
      let before = calls[..<index].lastIndex { $0.name == "rename" }.map { $0 + 1 } ?? 0
      let own = calls[before..<index].filter { $0.path == aside }.map(\.name)
      #expect(own.first == "open" && own.contains("write") && own.last == "fsync", "\(call.path): \(own)")
      #expect(own.filter { $0 == "fsync" }.count == 1, "\(call.path): \(own)")
      let next = calls[index + 1]
      #expect(next.name == "fsync" && next.path == Folder.parent(of: call.path), "\(call.path): \(next)")
      placed.append(Folder.name(of: call.path))
    }
    // A journal's name is there before anything is written to it.
    let made = try #require(calls.firstIndex { $0.name == "open" && Folder.name(of: $0.path).hasPrefix("attempt-") })
    #expect(calls[made + 1].name == "fsync" && calls[made + 1].path == Folder.parent(of: calls[made].path))
    #expect(
      placed.count { $0.hasPrefix("full-") } == 3 && placed.count { $0.hasPrefix("generator-") } == 3, "\(placed)")
  }

  @Test(
    "killed before any call, or in the middle of any write, goes on to the same bits",
    arguments: [FaultShim.Fault.kill, .torn])
  func killed(_ fault: FaultShim.Fault) throws {
    let (calls, expected) = try undisturbed()
    // The lock, the journal, then for each of three checkpoints two files of five calls each and a line of two.
    #expect(calls.count > 45)
    for call in calls where fault == .kill || call.isWrite {
      let disturbed = try folder("\(fault)-\(call.number)", job)
      let result = try train(disturbed, environment(disturbed, at: call.number, fault))
      #expect(result.signalled && result.code == SIGKILL, "\(call): \(result.errors)")
      let second = try train(disturbed)
      #expect(second.code == 0, "\(call): \(second.errors)")
      #expect(difference(from: expected, to: try digest(disturbed)) == nil, "\(call)")
      let left = try Folder.names(in: disturbed.path)
      // One that names no owner yet is respected for a while.
      #expect(!left.contains { $0.hasPrefix("lock") && !$0.hasSuffix(".partial") }, "\(call): \(left)")
      let isOfJournal = call.path.contains("journal") && !call.isWrite && call.name != "fsync"
      if !isOfJournal && fault == .kill { #expect(!left.contains("set-aside"), "\(call): \(left)") }
    }
  }

  @Test("with a full disk at every other call says so, ends with 74, and goes on to the same bits when there is room")
  func diskFull() throws {
    let (calls, expected) = try undisturbed()
    for call in calls where call.number % 2 == 1 {
      let disturbed = try folder("full-\(call.number)", job)
      let result = try train(disturbed, environment(disturbed, at: call.number, .full))
      // What only tidies up may fail without harm, and making a folder that is there.
      if result.code != 0 {
        #expect(result.code == ProgramEnd.storageFailure.rawValue, "\(call): \(result.errors)")
        #expect(result.errors.contains("No space left on device; nothing that was there before is lost"), "\(call)")
      } else {
        #expect(call.name == "unlink" || call.name == "mkdir" && call.path == temporary("undisturbed"), "\(call)")
      }
      #expect(try train(disturbed).code == 0, "\(call)")
      #expect(difference(from: expected, to: try digest(disturbed)) == nil, "\(call)")
    }
  }

  @Test("killed at random moments goes on to the same bits, and a second one is refused meanwhile")
  func randomKills() throws {
    var settings = job.settings
    settings.checkpointInterval = 400
    let job = JobDescription(
      variant: job.variant, settings: settings, seed: 2, dataset: job.dataset, budget: Budget(checkpoints: 6))
    let quiet = try folder("quiet", job)
    #expect(try train(quiet).code == 0)
    let expected = try digest(quiet)
    let disturbed = try folder("kills", job)
    for number in 0..<10 {
      let result = try Program.run(Program.worker, ["train", disturbed.jobFile]) { pid in
        if number == 0 {
          while !FileManager.default.fileExists(atPath: disturbed.path + "/lock") { usleep(1000) }
          let second = try? train(disturbed)
          #expect(second?.code == ProgramEnd.locked.rawValue)
          #expect(
            second?.errors.contains("another worker is training this run: process \(pid) on this machine") == true)
        }
        usleep(UInt32.random(in: 20_000...400_000))
        kill(pid, number % 2 == 0 ? SIGKILL : SIGTERM)
      }
      #expect(
        result.code == 0 || result.code == ProgramEnd.resumable.rawValue || result.signalled,
        "\(result.code) \(result.errors)")
    }
    #expect(try train(disturbed).code == 0)
    #expect(difference(from: expected, to: try digest(disturbed)) == nil)
  }
}
