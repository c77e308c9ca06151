import Foundation
import Ledger
import Testing

@testable import Reports

@Suite struct ReportPageTests {
  @Test("One page: tables, runs, warnings, provenance; nothing from elsewhere")
  func page() throws {
    let study = try ResultsTests.Study(seeds: [1, 3])
    let results = try SweepResults("study", in: study.ledger)
    let plot = Plot(name: "p", title: "A <plot>", csv: "a\n1\n", commands: "")
    let page = results.page(
      try study.ledger.statuses(sweep: "study"),
      images: [PlotImage(plot: plot, kind: .svg, data: Data("<svg></svg>".utf8))], date: Date(timeIntervalSince1970: 0))
    for section in ["summary", "tables", "comparisons", "plots", "runs", "provenance"] {
      #expect(page.contains("<section id=\"\(section)\">"))
    }
    #expect(page.contains("skipped: not good for [100, #voxels]"))
    #expect(page.contains("classical-50-200-s1-f72a4d649162"))
    #expect(page.contains("All 6 runs have a window of fewer than 61 checkpoints"))
    #expect(page.contains("alt=\"A &lt;plot&gt;\""))
    // Nothing is asked of a network: addresses are of this page, or data.
    #expect(!page.contains("//") && !page.contains("url(") && !page.contains("@import"))
    for address in page.matches(of: /(?:href|src)="([^"]*)"/).map(\.1) {
      #expect(address.hasPrefix("#") || address.hasPrefix("data:"), "\(address)")
    }
    #expect(!page.contains("http-equiv"))
    // Every element that is opened is closed.
    for tag in ["table", "tbody", "tr", "td", "section", "ul", "li", "figure", "div", "main", "script", "style"] {
      let opened = page.ranges(of: "<\(tag)").count(where: { [">", " "].contains(page[$0.upperBound]) })
      #expect(opened == page.ranges(of: "</\(tag)>").count, "\(tag)")
    }
  }

  @Test("A page that is served learns of a new one, without scripts by asking again; a dense picture is a PNG")
  func refresh() throws {
    let results = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)
    let plot = Plot(name: "p", title: "", csv: "", commands: "")
    let page = results.page(
      [], images: [PlotImage(plot: plot, kind: .png, data: Data([1]))], date: Date(), refresh: 30)
    #expect(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>"))
    #expect(page.contains("<body data-changes=\"/changes\">"))
    #expect(!page.contains("<section id=\"search\">"))
    let table = TextTable(title: "Ladder of <x>", key: "rungs", columns: [Column("checkpoint")], rows: [[.integer(5)]])
    let searched = results.page([], images: [], date: Date(), search: [table])
    #expect(searched.contains("<section id=\"search\">") && searched.contains("Ladder of &lt;x&gt;"))
    #expect(page.contains("src=\"data:image/png;base64,AQ==\""))
  }

  @Test("What the page draws itself has its colours, and each value for the pointer")
  func charts() throws {
    let results = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger)
    let plots = results.plots.filter(\.isDrawnWithoutGnuplot)
    let images = try Plot.images(plots)
    #expect(images.allSatisfy { $0.data.isEmpty && $0.failure == nil } && images.count == plots.count)
    let figures = HTML.figures(images)
    #expect(figures.ranges(of: "<svg class=\"chart\"").count == plots.count && !figures.contains("<img"))
    #expect(!figures.contains("#000000") && !figures.contains("#ffffff") && figures.contains("var(--line)"))
    #expect(figures.firstMatch(of: /data-values="[^"]* 60,4.00 [^"]*"><title>2</) != nil)
    #expect(figures.contains("data-x=\"0.0 80.0\" data-y=\"2.55 ") && figures.contains(" log\">"))
    // Of two seeds the lowest and the highest, and an entry of the legend for each mark that has a name.
    #expect(figures.contains("fill-opacity=\"0.15\""))
    for number in figures.matches(of: /class="entry" data-mark="(\d+)"/).map(\.1) {
      #expect(figures.contains("class=\"mark\" data-mark=\"\(number)\""))
    }
  }

  @Test("Each quantum row against its baseline and reference, with what the seeds decide")
  func comparisons() throws {
    let two = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger).comparisons
    #expect(
      two.rows.map { $0[0].text + "/" + $0[1].text + ": " + $0[7].text } == [
        "2/Classical: undecided", "2/reference: undecided",
      ])
    let one = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger).comparisons
    #expect(one.rows.first?.last == "one seed cannot decide it")
  }

  @Test("What could be markup is text")
  func escaping() { #expect(HTML.text("<b>&\"\u{1B}") == "&lt;b&gt;&amp;&quot;\\u{1b}") }
}
