import Certificates
import EventModel

/// Reading of single values; each answers nil for what it does not understand.
enum SettingValues {
  /// `90s`, `500ms`, `2h`, `30d`; a bare number is seconds.
  static func duration(_ text: String) -> TimeSpan? {
    let units: [(suffix: String, microseconds: Int64)] = [
      ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
    ]
    let unit = units.first { text.hasSuffix($0.suffix) }
    let digits = text.dropLast(unit?.suffix.count ?? 0)
    guard !digits.isEmpty, digits.utf8.count <= 12, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(digits)
    else { return nil }
    let (value, overflow) = count.multipliedReportingOverflow(by: unit?.microseconds ?? 1_000_000)
    return overflow ? nil : TimeSpan(microseconds: value)
  }

  static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
  }

  /// An address or a name of this machine and a port, 0 for any.
  static func address(_ text: String) -> ListenAddress? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = String(text[..<colon])
    guard let name = SubjectName(host: host) else { return nil }
    // Without brackets the port of an IPv6 address would be guessed.
    if case .address(let bytes) = name, bytes.count == 16, !host.hasPrefix("[") { return nil }
    return ListenAddress(host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, port: Int(port))
  }

  /// A loopback address and a port, 0 for any.
  static func loopback(_ text: String) -> ListenAddress? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = String(text[..<colon])
    guard ["127.0.0.1", "localhost", "[::1]"].contains(host) else { return nil }
    return ListenAddress(host: host == "[::1]" ? "::1" : host, port: Int(port))
  }
}

/// A host and a port.
public struct ListenAddress: Hashable, Sendable {
  /// An address, or a name of this machine.
  public var host: String
  /// 0 for any free one.
  public var port: Int
}
