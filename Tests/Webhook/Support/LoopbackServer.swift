import Foundation
import Glibc

/// A real HTTP/1.1 server on 127.0.0.1 whose every connection is served by a closure on a thread of its own.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let state = Watched((requests: [ReceivedRequest](), connections: 0))

  var url: String { "http://127.0.0.1:\(port)/hook" }
  var requests: [ReceivedRequest] { state.current.requests }
  var connectionCount: Int { state.current.connections }

  /// Blocks until so many requests came in full; false after a minute.
  func waitForRequests(_ count: Int) -> Bool { state.wait { $0.requests.count >= count } }

  /// `serve` has a connection until it returns.
  init(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 512) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw ServerError(what: "cannot listen: error \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
    let state = state
    Thread {
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else {
          // Here and not in `deinit`, where the number could become another server's before the next accept.
          Glibc.close(descriptor)
          return
        }
        state.change { $0.connections += 1 }
        let connection = LoopbackConnection(client) { request in state.change { $0.requests.append(request) } }
        Thread {
          serve(connection)
          connection.close()
        }.start()
      }
    }.start()
  }

  /// Answers every request of a connection with the same text.
  convenience init(answer: String) throws {
    try self.init { connection in
      while connection.readRequest() != nil { connection.write(answer) }
    }
  }

  /// Answers every request with a status and no body.
  convenience init(status: Int, headers: String = "") throws {
    try self.init(answer: "HTTP/1.1 \(status) Status\r\n\(headers)Content-Length: 0\r\n\r\n")
  }

  /// Ends the thread in accept.
  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
  }
}

struct ServerError: Error { let what: String }

struct ReceivedRequest: Sendable {
  var head: String
  var body: [UInt8]

  var line: String { String(head.prefix { $0 != "\r\n" }) }

  func header(_ name: String) -> String? {
    for line in head.components(separatedBy: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if let first = parts.first, first.lowercased() == name.lowercased() {
        return parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      }
    }
    return nil
  }
}

/// One accepted connection; used by its thread alone.
final class LoopbackConnection: @unchecked Sendable {
  // Unchecked: handed to one thread, which alone uses it.
  private let descriptor: Int32
  private let record: (ReceivedRequest) -> Void
  private var buffer: [UInt8] = []
  /// `POLLRDHUP`, which Swift's view of glibc leaves out.
  private static let peerClosed: Int16 = 0x2000

  init(_ descriptor: Int32, record: @escaping (ReceivedRequest) -> Void) {
    self.descriptor = descriptor
    self.record = record
  }

  /// The next request; nil when the other side closed.
  func readRequest() -> ReceivedRequest? {
    var headEnd = -1
    while headEnd < 0 {
      headEnd = Self.headEnd(buffer)
      if headEnd < 0, !readMore() { return nil }
    }
    var request = ReceivedRequest(head: String(decoding: buffer[..<headEnd], as: UTF8.self), body: [])
    let length = request.header("content-length").flatMap(Int.init) ?? 0
    while buffer.count < headEnd + length { if !readMore() { return nil } }
    request.body = Array(buffer[headEnd..<(headEnd + length)])
    buffer.removeFirst(headEnd + length)
    record(request)
    return request
  }

  /// The next request's head, its body unread; nil when the other side closed.
  func readHead() -> String? {
    while Self.headEnd(buffer) < 0 { if !readMore() { return nil } }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// False when the other side is gone.
  @discardableResult
  func write(_ text: String) -> Bool { write(bytes: Array(text.utf8)) }

  /// False when the other side is gone.
  @discardableResult
  func write(bytes given: [UInt8]) -> Bool {
    var bytes = given[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// Waits until the other side closes, or so long; true when it closed.
  @discardableResult
  func waitForClose(milliseconds: Int32 = 60_000) -> Bool {
    var state = pollfd(fd: descriptor, events: Self.peerClosed, revents: 0)
    return poll(&state, 1, milliseconds) > 0
  }

  /// Ends the connection with a reset instead of an orderly close.
  func reset() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  func close() { Glibc.close(descriptor) }

  private func readMore() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &piece, piece.count, 0)
    guard count > 0 else { return false }
    buffer += piece[..<count]
    return true
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int {
    guard bytes.count >= 4 else { return -1 }
    for index in 0...(bytes.count - 4) where bytes[index] == 13 {
      if bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 { return index + 4 }
    }
    return -1
  }
}
