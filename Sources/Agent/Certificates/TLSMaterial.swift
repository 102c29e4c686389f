public import EventModel
import FoundationEssentials

/// The certificates and keys of a listener, as texts in PEM.
public struct TLSMaterial: Sendable {
  /// The listener's certificate, followed by what leads to its authority.
  public var certificate: String
  /// Its key.
  public var key: String
  /// The authorities whose certificates clients come with.
  public var clientAuthority: String
  /// The key of one of them; nil: this agent issues no certificates.
  public var authorityKey: String?

  /// Makes it.
  public init(certificate: String, key: String, clientAuthority: String, authorityKey: String?) {
    self.certificate = certificate
    self.key = key
    self.clientAuthority = clientAuthority
    self.authorityKey = authorityKey
  }

  /// Which part something is wrong with.
  public enum Part: String, Hashable, Sendable {
    /// ``TLSMaterial/certificate``
    case certificate
    /// ``TLSMaterial/key``
    case key
    /// ``TLSMaterial/clientAuthority``
    case clientAuthority
    /// ``TLSMaterial/authorityKey``
    case authorityKey
  }

  /// What is wrong with a part.
  public struct Fault: Hashable, Sendable {
    /// The part.
    public var part: Part
    /// To be read after the part's name: `is not valid before …`.
    public var message: String
    /// Whether it is the time that is wrong and nothing else.
    public var isAboutTime = false
  }

  /// Everything that is wrong; empty when a listener can be opened with it.
  public func faults(now: Timestamp) -> [Fault] {
    var check = Check(now: now)
    let chain = check.chain(.certificate, certificate)
    let key = check.key(.key, self.key)
    if let chain, let key, !key.fits(chain) { check.note(.key, "does not fit the certificate") }
    check.authority(clientAuthority, key: authorityKey)
    return check.faults
  }

  /// The same for an agent that issues certificates and listens nowhere.
  public static func authorityFaults(clientAuthority: String, authorityKey: String, now: Timestamp) -> [Fault] {
    var check = Check(now: now)
    check.authority(clientAuthority, key: authorityKey)
    return check.faults
  }

  /// Gathers what is wrong.
  private struct Check {
    let now: Timestamp
    var faults: [Fault] = []

    mutating func note(_ part: Part, _ message: String, isAboutTime: Bool = false) {
      faults.append(Fault(part: part, message: message, isAboutTime: isAboutTime))
    }

    mutating func chain(_ part: Part, _ pem: String) -> CertificateChain? {
      do throws(CertificatesError) {
        let chain = try CertificateChain(pem: pem)
        if let message = TLSMaterial.outside(chain, now) { note(part, message, isAboutTime: true) }
        return chain
      } catch {
        note(part, error.message)
        return nil
      }
    }

    mutating func key(_ part: Part, _ pem: String) -> PrivateKey? {
      do throws(CertificatesError) {
        return try PrivateKey(pem: pem)
      } catch {
        note(part, error.message)
        return nil
      }
    }

    mutating func authority(_ pem: String, key keyPEM: String?) {
      guard let chain = chain(.clientAuthority, pem) else { return }
      if !chain.areAuthorities { note(.clientAuthority, "holds a certificate that is no authority's") }
      guard let keyPEM, let key = key(.authorityKey, keyPEM) else { return }
      do throws(CertificatesError) {
        _ = try Authority(key: key, certificates: chain)
      } catch {
        note(.authorityKey, error.message)
      }
    }
  }

  private static func outside(_ chain: CertificateChain, _ now: Timestamp) -> String? {
    if now >= chain.expires { return "ran out at \(RFC3339.text(chain.expires))" }
    if now < chain.validFrom { return "is not valid before \(RFC3339.text(chain.validFrom))" }
    return nil
  }
}

/// Times in messages.
enum RFC3339 {
  /// In UTC, to the second (RFC 3339).
  static func text(_ time: Timestamp) -> String { Date(time).formatted(.iso8601) }
}
