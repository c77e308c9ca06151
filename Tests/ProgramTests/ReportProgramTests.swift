import Experiment
import Foundation
import Glibc
import Records
import TestSupport
import Testing

/// Two models, trained for three checkpoints of two iterations, and all that can be made of them.
@Suite struct ReportProgramTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      name: small
      dataset:
        source: \(Repository.path("sweeps/data/geant4_pions.hdf5"))
        energies: [4096, 65536]
        events: 50
      training: {checkpoint_interval: 2}
      budget: {checkpoints: 3}
      seeds: [1, 2]
      hidden: [5]
      discriminator.hidden: [8]
      baseline: Classical
      conditioned: true
      variants:
        - label: Classical
        - label: 1x
          circuit: {cnot: [1, 2]}

      """, to: "small.yaml")
    let run = try qcalo("run", "small.yaml")
    #expect(run.status == 0, "\(run.errors)")
  }

  private func qcalo(_ arguments: String...) throws -> Execution {
    try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
  }

  @Test func `plots say that there is no gnuplot, or where nothing can be written`() throws {
    func plots(_ output: String, path: String) throws -> Execution {
      try Programs.run(
        ["plots", "small", "--no-showers", "--output", output], in: folder.path,
        environment: ["QCALO_WORKSPACE": folder("work"), "PATH": path])
    }
    let without = try plots("without", path: "/nowhere")
    #expect(without.status == 69 && without.errors.ranges(of: "there is no gnuplot").count == 1, "\(without)")
    #expect(without.output.contains("without/curves.svg  "))
    #expect(FileManager.default.fileExists(atPath: folder("without/curves.svg")))
    let page = try Programs.run(
      ["report", "small", "--output", "page.html"], in: folder.path,
      environment: ["QCALO_WORKSPACE": folder("work"), "PATH": "/nowhere"])
    #expect(page.status == 0 && page.errors.split(separator: "\n").count == 1, "\(page)")
    let html = try String(contentsOfFile: folder("page.html"), encoding: .utf8)
    // Curves and spread of both rows, E_tot of two energies each.
    #expect(html.ranges(of: "<svg class=\"chart\"").count >= 8)
    try folder.write("", to: "file")
    let refused = try plots("file/plots", path: "/usr/bin:/bin")
    #expect(refused.status == 74 && refused.errors.hasPrefix("qcalo: writing file/plots: "), "\(refused)")
    let homeless = try Programs.run(
      ["report", "small", "--no-showers", "--output", "other.html"], in: folder.path,
      environment: ["QCALO_WORKSPACE": folder("work"), "TMPDIR": folder("file")])
    #expect(homeless.status == 74 && homeless.errors.contains("making a folder in \(folder("file")): "), "\(homeless)")
  }

  private static let hasGnuplot = FileManager.default.fileExists(atPath: "/usr/bin/gnuplot")

  @Test(.enabled(if: hasGnuplot))
  func `compare, export, plots and report say what was trained, with its uncertainties`() throws {
    let comparison = try qcalo("compare", "1x", "Classical", "--format", "json")
    #expect(comparison.status == 0 && comparison.output.contains("\"chance\""), "\(comparison)")
    let perRun = try qcalo("results", "small", "--per", "run", "--format", "csv")
    #expect(perRun.output.contains("best_uncertainty") && perRun.output.contains("training_core_seconds"))
    #expect(try qcalo("results", "small").output.contains("Cost in core-hours: "))

    #expect(try qcalo("export", "small", "--to", "latex", "--output", "t.tex").output == "t.tex\n")
    #expect(try qcalo("export", "small", "--to", "hepdata", "--output", "hepdata").status == 0)
    #expect(try qcalo("export", "small", "--to", "csv", "--output", "csv").output.contains("csv/curves.csv"))

    let table = try String(contentsOfFile: folder("t.tex"), encoding: .utf8)
    #expect(try qcalo("export", "small", "--to", "latex", "--output", "-").output == table)
    for refused in [
      try qcalo("export", "small", "--to", "csv", "--output", "-"), try qcalo("plots", "small", "--output", "-"),
    ] { #expect(refused.status == 64 && refused.errors.contains("name the folder to write them into"), "\(refused)") }

    let plots = try qcalo("plots", "small", "--output", "plots")
    #expect(plots.status == 0, "\(plots.errors)")
    // χ² per energy of the best checkpoint is the journal's.
    let best = try qcalo(
      "query",
      "SELECT incident_energy, reduced FROM energy_curve e JOIN results r ON r.run = e.run AND "
        + "r.best_checkpoint = e.checkpoint WHERE r.label = '1x' ORDER BY r.best_reduced, 1 LIMIT 2", "--format", "csv")
    let energies = best.output.split(whereSeparator: \.isNewline).dropFirst()
    #expect(energies.count == 2)
    for line in energies {
      let cells = line.split(separator: ",")
      let name = "plots/1x-1-etot-\(energyName(Double(cells[0]) ?? 0))"
      let svg = try String(contentsOfFile: folder(name + ".svg"), encoding: .utf8)
      let reduced = try #require(svg.firstMatch(of: /χ²\/NDF = ([0-9.]+)/)?.1).description
      #expect(abs(try #require(Double(reduced)) / (Double(cells[1]) ?? 0) - 1) < 0.01, "\(line) \(reduced)")
      for kind in ["png", "csv"] { #expect(FileManager.default.fileExists(atPath: folder("\(name).\(kind)"))) }
    }
    for name in ["1x-1-layers", "1x-1-shower-4096", "classical-0-layers", "curves", "seeds"] {
      #expect(FileManager.default.fileExists(atPath: folder("plots/\(name).svg")), "\(name)")
    }

    let report = try qcalo("report", "small", "--output", "small.html")
    #expect(report.status == 0 && report.errors.isEmpty, "\(report.errors)")
    let page = try String(contentsOfFile: folder("small.html"), encoding: .utf8)
    #expect(page.contains("E_tot at 65.5 GeV: 1x, seed ") && !page.contains("data:image/png"))
    #expect(!page.contains("https:") && !page.contains("http:"))
    let onOutput = try qcalo("report", "small", "--no-showers", "--output", "-")
    #expect(onOutput.status == 0 && onOutput.output.hasSuffix("</html>\n"), "\(onOutput.output.suffix(100))")
  }

  @Test func `serve answers on this machine with what the journals hold, until it is interrupted`() async throws {
    let port = try freePort()
    let server = Started()
    let arguments = ["serve", "small", "--port", "\(port)", "--every", "1", "--no-showers"]
    let environment = ProcessInfo.processInfo.environment.merging(["QCALO_WORKSPACE": folder("work")]) { $1 }
    let program = Programs.folder.appendingPathComponent("qcalo").path
    try await withThrowingTaskGroup(of: Execution?.self) { group in
      group.addTask {
        try Execution(program, arguments, environment: environment) { server.note($0) }
      }
      group.addTask {
        defer { server.interrupt() }
        var page = ""
        for _ in 0..<100 where !page.contains("</html>") {
          try await Task.sleep(for: .milliseconds(300))
          page = try Self.ask(port, "GET / HTTP/1.1\nHost: localhost:\(port)\n\n")
        }
        #expect(page.hasPrefix("HTTP/1.1 200 OK") && page.contains("text/html; charset=utf-8"))
        #expect(page.contains("<title>small: ") && page.contains("content=\"1\""))
        // The word for a new page: the first at once.
        let changes = try Execution(
          "bash",
          [
            "-c",
            "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /changes HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&3; grep -m 1 ^data: <&3",
          ]
        ).output
        #expect(changes.hasPrefix("data: "), "\(changes)")
        #expect(page.contains("4 finished"))
        try Self.checkRefusals(port)
        // Before it looks for the sweep, let alone draws it.
        let second = try qcalo("serve", "nothing", "--port", "\(port)")
        #expect(second.status == 64)
        #expect(
          second.errors
            == "qcalo: serving at port \(port): another program has it; --port names another, 0 any that is free\n")
        return nil
      }
      for try await outcome in group {
        if let outcome { #expect(outcome.status == 0, "\(outcome)") }
      }
    }
    let unknown = try qcalo("serve", "nothing", "--port", "\(port)")
    #expect(unknown.status == 64 && unknown.errors.contains("there is no sweep 'nothing'"), "\(unknown.errors)")
  }

  /// What a running server at a port does not give to everybody.
  private static func checkRefusals(_ port: Int) throws {
    let head = try ask(port, "HEAD / HTTP/1.1\nHost: [::1]\n\n")
    #expect(head.hasPrefix("HTTP/1.1 200 OK") && head.hasSuffix("\r\n\r\n"), "\(head)")
    #expect(head.contains("\r\nContent-Security-Policy: default-src 'none'; "))
    let rebound = try ask(port, "GET / HTTP/1.1\nHost: evil.example:\(port)\n\n")
    #expect(rebound.hasPrefix("HTTP/1.1 421 ") && !rebound.contains("small"), "\(rebound)")
    // The client goes on waiting, without sending the rest.
    let announced = try ask(port, "POST / HTTP/1.1\nHost: localhost\nContent-Length: 70000\n\n")
    #expect(announced.hasPrefix("HTTP/1.1 413 "), "\(announced)")
    let long = try ask(port, "GET / HTTP/1.1\nHost: localhost\nX: \(String(repeating: "a", count: 70_000))")
    #expect(long.hasPrefix("HTTP/1.1 431 "), "\(long)")
    // As the kernel lists what listens: 127.0.0.1 and no other address.
    let sockets = try ["tcp", "tcp6"].flatMap { protocolName in
      try String(contentsOfFile: "/proc/net/\(protocolName)", encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: " ")
      }
    }
    let end = ":" + String(format: "%04X", port)
    let listening = sockets.filter { $0.count > 3 && $0[1].hasSuffix(end) && $0[3] == "0A" }.map { $0[1] }
    #expect(listening.map(String.init) == ["0100007F" + end])
  }

  /// What a server answers to a request; "" while there is none.
  private static func ask(_ port: Int, _ request: String) throws -> String {
    try Execution(
      "bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port) && cat >&3 && cat <&3"],
      input: request.replacing("\n", with: "\r\n")
    ).output
  }

  /// A port that nothing listens at.
  private func freePort() throws -> Int {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        try #require(bind(socket, generic, size) == 0 && getsockname(socket, generic, &size) == 0)
      }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }
}
