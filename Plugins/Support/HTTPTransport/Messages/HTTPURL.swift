import CCurl

/// An http or https URL that a request may be sent to, checked by the parser that will send it.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
  /// At most so many bytes.
  public static let maximumBytes = 8_192

  /// The text as it was given.
  public let text: String
  /// Scheme, host and port: what connections and limits go by.
  public let origin: String

  /// Reads a URL.
  ///
  /// - Throws: `invalidURL` when it is not http or https, has no host, has user information (it would be sent as a
  ///   password to whoever answers), or has control characters, spaces or bytes beyond ASCII (write them
  ///   percent-encoded; a host in its `xn--` form).
  public init(_ text: String) throws(HTTPTransportError) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumBytes else {
      throw .url("has \(text.utf8.count) bytes; allowed are 1 to \(Self.maximumBytes)")
    }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .url("has a space, a control character or a character beyond ASCII; write it percent-encoded")
    }
    guard let handle = curl_url() else { throw HTTPTransportError(.system, "libcurl has no memory for a URL") }
    defer { curl_url_cleanup(handle) }
    let result = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER))
    guard result != CURLUE_USER_NOT_ALLOWED else { throw .url("has user information before an '@'") }
    guard result == CURLUE_OK else { throw .url("is not a URL: \(String(cString: curl_url_strerror(result)))") }
    let scheme = Self.part(handle, CURLUPART_SCHEME).lowercased()
    guard scheme == "http" || scheme == "https" else { throw .url("must begin with http:// or https://") }
    let host = Self.part(handle, CURLUPART_HOST).lowercased()
    guard !host.isEmpty else { throw .url("has no host") }
    self.text = text
    origin = "\(scheme)://\(host):\(Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)))"
  }

  /// Whether TLS protects it.
  public var isSecure: Bool { origin.hasPrefix("https:") }

  /// The origin only: path and query may hold what is nobody's business.
  public var description: String { origin }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return "" }
    defer { curl_free(text) }
    return String(cString: text)
  }
}

extension HTTPTransportError {
  fileprivate static func url(_ message: String) -> HTTPTransportError { .init(.invalidURL, "the URL \(message)") }
}
