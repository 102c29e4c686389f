import Foundation
import Glibc

/// Listens on every address of this machine, IPv4 and IPv6, at one port, and counts who comes.
final class Canary: Sendable {
  let port: UInt16
  private let listeners: [Int32]
  private let state = Watched(0)

  /// How many connections it accepted.
  var count: Int { state.current }

  init() throws {
    let first = try Self.listen(AF_INET, port: 0)
    let port = try Self.port(of: first)
    self.port = port
    listeners = [first, try Self.listen(AF_INET6, port: port)]
    for listener in listeners {
      let state = state
      Thread {
        while true {
          let client = accept(listener, nil, nil)
          guard client >= 0 else {
            close(listener)
            return
          }
          state.change { $0 += 1 }
          close(client)
        }
      }.start()
    }
  }

  deinit { for listener in listeners { shutdown(listener, Int32(SHUT_RDWR)) } }

  /// Blocks until so many came; false after a minute.
  func wait(for count: Int) -> Bool { state.wait { $0 >= count } }

  private static func listen(_ family: Int32, port: UInt16) throws -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    if family == AF_INET6 {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    var storage = sockaddr_storage()
    storage.ss_family = sa_family_t(family)
    let isBound = withUnsafeMutablePointer(to: &storage) { pointer in
      let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
      pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port = port.bigEndian }
      return pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(size)) == 0 && Glibc.listen(descriptor, 512) == 0
      }
    }
    guard isBound else { throw ServerError(what: "no canary on port \(port): error \(errno)") }
    return descriptor
  }

  private static func port(of descriptor: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw ServerError(what: "a socket without a name") }
    return UInt16(bigEndian: address.sin_port)
  }
}

/// One row of `Fixtures/hostile-urls.txt`.
struct HostileURL: Sendable {
  enum Expectation: String {
    case url
    case address
    case none
    case any
  }

  let expectation: Expectation
  let template: String
  /// What the name resolves to; empty: whatever the system says.
  let addresses: String

  func text(port: UInt16) -> String {
    [("{port}", "\(port)"), ("{space}", " "), ("{tab}", "\t"), ("{cr}", "\r"), ("{lf}", "\n"), ("{nul}", "\0")]
      .reduce(template) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  /// As `CURLOPT_RESOLVE` has it; nil when the system resolves.
  func resolution(port: UInt16) -> String? {
    guard !addresses.isEmpty, let host = URL(string: text(port: port))?.host else { return nil }
    return "\(host):\(port):\(addresses)"
  }

  static let all: [HostileURL] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/hostile-urls.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#") else { return nil }
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count >= 2, let expectation = Expectation(rawValue: fields[0]) else { return nil }
      return HostileURL(
        expectation: expectation, template: fields[1], addresses: fields.count > 2 ? fields[2] : "")
    }
  }()
}
