import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct FileHolderTests {
  @Test("The other process that has a lock on a file is told, this one is not") func holders() throws {
    let folder = try TemporaryFolder()
    let path = folder("held")
    let own = try #require(try FileLock(folder("own")))
    #expect(FileHolder.others(of: folder("own")).isEmpty)
    withExtendedLifetime(own) {}
    #expect(FileHolder.others(of: folder("nowhere")).isEmpty)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    process.arguments = ["--no-fork", path, "sleep", "60"]
    try process.run()
    defer { process.terminate() }
    let end = Date(timeIntervalSinceNow: 20)
    while FileHolder.others(of: path).isEmpty, Date() < end { usleep(10_000) }
    #expect(FileHolder.others(of: path) == [process.processIdentifier])
  }
}
