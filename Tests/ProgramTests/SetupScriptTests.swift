import Foundation
import TestSupport
import Testing

/// scripts/setup on machines that are made up: a PATH of stand-ins that note how they are called.
@Suite struct SetupScriptTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "calls")
    try FileManager.default.createDirectory(atPath: folder("bin"), withIntermediateDirectories: true)
    for tool in ["bash", "env", "ls", "sort", "tail", "grep"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder("bin/" + tool), withDestinationPath: "/usr/bin/" + tool)
    }
    try program("swift", "")
    try program("ldconfig", "")
  }

  private func program(_ name: String, _ script: String) throws {
    let text = "#!/usr/bin/bash\necho \"\(name) $*\" >>\(folder("calls"))\n\(script)\n"
    try folder.write(program: text, to: "bin/" + name)
  }

  private func setup(user: Int) throws -> (end: Execution, calls: String) {
    try program("id", "[ \"$1\" = -u ] && echo \(user) || echo users")
    let end = try Execution(
      "/usr/bin/bash", [Repository.path("scripts/setup")],
      environment: ["PATH": folder("bin"), "PKG_CONFIG_PATH": "/p"])
    return (end, try String(contentsOfFile: folder("calls"), encoding: .utf8))
  }

  @Test("Where nothing is missing, nothing happens; a library in $PKG_CONFIG_PATH is there") func nothing() throws {
    try program("pkg-config", "[ \"$PKG_CONFIG_PATH\" = /p ]")
    try program("gnuplot", "")
    try program("ldconfig", "printf '\\tlibopenblas.so.0 (libc6,x86-64) => /lib/libopenblas.so.0\\n'")
    let (end, calls) = try setup(user: 1000)
    #expect(end.status == 0 && end.errors == "" && !calls.contains("apt-get"))
  }

  @Test(
    "Root installs by apt what Debian calls it, and by dnf what EL9 and Fedora call it", arguments: ["apt-get", "dnf"])
  func root(manager: String) throws {
    try program(manager, "")
    let (end, calls) = try setup(user: 0)
    #expect(end.status == 0, "\(end)")
    if manager == "dnf" {
      #expect(
        calls.contains("dnf install -y -q epel-release\n") && calls.contains("dnf config-manager --set-enabled crb\n"))
      #expect(calls.contains("dnf install -y -q pkgconf-pkg-config") && calls.contains(" gnuplot openblas\n"))
    } else {
      #expect(calls.contains("apt-get update -qq\n"))
      #expect(calls.contains("apt-get install -y -qq pkg-config") && calls.contains(" gnuplot-nox libopenblas0\n"))
    }
  }

  @Test("Without root the missing is named, with the ways to have it; without gnuplot alone one can build")
  func nobody() throws {
    try program("apt-get", "")
    try program("pkg-config", "")
    let gnuplot = try setup(user: 1000)
    #expect(
      gnuplot.end.status == 0 && gnuplot.end.errors.contains("gnuplot (Debian: gnuplot-nox; EL9 and Fedora: gnuplot)"))
    #expect(gnuplot.end.errors.contains("OpenBLAS (Debian: libopenblas0; EL9 and Fedora: openblas)"))
    try FileManager.default.removeItem(atPath: folder("bin/pkg-config"))
    let all = try setup(user: 1000)
    #expect(all.end.status == 69, "\(all.end)")
    for text in ["pkg-config (Debian", "PKG_CONFIG_PATH=", "On lxplus", "docs/install.md"] {
      #expect(all.end.errors.contains(text), "\(text)")
    }
    #expect(!all.calls.contains("apt-get "))
  }

  @Test("Without Swift it says where Swift is from") func noSwift() throws {
    try FileManager.default.removeItem(atPath: folder("bin/swift"))
    let (end, _) = try setup(user: 0)
    #expect(end.status == 64 && end.errors.contains("swift.org/install"))
  }
}
