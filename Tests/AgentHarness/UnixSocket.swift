import Dispatch
import Glibc

/// A question and an answer of one line each over a Unix socket.
enum UnixSocket {
  private static let maximumAnswerBytes = 65_536
  private static let timeoutSeconds = 10

  /// Sends a line and waits for the one that answers it, at most ten seconds.
  static func ask(_ path: String, _ line: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { () throws(HarnessError) in try exchange(path, line) })
      }
    }
  }

  private static func exchange(_ path: String, _ line: String) throws(HarnessError) -> String {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure("socket", path) }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard connect(descriptor, to: path) else { throw failure("connect", path) }
    let question = Array("\(line)\n".utf8)
    guard send(descriptor, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else {
      throw failure("send", path)
    }
    return try readLine(descriptor, path)
  }

  private static func connect(_ descriptor: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    return withUnsafeMutableBytes(of: &address.sun_path) { place in
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
      && withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
      }
  }

  private static func readLine(_ descriptor: Int32, _ path: String) throws(HarnessError) -> String {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while answer.last != UInt8(ascii: "\n"), answer.count < maximumAnswerBytes {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { throw failure("recv", path) }
      answer.append(contentsOf: buffer[..<count])
    }
    return String(decoding: answer.dropLast(), as: UTF8.self)
  }

  private static func failure(_ call: String, _ path: String) -> HarnessError {
    HarnessError(.system, "\(call) on \(path): \(String(cString: strerror(errno)))")
  }
}
