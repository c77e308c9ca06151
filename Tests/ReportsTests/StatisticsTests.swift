import Foundation
import Storage
import Testing

@testable import Reports

@Suite struct StatisticsTests {
  @Test(
    "Student's t against printed tables",
    arguments: [
      (0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 4, 2.776), (0.95, 10, 2.228), (0.95, 60, 2.000), (0.99, 3, 5.841),
      (0.90, 5, 2.015), (0.6827, 1000, 1.0005),
    ])
  func quantiles(level: Double, freedom: Double, value: Double) {
    #expect(abs(StudentT.quantile(level: level, freedom: freedom) - value) < 6e-4)
  }

  @Test("One degree of freedom is the Cauchy distribution, and both sides add up")
  func cauchy() {
    for t in [-30.0, -1, -0.1, 0, 0.5, 2, 100] {
      #expect(abs(StudentT.cumulative(t, freedom: 1) - (0.5 + atan(t) / .pi)) < 1e-12)
      #expect(abs(StudentT.cumulative(t, freedom: 7) + StudentT.cumulative(-t, freedom: 7) - 1) < 1e-12)
    }
  }

  @Test("Mean, standard deviation and interval of a sample")
  func sample() throws {
    let sample = Sample([2, 4, 9])
    #expect(sample.mean == 5)
    #expect(sample.deviation == 13.0.squareRoot())
    let interval = try #require(sample.interval())
    #expect(abs(interval.high - 5 - 4.303 * (13.0 / 3).squareRoot()) < 2e-3)
    #expect(Sample([1]).deviation == nil && Sample([1]).interval() == nil && Sample([]).mean == nil)
    #expect(Sample([-1, -1]).chanceBelowZero == 1)
    #expect(abs((Sample([-1, 1]).chanceBelowZero ?? 0) - 0.5) < 1e-12)
  }

  /// Normal numbers of which each remembers the one before.
  private func series(_ count: Int, correlation: Double, _ generator: inout SplitMix64) -> [Double] {
    func normal() -> Double {
      let (u, v) = (Double.random(in: 0..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
      return (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
    }
    var value = normal()
    return (0..<count).map { _ in
      value = correlation * value + (1 - correlation * correlation).squareRoot() * normal()
      return value
    }
  }

  /// How often the interval of a series of mean 0 holds 0.
  private func coverage(_ count: Int, correlation: Double, _ interval: ([Double]) -> Interval?) -> Double {
    var generator = SplitMix64(state: 42)
    let trials = 400
    let hits = (0..<trials).filter { _ in
      interval(series(count, correlation: correlation, &generator))?.contains(0) ?? false
    }
    return Double(hits.count) / Double(trials)
  }

  @Test(
    "The block bootstrap's interval holds the mean as often as it says, whatever neighbours have in common",
    arguments: [(61, 0.0), (41, 0.0), (61, 0.3), (61, 0.6), (41, 0.5)])
  func blockCoverage(count: Int, correlation: Double) {
    var bootstrap = BlockBootstrap()
    bootstrap.replicates = 100
    let share = coverage(count, correlation: correlation) { bootstrap.interval($0) }
    #expect((0.90...0.985).contains(share), "\(share)")
  }

  @Test("An interval that takes neighbours for independent would hold it far too rarely")
  func naive() {
    #expect(coverage(61, correlation: 0.6) { Sample($0).interval() } < 0.75)
  }

  @Test("Over three seeds Student's interval holds the mean as often as it says")
  func seedCoverage() {
    let share = coverage(3, correlation: 0) { Sample($0).interval() }
    #expect((0.92...0.98).contains(share), "\(share)")
  }

  @Test("Blocks grow with what neighbours have in common; a short series has no interval")
  func blocks() {
    var generator = SplitMix64(state: 1)
    let free = BlockBootstrap.blockLength(series(60, correlation: 0, &generator))
    let bound = BlockBootstrap.blockLength(series(60, correlation: 0.8, &generator))
    #expect(free < bound && bound <= 15)
    #expect(BlockBootstrap.blockLength([1, 1, 1, 1, 1, 1, 1, 1]) == 1)
    #expect(BlockBootstrap().interval([1, 2, 3]) == nil)
    let values = series(40, correlation: 0.5, &generator)
    #expect(BlockBootstrap().interval(values) == BlockBootstrap().interval(values))
  }
}
