import Foundation
import Synchronization

/// A TCP proxy that cuts connections where a test says.
final class CuttingProxy: Sendable {
  /// Where it cuts; once, then everything passes.
  enum Cut: Sendable {
    /// The client's bytes up to this one reach the server, no more.
    case clientByte(Int)
    /// The server's bytes up to this one reach the client, no more.
    case serverByte(Int)
    /// What the client sends with these words in it does not reach the server.
    case before(String)
    /// It reaches the server, whose answer does not reach the client.
    case after(String)
    /// It reaches the server; then nothing passes any more, and nobody is told.
    case silence(String)
    /// The so many-th piece that clients send, from 1, does not reach the server.
    case piece(Int)
    /// Nothing is cut: what the client sends with these words in it waits until the hook has run.
    case hold(String)
  }

  private let listener: Int32
  private let target: UInt16
  private let state = Mutex(State())
  let port: UInt16

  private struct State {
    var cut: Cut?
    var pieces = 0
    var sent = 0
    var received = 0
    var hooks: @Sendable () -> Void = {}
  }

  init(to target: UInt16) throws {
    self.target = target
    let accepting = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listener = accepting
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(accepting, $0, length) == 0 && listen(accepting, 64) == 0 && getsockname(accepting, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRINUSE) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(accepting, nil, nil)
        guard client >= 0 else { return }
        guard let self else {
          close(client)
          return
        }
        serve(client)
      }
    }
  }

  deinit {
    stop()
    close(listener)
  }

  /// Takes no connection any more; those that are there stay.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Cuts the next connection that comes there. `hook` runs just before, when words were named.
  func arm(_ cut: Cut, hook: @escaping @Sendable () -> Void = {}) {
    state.withLock { $0 = State(cut: cut, hooks: hook) }
  }

  /// Whether the cut was made.
  var hasCut: Bool { state.withLock { $0.cut == nil } }

  /// The same; what nobody waits for, as a COMMIT after mere reading, may still be on its way.
  func hasCutSoon() async throws -> Bool {
    let limit = ContinuousClock.now + .milliseconds(300)
    while !hasCut, .now < limit { try await Task.sleep(for: .milliseconds(5)) }
    return hasCut
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  private func serve(_ client: Int32) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(target)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let pair = Pair(client: client, server: server)
    guard connected else { return pair.end() }
    Thread.detachNewThread { [self] in pump(pair, fromClient: true) }
    Thread.detachNewThread { [self] in pump(pair, fromClient: false) }
  }

  private func pump(_ pair: Pair, fromClient: Bool) {
    let (source, sink) = fromClient ? (pair.client, pair.server) : (pair.server, pair.client)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      let bytes = Array(buffer[..<count])
      switch decide(bytes, fromClient, pair) {
      case .pass: Self.sendAll(sink, bytes)
      case .swallow: continue
      case .cut(let first):
        Self.sendAll(sink, Array(bytes.prefix(first)))
        pair.end()
        return
      }
    }
    // While a hook runs, nobody learns that the connection ended.
    pair.hook.withLock { if !pair.isSilent { pair.end() } }
  }

  private enum Decision {
    case pass
    case swallow
    /// So many bytes pass, then the connection ends.
    case cut(Int)
  }

  private func decide(_ bytes: [UInt8], _ fromClient: Bool, _ pair: Pair) -> Decision {
    if pair.isSilent { return .swallow }
    if pair.endsWithAnswer, !fromClient {
      state.withLock { $0.hooks }()
      return .cut(0)
    }
    if case .before(let words)? = state.withLock({ $0.cut }), fromClient, Self.contains(bytes, words) {
      let hook = state.withLock { state in
        state.cut = nil
        return state.hooks
      }
      pair.hook.withLock { hook() }
      return .cut(0)
    }
    if case .hold(let words)? = state.withLock({ $0.cut }), fromClient, Self.contains(bytes, words) {
      let hook = state.withLock { state in
        state.cut = nil
        return state.hooks
      }
      hook()
      return .pass
    }
    return state.withLock { state in
      guard let cut = state.cut else { return .pass }
      if fromClient { state.pieces += 1 }
      if fromClient { state.sent += bytes.count } else { state.received += bytes.count }
      switch cut {
      case .clientByte(let limit) where fromClient && state.sent >= limit:
        state.cut = nil
        return .cut(bytes.count - (state.sent - limit))
      case .serverByte(let limit) where !fromClient && state.received >= limit:
        state.cut = nil
        return .cut(bytes.count - (state.received - limit))
      case .piece(let number) where fromClient && state.pieces == number:
        state.cut = nil
        return .cut(0)
      case .after(let words) where fromClient && Self.contains(bytes, words):
        state.cut = nil
        pair.endsWithAnswer = true
      case .silence(let words) where fromClient && Self.contains(bytes, words):
        state.cut = nil
        pair.isSilent = true
        Self.sendAll(pair.server, bytes)
        return .swallow
      default: break
      }
      return .pass
    }
  }

  private static func contains(_ bytes: [UInt8], _ words: String) -> Bool {
    let words = Array(words.utf8)
    guard bytes.count >= words.count else { return false }
    return (0...bytes.count - words.count).contains { bytes[$0..<$0 + words.count].elementsEqual(words) }
  }

  private static func sendAll(_ sink: Int32, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      sent += count
    }
  }
}

/// The two sockets of one proxied connection.
private final class Pair: Sendable {
  let client: Int32
  let server: Int32
  /// Held while a hook runs.
  let hook = NSLock()
  private let flags = Mutex((ended: false, silent: false, endsWithAnswer: false))

  init(client: Int32, server: Int32) { (self.client, self.server) = (client, server) }

  // The numbers stay taken until the pair is gone, so that no pump reads another's socket.
  deinit {
    close(client)
    close(server)
  }

  var isSilent: Bool {
    get { flags.withLock { $0.silent } }
    set { flags.withLock { $0.silent = newValue } }
  }

  var endsWithAnswer: Bool {
    get { flags.withLock { $0.endsWithAnswer } }
    set { flags.withLock { $0.endsWithAnswer = newValue } }
  }

  func end() {
    let isFirst = flags.withLock { flags in
      defer { flags.ended = true }
      return !flags.ended
    }
    guard isFirst else { return }
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_RDWR))
  }
}
