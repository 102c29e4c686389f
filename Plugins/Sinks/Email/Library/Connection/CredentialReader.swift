import PluginKit0
import SMTPTransport
import Synchronization

/// Reads the sink's password or token, each time anew.
final class CredentialReader: Sendable {
  /// What stands at the reference.
  enum Kind: Sendable {
    case password
    case token
  }

  private let username: String
  private let reference: String
  private let kind: Kind
  private let host: Host
  private let last = Mutex("")

  init(username: String, reference: String, kind: Kind, host: Host) {
    self.username = username
    self.reference = reference
    self.kind = kind
    self.host = host
  }

  /// What nobody is to read in a server's words.
  var secrets: [String] { [username, last.withLock { $0 }] }

  /// A line end behind the secret does not count.
  ///
  /// - Throws: the host's error, or `invalid`; never with any of the secret.
  func read() throws(PluginError) -> SMTPCredentials {
    let secret = try host.secret(reference)
    var bytes = secret.withBytes { Array($0) }
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PluginError(.invalid, "the \(kind == .password ? "password" : "token") is not UTF-8")
    }
    last.withLock { $0 = text }
    do throws(SMTPError) {
      return switch kind {
      case .password: try SMTPCredentials(username: username, password: text)
      case .token: try SMTPCredentials(username: username, token: text)
      }
    } catch {
      throw PluginError(.invalid, error.message)
    }
  }

  /// For the transport.
  func source() throws(SMTPError) -> SMTPCredentials {
    do throws(PluginError) {
      return try read()
    } catch {
      throw SMTPError(.noCredentials, error.message)
    }
  }
}
