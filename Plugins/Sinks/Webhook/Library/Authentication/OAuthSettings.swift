import HTTPTransport
import PluginKit0

/// OAuth 2.0 client credentials (RFC 6749, section 4.4) as configured.
struct OAuthSettings: Sendable {
  /// How the client shows its secret to the token server (RFC 6749, section 2.3.1).
  enum ClientAuthentication: String, Sendable {
    /// In the header Authorization.
    case basic
    /// In the form.
    case post
  }

  let tokenURL: HTTPURL
  let clientID: String
  let secretReference: String
  let scope: String?
  let audience: String?
  let clientAuthentication: ClientAuthentication

  /// nil, and violations, when something is wrong.
  init?(_ auth: JSONObject, _ violations: inout Violations) {
    clientID = auth["client_id"]?.string ?? ""
    secretReference = auth["client_secret"]?.string ?? ""
    scope = auth["scope"]?.string
    audience = auth["audience"]?.string
    clientAuthentication = auth["client_authentication"]?.string.flatMap(ClientAuthentication.init) ?? .basic
    do {
      tokenURL = try HTTPURL(auth["token_url"]?.string ?? "")
    } catch {
      violations.add("/auth/token_url", "url", error.message)
      return nil
    }
    // The secret is on this request (RFC 6749, section 3.2: TLS is a must).
    guard tokenURL.isSecure || Self.isLoopback(tokenURL) else {
      violations.add("/auth/token_url", "url", "must begin with https://; http:// is for 127.0.0.1 and [::1] only")
      return nil
    }
  }

  private static func isLoopback(_ url: HTTPURL) -> Bool {
    url.origin.hasPrefix("http://127.0.0.1:") || url.origin.hasPrefix("http://[::1]:")
  }

  /// The request for a token, all but its number.
  func request(secret: String) throws(PluginError) -> HTTPRequest {
    var form = [("grant_type", "client_credentials")]
    if let scope { form.append(("scope", scope)) }
    if let audience { form.append(("audience", audience)) }
    do throws(HTTPTransportError) {
      var headers = [
        try HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
        try HTTPHeader("Accept", "application/json"), try HTTPHeader("User-Agent", WebhookSender.userAgent),
      ]
      switch clientAuthentication {
      case .basic:
        headers.append(
          try BasicCredentials.header(
            username: PercentEncoding.form(clientID), password: PercentEncoding.form(secret)))
      case .post: form += [("client_id", clientID), ("client_secret", secret)]
      }
      let body = form.map { "\($0.0)=\(PercentEncoding.form($0.1))" }.joined(separator: "&")
      return HTTPRequest(token: 0, url: tokenURL, headers: headers, body: Array(body.utf8))
    } catch {
      throw PluginError(.invalid, error.message)
    }
  }
}
