import Experiment
import TestSupport
import Testing

@testable import Training

@Suite("A walltime")
struct WalltimeTests {
  @Test(
    "has a margin of 5 % or 300 s, a tenth when it is short",
    arguments: [(86400.0, 4320.0), (7200, 360), (3600, 300), (1200, 120), (20, 2)])
  func margin(limit: Double, expected: Double) { #expect(Walltime(start: 0, limit: limit).margin == expected) }

  @Test("is read from HTCondor's job ClassAd")
  func condor() throws {
    let folder = try TemporaryFolder()
    let ad = try folder.write(
      "NumJobStarts = 1\njobcurrentstartdate = 1790000000\nMaxRuntime = 1200\nArgs = \"a = b\"\n", to: ".job.ad")
    let walltime = try Walltime.ofCondorJob(adPath: ad, margin: nil)
    #expect(walltime == Walltime(start: 1_790_000_000, limit: 1200, margin: 120))
    #expect(walltime?.deadline == 1_790_001_080)
    #expect(try Walltime.ofCondorJob(adPath: ad, margin: 7)?.deadline == 1_790_001_193)
    // A long transfer of its input is part of it; a machine whose clock is ahead counts by its own.
    for (begun, start) in [
      (1_790_000_900.0, 1_790_000_000.0), (1_790_001_079, 1_790_000_000), (1_790_001_080, 1_790_001_080),
      (1_790_007_200, 1_790_007_200),
    ] {
      #expect(try Walltime.ofCondorJob(adPath: ad, begun: begun, margin: nil)?.start == start)
      #expect(try Walltime.ofCondorJob(adPath: ad, begun: begun, margin: 7)?.margin == 7)
    }
    try folder.write("JobCurrentStartDate = 5\n", to: ".job.ad")
    #expect(try Walltime.ofCondorJob(adPath: ad, margin: nil) == nil)
    try folder.write("MaxRuntime = 5\n", to: ".job.ad")
    #expect {
      _ = try Walltime.ofCondorJob(adPath: ad, margin: nil)
    } throws: {
      "\($0)"
        == "\(ad): the job's ClassAd has MaxRuntime but no JobCurrentStartDate; give --walltime in seconds"
    }
    #expect(throws: InputError.self) { try Walltime.ofCondorJob(adPath: folder("gone"), margin: nil) }
  }

  @Test(
    "that no job has is refused",
    arguments: [
      ("1e30", "5", "MaxRuntime: 1e+30 is not in 0.001 … 315360000"), ("nan", "5", "MaxRuntime: nan is not in"),
      ("0", "5", "MaxRuntime: 0.0 is not in"), ("-60", "5", "MaxRuntime: -60.0 is not in"),
      ("60", "inf", "JobCurrentStartDate: inf is not in 0 … 253402300799"),
      ("60", "-1", "JobCurrentStartDate: -1.0 is not"),
    ])
  func noWalltime(limit: String, start: String, flaw: String) throws {
    let folder = try TemporaryFolder()
    let ad = try folder.write("MaxRuntime = \(limit)\nJobCurrentStartDate = \(start)\n", to: ".job.ad")
    let error = #expect(throws: InputError.self) { try Walltime.ofCondorJob(adPath: ad, margin: nil) }
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix("\(ad): the job's ClassAd: \(flaw)"), "\(sentence)")
    #expect(sentence.hasSuffix("; give --walltime in seconds"), "\(sentence)")
  }

  @Test("of any length, like any score, is told in digits")
  func digits() {
    #expect(Progress.duration(1e300).hasSuffix("e+296 h") && Progress.duration(-1e300) == "-1000000000000000 s")
    #expect(Progress.digits(1e300) == "1e+300" && Progress.digits(123_456) == "123456")
  }
}
