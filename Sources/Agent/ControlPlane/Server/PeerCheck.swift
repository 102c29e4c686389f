import Glibc
import Logging
import NIOCore

/// Looks at who connects to the Unix socket, by the kernel's word (`SO_PEERCRED`, unix(7)). The file's mode lets in the
/// agent's own user and root; this holds even where a mode was changed by hand.
struct PeerCheck: Sendable {
  /// `struct ucred`.
  struct Credentials: Hashable, Sendable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  let owner: UInt32
  let logger: Logger

  /// Whether this user may.
  func admits(_ credentials: Credentials) -> Bool {
    credentials.user == owner || credentials.user == 0
  }

  /// Answers the user id of who connects, and closes a connection of anybody else before a byte of it is read (nil).
  ///
  /// The future always succeeds: a failed one would end the listener, and with it everybody's connections.
  func check(_ channel: any Channel) -> EventLoopFuture<UInt32?> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.close().recover { _ in }.map { nil }
    }
    let found: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: NIOBSDSocket.OptionLevel.socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    return found.flatMap { credentials in
      if admits(credentials) { return channel.eventLoop.makeSucceededFuture(credentials.user) }
      logger.warning(
        "refused a connection of another user",
        metadata: ["uid": "\(credentials.user)", "pid": "\(credentials.process)"])
      return channel.close().recover { _ in }.map { nil }
    }.flatMapError { error in
      logger.warning("refused a connection: its user cannot be told", metadata: ["error": "\(error)"])
      return channel.close().recover { _ in }.map { nil }
    }
  }
}
