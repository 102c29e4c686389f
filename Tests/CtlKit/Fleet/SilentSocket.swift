import Foundation
import NIOCore
import NIOPosix

/// A Unix socket that takes connections and never says a word.
final class SilentSocket: Sendable {
  let path: String
  private let channel: any Channel

  init() throws {
    path = "/tmp/ctl-silent-\(UUID().uuidString.prefix(8)).sock"
    channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(unixDomainSocketPath: path).wait()
  }

  deinit {
    channel.close(promise: nil)
    try? FileManager.default.removeItem(atPath: path)
  }
}
