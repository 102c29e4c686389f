import Dispatch
import Glibc

/// One GET on loopback, as plain as it can be: a library's pools and caches would stand in the way of what is measured.
public struct LoopbackHTTP: Sendable {
  /// An answer.
  public struct Answer: Sendable {
    /// The status code.
    public var status: Int
    /// Header and body as they came.
    public var text: String

    /// What follows the header.
    public var body: String {
      text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }
  }

  private static let maximumAnswerBytes = 16 << 20
  private static let timeoutSeconds = 5

  /// Asks `path` of a local port; nil when nobody answers in time.
  public static func get(_ path: String, port: Int) async -> Answer? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: fetch(path, port)) }
    }
  }

  private static func fetch(_ path: String, _ port: Int) -> Answer? {
    guard let descriptor = LoopbackPort.connect(port, timeoutSeconds: timeoutSeconds) else { return nil }
    defer { close(descriptor) }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < maximumAnswerBytes {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 { return nil }
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) }) else {
      return nil
    }
    return Answer(status: status, text: text)
  }
}
