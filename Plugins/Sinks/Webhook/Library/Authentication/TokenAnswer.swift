import HTTPTransport
import PluginKit0

/// An access token, fit to be sent. Never describes itself.
struct AccessToken: Sendable, CustomStringConvertible, CustomReflectable {
  /// At most so many bytes.
  static let maximumBytes = 7_168

  let text: String
  let header: HTTPHeader
  /// How long the server says that it lives; nil when it says nothing.
  let lifetimeMilliseconds: Int64?

  /// nil for a text that must not stand in a header.
  init?(_ text: String, lifetimeMilliseconds: Int64? = nil) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumBytes, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }),
      let header = try? HTTPHeader("Authorization", "Bearer " + text)
    else { return nil }
    self.text = text
    self.header = header
    self.lifetimeMilliseconds = lifetimeMilliseconds
  }

  var description: String { "<access token>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why there is no token.
struct TokenFault: Error, Sendable, Hashable {
  /// `token-` and what happened.
  var code: String
  /// For people; has nothing that the server said but an error's name.
  var detail: String
  /// The wait that the server named; zero when none.
  var waitMilliseconds: UInt64 = 0
}

/// What a token server's answer says (RFC 6749, sections 5.1 and 5.2).
enum TokenAnswer {
  /// A longer life counts as this: a day.
  private static let maximumLifetimeSeconds: Int64 = 86_400
  private static let maximumErrorBytes = 64

  static func read(_ result: HTTPResult, nowMilliseconds: Int64) -> Result<AccessToken, TokenFault> {
    switch result {
    case .failure(let failure):
      return .failure(TokenFault(code: "token-\(failure.reason.rawValue)", detail: "no token: \(failure.detail)"))
    case .answer(let answer) where answer.status == 200: return token(answer)
    case .answer(let answer):
      let wait = RetryAfter.milliseconds(answer.retryAfter, nowMilliseconds: nowMilliseconds) ?? 0
      let error = errorName(answer).map { ": \($0)" } ?? ""
      return .failure(
        TokenFault(
          code: "token-http-\(answer.status)", detail: "the token server answers \(answer.status)\(error)",
          waitMilliseconds: wait))
    }
  }

  private static func token(_ answer: HTTPAnswer) -> Result<AccessToken, TokenFault> {
    guard answer.end == .complete else { return malformed("its body is \(answer.end.rawValue)") }
    guard let object = document(answer) else { return malformed("it is no JSON object") }
    guard let text = object["access_token"]?.string else { return malformed("it has no access_token") }
    guard object["token_type"]?.string?.lowercased() == "bearer" else {
      return malformed("the token_type is not Bearer")
    }
    guard let token = AccessToken(text, lifetimeMilliseconds: lifetime(object["expires_in"])) else {
      return malformed("the access_token cannot stand in a header")
    }
    return .success(token)
  }

  /// Some servers write the seconds as a string.
  private static func lifetime(_ value: JSONValue?) -> Int64? {
    guard let value, let seconds = value.number ?? value.string.flatMap(Double.init), seconds.isFinite else {
      return nil
    }
    return Int64(max(0, min(seconds, Double(maximumLifetimeSeconds)))) * 1_000
  }

  private static func malformed(_ why: String) -> Result<AccessToken, TokenFault> {
    .failure(TokenFault(code: "token-malformed", detail: "the token server's answer is of no use: \(why)"))
  }

  /// An error's name, such as `invalid_client`, when it looks like one: the rest could echo what was sent.
  private static func errorName(_ answer: HTTPAnswer) -> String? {
    guard let name = document(answer)?["error"]?.string, !name.isEmpty, name.utf8.count <= maximumErrorBytes,
      name.utf8.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "_") })
    else { return nil }
    return name
  }

  private static func document(_ answer: HTTPAnswer) -> JSONObject? {
    answer.body.withUnsafeBufferPointer { bytes in try? JSONValue(parsing: bytes).object }
  }
}
