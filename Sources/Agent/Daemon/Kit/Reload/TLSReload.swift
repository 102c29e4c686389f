import ControlPlane
import EventModel
import Synchronization

/// Certificates, keys and administrators of the control API.
final class TLSReload: ReloadParticipant {
  private let server: ControlPlaneServer
  private let files: AuthorityFiles
  /// What the files held, by setting.
  private let contents: Mutex<[String: String]>

  init(server: ControlPlaneServer, files: AuthorityFiles, current: Configuration) {
    self.server = server
    self.files = files
    contents = Mutex(current.tls.read(now: SystemClock.now()).contents)
  }

  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload {
    let reading = new.tls.read(now: SystemClock.now())
    guard reading.faults.isEmpty else {
      throw ConfigurationError(faults: reading.faults.map { .init($0.setting, $0.description) })
    }
    let before = contents.withLock { $0 }
    let changed = Set(before.keys).union(reading.contents.keys).filter { before[$0] != reading.contents[$0] }
    return PreparedReload(
      changed: changed.sorted(),
      commit: {
        self.contents.withLock { $0 = reading.contents }
        self.files.change(new.tls)
        self.server.change(admins: new.admins)
        // Read and judged just now; should they have changed since, the listener goes on with what it has, and says so.
        if let files = new.tls.listenerFiles { try? self.server.reloadCertificates(from: files) }
      })
  }
}

extension TLSSetting {
  /// What a listener takes; nil without one.
  var listenerFiles: TLSFiles? {
    guard listen != nil, let certificate, let key, let clientAuthority else { return nil }
    return TLSFiles(certificate: certificate, key: key, clientAuthority: clientAuthority)
  }
}
