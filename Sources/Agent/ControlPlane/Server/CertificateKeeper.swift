import EventModel
import Logging
import NIOCore

/// Keeps the TLS listener's certificates those of the files.
final class CertificateKeeper: Sendable {
  let contexts: TLSContexts
  private let connections: ConnectionTable
  private let grace: TimeAmount
  private let status: CertificateStatus
  private let observer: any ControlPlaneObserver
  private let logger: Logger

  init(
    contexts: TLSContexts, connections: ConnectionTable, grace: TimeAmount, status: CertificateStatus,
    observer: any ControlPlaneObserver, logger: Logger
  ) {
    self.contexts = contexts
    self.connections = connections
    self.grace = grace
    self.status = status
    self.observer = observer
    self.logger = logger
    status.note(.init(expires: contexts.current.expires, problem: nil))
  }

  /// Reads the files again, or others from now on.
  /// - Throws: `.invalidConfiguration` when they are of no use; what was goes on.
  func reload(from others: TLSFiles? = nil) throws(ControlPlaneError) {
    do throws(ControlPlaneError) {
      let change = try contexts.reload(from: others)
      status.note(.init(expires: contexts.current.expires, problem: nil))
      guard change != .unchanged else { return }
      observer.certificateReloaded(succeeded: true)
      logger.info("certificates were read again", metadata: ["sha256": "\(contexts.current.digest)"])
      // Certificates of an authority that no longer counts must not live on in connections.
      if change == .authority { connections.end(before: contexts.current.generation, grace: grace) }
    } catch {
      // Told once: files that stay bad are looked at every few seconds.
      if status.facts?.problem != error.message {
        observer.certificateReloaded(succeeded: false)
        logger.error("certificates were not read again; the old ones go on", metadata: ["error": "\(error)"])
      }
      status.note(problem: error.message)
      throw error
    }
  }

  /// Looks at the files each `pause` until cancelled.
  func run(every pause: Duration, on clock: any Clock<Duration>) async throws {
    while true {
      // What is wrong was told where it was found.
      try? reload()
      observer.certificateChecked(left: contexts.expiresIn)
      try await clock.sleep(for: pause)
    }
  }
}
