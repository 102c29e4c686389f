import HTTPTransport
import PluginKit0

/// An active instance: secrets resolved, connections possible.
struct ActiveWebhook: Sendable {
  let sender: WebhookSender
  let lane: any RequestLane

  /// Resolves what the configuration refers to, and opens a lane on the transport.
  init(_ configuration: WebhookConfiguration, _ host: Host, _ transport: HTTPTransport) throws(PluginError) {
    var reader = SecretReader(host)
    let url = try Self.url(configuration, &reader)
    let signer = try Self.signer(configuration, &reader)
    var headers = try Self.headers(configuration, &reader)
    let format = try configuration.body.resolved { reference throws(PluginError) in try reader.text(of: reference) }
    var settings = configuration.settings
    settings.clientIdentity = try configuration.clientCertificate?.resolved(&reader)
    var tokenRequest: HTTPRequest?
    var extraSecrets: [String] = []
    switch configuration.authentication {
    case nil: break
    case .basic(let username, let reference):
      let password = try reader.text(of: reference)
      headers.append(
        try Self.checked { () throws(HTTPTransportError) in
          try BasicCredentials.header(username: username, password: password)
        })
      extraSecrets.append(BasicCredentials.text(username: username, password: password))
    case .bearer(let reference):
      guard let token = AccessToken(try reader.text(of: reference)) else {
        throw PluginError(.invalid, "the secret of /auth/token cannot stand in a header")
      }
      headers.append(token.header)
    case .oauth(let oauth): tokenRequest = try oauth.request(secret: try reader.text(of: oauth.secretReference))
    }
    if case .reference = configuration.target, let url { extraSecrets.append(Self.path(url)) }
    let secrets = reader.secrets + extraSecrets
    do throws(HTTPTransportError) {
      sender = try WebhookSender(
        url: url, isBound: configuration.hasCredentials, signer: signer, format: format, headers: headers)
      lane = try Self.lane(transport, settings, tokenRequest, secrets, host)
    } catch {
      throw PluginError(.failed, error.message)
    }
  }

  private static func lane(
    _ transport: HTTPTransport, _ settings: HTTPSessionSettings, _ tokenRequest: HTTPRequest?, _ secrets: [String],
    _ host: Host
  ) throws(HTTPTransportError) -> any RequestLane {
    if let tokenRequest {
      return try TokenLane(transport, settings, tokenRequest: tokenRequest, secrets: secrets) { host.complete($0) }
    }
    return try transport.session(settings) { completions in
      let now = WallClock.milliseconds
      host.complete(
        completions.map {
          Completion(
            Ticket(rawValue: $0.token), WebhookOutcome.result($0.result, nowMilliseconds: now, secrets: secrets))
        })
    }
  }

  /// What comes after the origin: where the address is a secret, that is in there, and servers name it in their errors.
  private static func path(_ url: HTTPURL) -> String {
    let afterScheme = url.text.drop { $0 != "/" }.drop { $0 == "/" }
    return String(afterScheme.drop { $0 != "/" && $0 != "?" })
  }

  private static func url(
    _ configuration: WebhookConfiguration, _ reader: inout SecretReader
  ) throws(PluginError) -> HTTPURL? {
    switch configuration.target {
    case nil: nil
    case .url(let url): url
    case .reference(let reference):
      try url(try reader.text(of: reference))
    }
  }

  private static func url(_ text: String) throws(PluginError) -> HTTPURL {
    try checked { () throws(HTTPTransportError) in try HTTPURL(text) }
  }

  private static func signer(
    _ configuration: WebhookConfiguration, _ reader: inout SecretReader
  ) throws(PluginError) -> StandardWebhooks {
    var keys: [SigningKey] = []
    for (index, reference) in configuration.secretReferences.enumerated() {
      keys.append(try key(reference, "signing secret \(index + 1)", &reader))
    }
    // After its end nobody needs it, and it may be gone.
    guard let previous = configuration.previous, previous.endSeconds > WallClock.milliseconds / 1_000 else {
      return StandardWebhooks(keys: keys)
    }
    let retiring = try key(previous.reference, "the previous signing secret", &reader)
    return StandardWebhooks(keys: keys, retiring: .init(retiring, endSeconds: previous.endSeconds))
  }

  private static func key(
    _ reference: String, _ name: String, _ reader: inout SecretReader
  ) throws(PluginError) -> SigningKey {
    let key = try SigningKey(try reader.text(of: reference))
    guard key.canSign else { throw PluginError(.invalid, "\(name) is a public key") }
    return key
  }

  private static func headers(
    _ configuration: WebhookConfiguration, _ reader: inout SecretReader
  ) throws(PluginError) -> [HTTPHeader] {
    var fields: [HTTPHeader] = []
    for header in configuration.headers {
      switch header {
      case .field(let field): fields.append(field)
      case .reference(let name, let reference):
        let value = try reader.text(of: reference)
        fields.append(try checked { () throws(HTTPTransportError) in try HTTPHeader(name, value) })
      }
    }
    return fields
  }

  /// A fault of what a secret says; its message never has any of it.
  private static func checked<Value>(
    _ body: () throws(HTTPTransportError) -> Value
  ) throws(PluginError) -> Value {
    do {
      return try body()
    } catch {
      throw PluginError(.invalid, error.message)
    }
  }
}
