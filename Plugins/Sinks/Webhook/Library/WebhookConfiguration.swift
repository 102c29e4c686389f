import HTTPTransport
import PluginKit0

/// The sink's configuration, read and checked beyond what the schema can say. Secrets are still references.
struct WebhookConfiguration: Sendable {
  private static let referencePrefixes = ["file:/", "env:", "credential:"]
  /// What the sink or libcurl sets; `accept-encoding` would let a small answer grow without bound.
  private static let reservedHeaders: Set<String> = [
    "accept-encoding", "carillon-attempt", "carillon-late-ms", "connection", "content-length", "content-type", "expect",
    "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    "webhook-id", "webhook-signature", "webhook-timestamp",
  ]

  /// A header whose value is there already, or stands elsewhere.
  enum HeaderValue: Sendable {
    case field(HTTPHeader)
    case reference(name: String, String)
  }

  private(set) var url: HTTPURL?
  private(set) var secretReferences: [String] = []
  private(set) var headers: [HeaderValue] = []
  private(set) var settings = HTTPSessionSettings()
  private var violations: [PluginError.Violation] = []

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    readURL(object)
    readSecrets(object)
    readHeaders(object)
    readAddresses(object)
    settings.timeoutMilliseconds = number(object, "timeout_ms", 15_000, 10...120_000)
    settings.connectTimeoutMilliseconds = number(object, "connect_timeout_ms", 5_000, 10...60_000)
    settings.maximumPerOrigin = number(object, "max_connections_per_host", 64, HTTPSessionSettings.perOriginRange)
    settings.certificateAuthorityFile = object["ca_file"]?.string
    guard violations.isEmpty else { throw PluginError(violations: violations) }
  }

  private mutating func readURL(_ object: JSONObject) {
    guard let text = object["url"]?.string else { return }
    do {
      url = try HTTPURL(text)
    } catch {
      add("/url", "url", error.message)
    }
  }

  private mutating func readSecrets(_ object: JSONObject) {
    let one = object["secret"]?.string
    let several = object["secrets"]?.array?.compactMap(\.string)
    if one != nil, several != nil {
      add("/secrets", "exclusive", "secret and secrets are given; one of them is allowed")
    }
    secretReferences = several ?? one.map { [$0] } ?? []
  }

  private mutating func readHeaders(_ object: JSONObject) {
    for member in object["headers"]?.object?.members ?? [] {
      let pointer = "/headers/" + Self.escaped(member.name)
      guard let value = member.value.string else { continue }
      guard !Self.reservedHeaders.contains(member.name.lowercased()) else {
        add(pointer, "reserved", "the header \(member.name) is set by the sink itself")
        continue
      }
      do {
        let field = try HTTPHeader(member.name, value)
        let isReference = Self.referencePrefixes.contains { value.hasPrefix($0) }
        headers.append(isReference ? .reference(name: member.name, value) : .field(field))
      } catch {
        add(pointer, "header", error.message)
      }
    }
  }

  private mutating func readAddresses(_ object: JSONObject) {
    var ranges: [AddressRange] = []
    for (index, element) in (object["allow_addresses"]?.array ?? []).enumerated() {
      do {
        ranges.append(try AddressRange(element.string ?? ""))
      } catch {
        add("/allow_addresses/\(index)", "address-range", error.message)
      }
    }
    do {
      settings.addresses = try AddressPolicy(allowing: ranges)
    } catch {
      add("/allow_addresses", "limit", error.message)
    }
  }

  private mutating func number(_ object: JSONObject, _ name: String, _ standard: Int, _ range: ClosedRange<Int>) -> Int
  {
    guard let value = object[name] else { return standard }
    guard let number = value.integer, let whole = Int(exactly: number), range ~= whole else {
      add("/" + name, "range", "allowed are whole numbers from \(range.lowerBound) to \(range.upperBound)")
      return standard
    }
    return whole
  }

  private mutating func add(_ pointer: String, _ code: String, _ message: String) {
    violations.append(.init(pointer: pointer, code: code, message: message))
  }

  /// A member's name in a JSON Pointer (RFC 6901, section 3).
  private static func escaped(_ name: String) -> String {
    var text = ""
    for character in name {
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.append(character)
      }
    }
    return text
  }
}
