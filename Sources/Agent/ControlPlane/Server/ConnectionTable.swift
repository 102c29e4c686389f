import NIOCore
import Synchronization

/// How a caller reached the agent, and what the transport knows of it. Told when a connection is accepted, or its TLS
/// handshake ends; before any of its calls begins.
struct ConnectionFacts: Hashable, Sendable {
  /// The way in.
  enum Way: Hashable, Sendable {
    /// The Unix socket; the kernel's word for the user.
    case unix(uid: UInt32)
    /// Plaintext on this machine's own address.
    case loopback
    /// TLS; the certificate that the caller showed, if it did.
    case tls(PeerCertificate?)
  }

  var way: Way
  /// What limits by address go by: an IPv4 address, or the network of 64 bits that an IPv6 address is in, since a caller
  /// has all of those. Empty on the Unix socket.
  var address: String
}

/// The connections that are open, so that a call finds what its own came with. Handlers see no channel: each stream is
/// marked with its connection's number, in a header that a client cannot set (``StreamMark``).
final class ConnectionTable: Sendable {
  private struct Entry {
    var facts: ConnectionFacts?
    var address: String
    /// 0: not TLS.
    var generation: Int
    var channel: any Channel
  }

  private struct State {
    var next: UInt64 = 1
    var entries: [UInt64: Entry] = [:]
    var byAddress: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// How many there are.
  var count: Int { state.withLock { $0.entries.count } }

  /// Takes a connection in; nil when there is no room, for it or for its address.
  /// - Parameter generation: of the authority that its handshake goes by.
  func admit(
    _ channel: any Channel, address: String, generation: Int, maximum: Int, maximumByAddress: Int
  ) -> UInt64? {
    state.withLock { state in
      let here = state.byAddress[address, default: 0]
      guard state.entries.count < maximum, address.isEmpty || here < maximumByAddress else { return nil }
      let id = state.next
      state.next += 1
      state.entries[id] = Entry(facts: nil, address: address, generation: generation, channel: channel)
      if !address.isEmpty { state.byAddress[address] = here + 1 }
      return id
    }
  }

  /// Notes what is known of a connection. From then on its calls can be told whose they are.
  func know(_ id: UInt64, _ facts: ConnectionFacts) {
    state.withLock { $0.entries[id]?.facts = facts }
  }

  /// What is known of a connection; nil for one that has gone, or was never made known.
  func facts(_ id: UInt64) -> ConnectionFacts? {
    state.withLock { $0.entries[id]?.facts }
  }

  /// A connection has gone.
  func remove(_ id: UInt64) {
    state.withLock { state in
      guard let entry = state.entries.removeValue(forKey: id), !entry.address.isEmpty else { return }
      let left = state.byAddress[entry.address, default: 1] - 1
      state.byAddress[entry.address] = left == 0 ? nil : left
    }
  }

  /// How long clients have to hear that they are to connect anew; calls that begin later are refused.
  private static let notice = TimeAmount.seconds(5)

  /// Tells the clients of older connections to make new ones; their calls under way are finished, within `grace`.
  func end(before generation: Int, grace: TimeAmount) {
    let old = state.withLock { $0.entries.filter { (1..<generation).contains($0.value.generation) } }
    for (id, entry) in old {
      ConnectionHandler.beginEnd(of: entry.channel, grace: grace)
      entry.channel.eventLoop.scheduleTask(in: Self.notice) { self.forget(id) }
    }
  }

  /// Closes what is still open once nobody serves it any more.
  func closeAll() {
    for channel in state.withLock({ $0.entries.values.map(\.channel) }) { channel.close(promise: nil) }
  }

  private func forget(_ id: UInt64) {
    state.withLock { $0.entries[id]?.facts = nil }
  }
}
