import EventModel
import Synchronization

/// What can be said of the TLS listener's certificate, for those who look after it.
final class CertificateStatus: Sendable {
  /// The certificate in use.
  struct Facts: Hashable, Sendable {
    /// From then on clients refuse it.
    var expires: Timestamp
    /// Why its files could not be read again; nil: they could.
    var problem: String?
  }

  private let state = Mutex<Facts?>(nil)

  /// Nil without a TLS listener.
  var facts: Facts? { state.withLock { $0 } }

  func note(_ facts: Facts) { state.withLock { $0 = facts } }

  func note(problem: String?) { state.withLock { $0?.problem = problem } }
}
