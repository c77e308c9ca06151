import Experiment
import TestSupport
import Testing

@testable import Reports

@Suite struct MetricsTableTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let text = """
    sweep,label,run_seed,fpd,recall
    one,a,1,9,0.5
    one,a,1,2,0.5
    one,"b, c",1,3,0.25
    one,a,2,4,0.5
    one,"b, c",2,4.5,
    one,a,3,7,
    two,a,1,1,1

    """

  private func family(_ metrics: [Metric], sweep: String? = "one") throws -> ComparisonFamily {
    let path = try folder.write(Self.text, to: "m.csv")
    return try ComparisonFamily(
      [("a", "b, c")], by: metrics.map { try MetricsTable(CSVRows(reading: path), of: $0) }, sweep: sweep)
  }

  @Test("Equal seeds are paired, the last row of a run counts, and more may be better")
  func family() throws {
    let tests = try family([.fpd, .recall]).tests
    #expect(tests.map(\.rows) == ["a − b, c", "a − b, c"] && tests.map(\.quantity) == ["FPD ×10³", "recall"])
    #expect(tests[0].differences.values == [-1000, -500])
    #expect(tests[1].differences.values == [-0.25])
  }

  @Test("Of what is best at one half the distances from it are compared")
  func half() throws {
    let path = try folder.write(
      "sweep,label,run_seed,auc_high\ns,a,1,0.25\ns,a,2,0.5\ns,b,1,0.625\ns,b,2,0.25\n", to: "auc.csv")
    let family = try ComparisonFamily(
      [("a", "b")], by: [MetricsTable(CSVRows(reading: path), of: .aucHigh)], sweep: nil)
    #expect(family.tests.map(\.quantity) == ["distance from ½ of AUC high"])
    #expect(family.tests[0].differences.values == [0.125, -0.25])
  }

  @Test("A metric that is not finite is none")
  func notFinite() throws {
    let path = try folder.write(
      "sweep,label,run_seed,fpd\ns,a,1,1\ns,a,2,nan\ns,a,3,inf\ns,a,4,1e308\ns,a,5,2\ns,a,5,-inf\n", to: "nan.csv")
    #expect(try MetricsTable(CSVRows(reading: path), of: .fpd).seeds(of: "a", in: nil) == [1: 1000, 5: 2000])
  }

  @Test("What a table has not is told")
  func missing() throws {
    func sentence(_ body: () throws -> Any) -> String {
      do { return "\(try body())" } catch { return "\(error)" }
    }
    let path = folder("m.csv")
    #expect(sentence { try family([.fpd], sweep: nil) } == "\(path): one and two have a row 'a': name one by --sweep")
    #expect(sentence { try family([.fpd], sweep: "two") } == "\(path): there is no fpd of 'b, c' in two; there is of a")
    #expect(sentence { try family([.kpd]) } == "\(path):1: there is no column 'kpd'")
    let bad = try folder.write("sweep,label,run_seed,fpd\none,a,x,1\n", to: "bad.csv")
    #expect(
      sentence { try MetricsTable(CSVRows(reading: bad), of: .fpd) } == "\(bad):2: seed 'x' or fpd '1' is no number")
  }
}
