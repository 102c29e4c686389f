import Certificates
import EventModel

/// The control API over mutual TLS: where it listens, and its files.
public struct TLSSetting: Hashable, Sendable {
  /// Longest file, in bytes: 64 certificates have less.
  static let maximumFileBytes = 256 * 1_024

  /// Nil: nowhere.
  public var listen: ListenAddress?
  /// The listener's certificate.
  public var certificate: String?
  /// Its key.
  public var key: String?
  /// The authorities whose certificates clients come with.
  public var clientAuthority: String?
  /// The key of one of them; nil: this agent issues no certificates.
  public var authorityKey: String?

  /// What the files hold, and everything that is wrong with them.
  struct Reading: Sendable {
    /// Nil when a file that it takes cannot be read, or no listener is wanted.
    var material: TLSMaterial?
    var faults: [Fault] = []
    /// Tells by setting whether a file holds the same as before, without keeping what it holds.
    var contents: [String: String] = [:]
  }

  /// What is wrong with a file.
  struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The setting that names the file.
    var setting: String
    var file: String
    var message: String
    /// Whether only the time is wrong: an agent starts all the same, and its events go on.
    var isAboutTime = false

    var description: String { "\(setting): \(file) \(message)" }
  }

  /// Reads the files and checks them by each other. Without a listener only the authority's are looked at.
  func read(now: Timestamp) -> Reading {
    var reading = Reading()
    let texts = Texts(
      certificate: text("tls.certificate", certificate, isKey: false, &reading.faults),
      key: text("tls.key", key, isKey: true, &reading.faults),
      clientAuthority: text("tls.client_authority", clientAuthority, isKey: false, &reading.faults),
      authorityKey: text("tls.authority_key", authorityKey, isKey: true, &reading.faults))
    guard reading.faults.isEmpty else { return reading }
    reading.contents = texts.fingerprints
    if let certificate = texts.certificate, let key = texts.key, let authority = texts.clientAuthority {
      let material = TLSMaterial(
        certificate: certificate, key: key, clientAuthority: authority, authorityKey: texts.authorityKey)
      reading.faults = material.faults(now: now).map(fault)
      reading.material = material
    } else if let authority = texts.clientAuthority, let key = texts.authorityKey {
      reading.faults = TLSMaterial.authorityFaults(clientAuthority: authority, authorityKey: key, now: now).map(fault)
    }
    return reading
  }

  private struct Texts {
    var certificate: String?
    var key: String?
    var clientAuthority: String?
    var authorityKey: String?

    var fingerprints: [String: String] {
      let named = [
        ("tls.certificate", certificate), ("tls.key", key), ("tls.client_authority", clientAuthority),
        ("tls.authority_key", authorityKey),
      ]
      return Dictionary(
        uniqueKeysWithValues: named.compactMap { name, text in text.map { (name, Fingerprint.of([$0])) } })
    }
  }

  private func text(_ setting: String, _ file: String?, isKey: Bool, _ faults: inout [Fault]) -> String? {
    guard let file else { return nil }
    do throws(FileError) {
      return try BoundedFile.text(file, maximumBytes: Self.maximumFileBytes, mayOthersRead: !isKey)
    } catch {
      faults.append(Fault(setting: setting, file: file, message: error.message))
      return nil
    }
  }

  private func fault(_ fault: TLSMaterial.Fault) -> Fault {
    let (setting, file) =
      switch fault.part {
      case .certificate: ("tls.certificate", certificate)
      case .key: ("tls.key", key)
      case .clientAuthority: ("tls.client_authority", clientAuthority)
      case .authorityKey: ("tls.authority_key", authorityKey)
      }
    return Fault(setting: setting, file: file ?? "", message: fault.message, isAboutTime: fault.isAboutTime)
  }
}
