import HTTPTransport
import PluginKit0

/// The sink's configuration, read and checked beyond what the schema can say. Secrets are still references.
struct WebhookConfiguration: Sendable {
  /// Where to.
  enum Target: Sendable {
    case url(HTTPURL)
    case reference(String)
  }

  /// A header whose value is there already, or stands elsewhere.
  enum HeaderValue: Sendable {
    case field(HTTPHeader)
    case reference(name: String, String)
  }

  /// A signing secret that another took over from, and until when it signs along, in seconds since 1970.
  struct Previous: Sendable {
    let reference: String
    let endSeconds: Int64
  }

  private(set) var target: Target?
  private(set) var secretReferences: [String] = []
  private(set) var previous: Previous?
  private(set) var headers: [HeaderValue] = []
  private(set) var body = BodyChoice.json
  private(set) var authentication: Authentication?
  private(set) var clientCertificate: ClientCertificate?
  private(set) var settings = HTTPSessionSettings()

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    var violations = Violations()
    readURL(object, &violations)
    readSecrets(object, &violations)
    body = BodyChoice(object, &violations)
    authentication = Authentication(object, &violations)
    headers = Self.headers(object, isAuthenticated: authentication != nil, &violations)
    clientCertificate = ClientCertificate(object, &violations)
    readAddresses(object, &violations)
    settings.timeoutMilliseconds = Self.number(object, "timeout_ms", 15_000, 10...120_000, &violations)
    settings.connectTimeoutMilliseconds = Self.number(object, "connect_timeout_ms", 5_000, 10...60_000, &violations)
    settings.maximumPerOrigin = Self.number(
      object, "max_connections_per_host", 64, HTTPSessionSettings.perOriginRange, &violations)
    settings.certificateAuthorityFile = object["ca_file"]?.string
    settings.allowsHTTP2 = object["http2"]?.bool ?? true
    requireURL(&violations)
    guard violations.all.isEmpty else { throw PluginError(violations: violations.all) }
  }

  /// Whether there is something that only the owner of the configured URL may see.
  var hasCredentials: Bool { authentication != nil || !body.references.isEmpty }

  private mutating func readURL(_ object: JSONObject, _ violations: inout Violations) {
    guard let text = object["url"]?.string else { return }
    if SecretReference.isLike(text) {
      target = .reference(text)
      return
    }
    do {
      target = .url(try HTTPURL(text))
    } catch {
      violations.add("/url", "url", error.message)
    }
  }

  /// Without a URL every delivery brings its own, and whoever may name an address would be sent the credentials.
  private func requireURL(_ violations: inout Violations) {
    guard hasCredentials, target == nil, !violations.all.contains(where: { $0.pointer == "/url" }) else { return }
    violations.add(
      authentication != nil ? "/auth" : "/template", "required",
      "credentials are sent to one origin only, so the configuration must have a url")
  }

  private mutating func readSecrets(_ object: JSONObject, _ violations: inout Violations) {
    let one = object["secret"]?.string
    let several = object["secrets"]?.array?.compactMap(\.string)
    if one != nil, several != nil {
      violations.add("/secrets", "exclusive", "secret and secrets are given; one of them is allowed")
    }
    secretReferences = several ?? one.map { [$0] } ?? []
    switch (object["previous_secret"]?.string, object["previous_until"]?.string) {
    case (nil, nil): break
    case (let reference?, let text?):
      guard let end = RFC3339.unixSeconds(text) else {
        return violations.add("/previous_until", "time", "must be a time such as 2027-05-04T08:00:00Z")
      }
      guard !secretReferences.isEmpty else {
        return violations.add("/previous_secret", "required", "signs beside a secret, and there is none")
      }
      previous = Previous(reference: reference, endSeconds: end)
    case (_?, nil):
      violations.add("/previous_secret", "required", "needs previous_until, the time at which it signs no more")
    case (nil, _?): violations.add("/previous_until", "required", "needs previous_secret")
    }
  }

  private mutating func readAddresses(_ object: JSONObject, _ violations: inout Violations) {
    var ranges: [AddressRange] = []
    for (index, element) in (object["allow_addresses"]?.array ?? []).enumerated() {
      do {
        ranges.append(try AddressRange(element.string ?? ""))
      } catch {
        violations.add("/allow_addresses/\(index)", "address-range", error.message)
      }
    }
    do {
      settings.addresses = try AddressPolicy(allowing: ranges)
    } catch {
      violations.add("/allow_addresses", "limit", error.message)
    }
  }

  private static func number(
    _ object: JSONObject, _ name: String, _ standard: Int, _ range: ClosedRange<Int>, _ violations: inout Violations
  ) -> Int {
    guard let value = object[name] else { return standard }
    guard let number = value.integer, let whole = Int(exactly: number), range ~= whole else {
      violations.add(
        "/" + name, "range", "allowed are whole numbers from \(range.lowerBound) to \(range.upperBound)")
      return standard
    }
    return whole
  }
}
