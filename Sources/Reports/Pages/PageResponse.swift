package import Foundation

/// What a page's server sends, once a connection.
package struct PageResponse: Sendable {
  /// The statuses of HTTP that it sends.
  package enum Status: Int, Sendable {
    case ok = 200
    case badRequest = 400
    case notFound = 404
    case methodNotAllowed = 405
    case timeout = 408
    case lengthRequired = 411
    case tooLarge = 413
    case misdirected = 421
    case headTooLarge = 431
    case failed = 500

    var phrase: String {
      switch self {
      case .ok: "OK"
      case .badRequest: "Bad Request"
      case .notFound: "Not Found"
      case .methodNotAllowed: "Method Not Allowed"
      case .timeout: "Request Timeout"
      case .lengthRequired: "Length Required"
      case .tooLarge: "Content Too Large"
      case .misdirected: "Misdirected Request"
      case .headTooLarge: "Request Header Fields Too Large"
      case .failed: "Internal Server Error"
      }
    }
  }

  private var status: Status
  private var type: String
  private var body: String
  private var isHead: Bool

  /// A page that `SweepResults.page` has made.
  package static func page(_ page: String, isHead: Bool = false) -> PageResponse {
    PageResponse(status: .ok, type: "text/html", body: page, isHead: isHead)
  }

  /// A sentence in place of the page.
  package static func sentence(_ status: Status, _ text: String, isHead: Bool = false) -> PageResponse {
    PageResponse(status: status, type: "text/plain", body: text + "\n", isHead: isHead)
  }

  /// The begin of an answer that goes on as long as the connection lasts, an `event` at a time.
  /// - Source: HTML Living Standard, 9.2, Server-sent events.
  package static let changes = PageResponse(status: .ok, type: "text/event-stream", body: "", isHead: false).head([])

  /// The word for a new page.
  package static func event(page number: Int) -> Data { Data("data: \(number)\n\n".utf8) }

  /// A line without a meaning, by which one learns whether the browser is still there.
  package static let sign = Data(":\n\n".utf8)

  /// The response as it is sent; the connection ends with it.
  package var bytes: Data {
    let content = Data(body.utf8)
    return head(["Content-Length: \(content.count)"]) + (isHead ? Data() : content)
  }

  private func head(_ more: [String]) -> Data {
    var fields = ["HTTP/1.1 \(status.rawValue) \(status.phrase)", "Content-Type: \(type); charset=utf-8"]
    fields += more
    fields += [
      "Content-Security-Policy: \(HTML.policy)", "X-Content-Type-Options: nosniff",
      "Referrer-Policy: no-referrer", "Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store",
      "Connection: close",
    ]
    if status == .methodNotAllowed { fields.append("Allow: GET, HEAD") }
    return Data((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
