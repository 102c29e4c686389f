import EventModel
import Glibc
import SwiftASN1
import X509

/// A name in a certificate's subject alternative names (RFC 5280, section 4.2.1.6).
public enum SubjectName: Hashable, Sendable {
  /// A SPIFFE ID, such as spiffe://carillon/admin/anna.
  case spiffe(String)
  /// A DNS name, in lower case.
  case dns(String)
  /// An IPv4 address in 4 bytes, or an IPv6 one in 16.
  case address([UInt8])

  private static let dnsScheme = "dns:"

  /// Reads an identity as grants name it: `spiffe://…` or `dns:…`.
  public init?(identity: String) {
    do throws(ModelError) {
      try CallerIdentity.check(identity, field: "identity")
    } catch {
      return nil
    }
    if identity.hasPrefix(Self.dnsScheme) {
      self = .dns(identity.dropFirst(Self.dnsScheme.count).lowercased())
    } else {
      self = .spiffe(identity)
    }
  }

  /// Reads a host as people give it: a DNS name in any case of letters, or an address, IPv6 with or without brackets.
  public init?(host: String) {
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    if let bytes = Self.addressBytes(bare) {
      self = .address(bytes)
    } else if bare == host, !Self.endsInNumber(bare), let name = SubjectName(identity: Self.dnsScheme + bare) {
      self = name
    } else {
      return nil
    }
  }

  /// As an identity is written, or an address.
  public var text: String {
    switch self {
    case .spiffe(let id): id
    case .dns(let name): Self.dnsScheme + name
    case .address(let bytes): Self.addressText(bytes)
    }
  }

  /// For people, as a subject's common name.
  var plain: String {
    switch self {
    case .spiffe, .address: text
    case .dns(let name): name
    }
  }

  var general: GeneralName {
    switch self {
    case .spiffe(let id): .uniformResourceIdentifier(id)
    case .dns(let name): .dnsName(name)
    case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
    }
  }

  /// A last label of digits alone is an address to those who resolve it (RFC 1123, section 2.1).
  private static func endsInNumber(_ text: String) -> Bool {
    text.split(separator: ".").last?.utf8.allSatisfy { (0x30...0x39).contains($0) } ?? true
  }

  private static func addressBytes(_ text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func addressText(_ bytes: [UInt8]) -> String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard bytes.count == 4 || bytes.count == 16,
      inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil
    else { return "an address of \(bytes.count) bytes" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
