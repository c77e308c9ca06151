import Experiment
import Foundation
import Ledger
import Storage
import Testing

@testable import Reports

@Suite struct PageRequestTests {
  private static func answer(_ text: String) -> PageRequest.Answer? {
    PageRequest.answer(to: Array(text.replacing("\n", with: "\r\n").utf8))
  }

  private static func status(_ text: String) -> PageResponse.Status? {
    switch answer(text) {
    case .page, .changes: .ok
    case .refusal(let status, _, _): status
    case nil: nil
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost", "LocalHost:8080", "[::1]", "[::1]:1", "localhost:", " 127.0.0.1:65535 "])
  func `who asks for this machine gets the page`(host: String) {
    #expect(Self.answer("GET / HTTP/1.1\nHost:\(host)\n\n") == .page(isHead: false))
    #expect(Self.answer("HEAD /?a=b HTTP/1.0\nhost: \(host)\nAccept: */*\n\n") == .page(isHead: true))
  }

  @Test(arguments: [
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "localhost@evil.example", "0.0.0.0",
    "127.0.0.1:80:80", "localhost:8o", "::1", "[::1].evil.example", "192.168.0.1:8080", "", "localhost.",
  ])
  func `another host is told that this is not it, whatever it asks for`(host: String) {
    for method in ["GET /", "HEAD /", "POST /", "GET /elsewhere"] {
      #expect(Self.status("\(method) HTTP/1.1\nHost: \(host)\n\n") == .misdirected, "\(method)")
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\n\n", PageResponse.Status.badRequest),
    ("GET / HTTP/1.1\nHost: localhost\nHost: evil.example\n\n", .badRequest),
    ("GET http://localhost/ HTTP/1.1\nHost: localhost\n\n", .badRequest),
    ("GET / HTTP/2\nHost: localhost\n\n", .badRequest),
    ("\u{16}\u{3}\u{1}\n\n", .badRequest),
    ("GET / HTTP/1.1\nHost: localhost\nContent-Length: -1\n\n", .badRequest),
    ("GET / HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 1\n\n", .badRequest),
    ("GET / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n", .lengthRequired),
    ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 1\n\nx", .methodNotAllowed),
    ("GET /favicon.ico HTTP/1.1\nHost: localhost\n\n", .notFound),
    ("GET // HTTP/1.1\nHost: localhost\n\n", .notFound),
  ])
  func `what is not asked rightly is refused with its status`(request: String, status: PageResponse.Status) {
    #expect(Self.status(request) == status)
  }

  @Test func `a request is answered when it is whole, and not before`() throws {
    let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc".utf8)
    for count in request.indices { #expect(PageRequest.answer(to: Array(request[..<count])) == nil, "\(count)") }
    #expect(PageRequest.answer(to: request) == .page(isHead: false))
    #expect(Self.answer("GET /changes HTTP/1.1\nHost: localhost\n\n") == .changes)
    #expect(PageRequest.answer(to: request + request) == .page(isHead: false), "a second one is not read")
  }

  @Test func `more than 64 KB are refused as soon as they are seen or announced`() {
    let start = "GET / HTTP/1.1\r\nHost: localhost\r\n"
    func answer(_ text: String) -> PageResponse.Status? {
      if case .refusal(let status, _, _) = PageRequest.answer(to: Array(text.utf8)) { status } else { nil }
    }
    let room = PageRequest.sizeLimit - start.utf8.count
    #expect(answer(start + String(repeating: "a", count: room - 1)) == nil)
    #expect(answer(start + String(repeating: "a", count: room)) == .headTooLarge)
    #expect(answer(start + "X: " + String(repeating: "a", count: room) + "\r\n\r\n") == .headTooLarge)
    // The head is 60 bytes or so: what is announced with it decides, before any of it has come.
    #expect(answer(start + "Content-Length: 60000\r\n\r\n") == nil)
    let left = PageRequest.sizeLimit - (start + "Content-Length: 65000\r\n\r\n").utf8.count
    #expect(answer(start + "Content-Length: \(left)\r\n\r\n") == nil)
    #expect(answer(start + "Content-Length: \(left + 1)\r\n\r\n") == .tooLarge)
    #expect(answer(start + "Content-Length: 65536\r\n\r\n") == .tooLarge)
    #expect(answer(start + "Content-Length: 99999999999999999999999\r\n\r\n") == .tooLarge)
  }

  @Test func `an answer says its length, and a HEAD gets no more than that`() throws {
    let whole = String(decoding: PageResponse.page("χ²").bytes, as: UTF8.self)
    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n"))
    #expect(whole.hasSuffix("\r\nConnection: close\r\n\r\nχ²"))
    let head = String(decoding: PageResponse.page("χ²", isHead: true).bytes, as: UTF8.self)
    #expect(head + "χ²" == whole)
    let refused = String(decoding: PageResponse.sentence(.methodNotAllowed, "no").bytes, as: UTF8.self)
    #expect(
      refused.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain") && refused.hasSuffix("no\n"))
    #expect(refused.contains("\r\nAllow: GET, HEAD\r\n"))
  }

  @Test func `the policy allows what the page has, and nothing else`() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let plot = Plot(name: "p", title: "p", csv: "a\n1\n", commands: "")
    let page = try SweepResults("study", in: study.ledger).page(
      study.ledger.statuses(sweep: "study"), images: [PlotImage(plot: plot, kind: .png, data: Data([1]))],
      date: Date(timeIntervalSince1970: 0), refresh: 1)
    var rules: [String: [String]] = [:]
    for rule in HTML.policy.split(separator: ";") {
      let words = rule.split(separator: " ").map(String.init)
      rules[words[0]] = Array(words.dropFirst())
    }
    #expect(rules["default-src"] == ["'none'"] && rules["frame-ancestors"] == ["'none'"])
    for (tag, rule) in [("style", "style-src"), ("script", "script-src")] {
      let texts = page.matches(of: try Regex("<\(tag)>([^<]*(?:<(?!/\(tag)>)[^<]*)*)</\(tag)>")).map {
        String(page[$0.output[1].range!])
      }
      #expect(texts.count == 1 && page.ranges(of: "<\(tag)").count == 1, "one \(tag), without a source")
      let digits = Array(SHA256.hexDigest(of: texts[0]))
      let digest = stride(from: 0, to: 64, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
      #expect(rules[rule] == ["'sha256-\(Data(digest).base64EncodedString())'"])
    }
    #expect(rules["img-src"] == ["data:"])
    for source in page.matches(of: /src="([^"]*)"/).map(\.1) { #expect(source.hasPrefix("data:")) }
    // Neither of these is in the style or the script that the hashes allow.
    #expect(page.firstMatch(of: /<[^>]* (style|on[a-z]+)=/) == nil)
  }
}
