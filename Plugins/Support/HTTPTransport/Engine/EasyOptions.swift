import CCurl

/// Sets options of an easy handle and keeps the first failure.
struct EasyOptions {
  private static let receiveBufferBytes = 8_192
  /// An idle connection older than this is not used again.
  private static let maximumIdleSeconds = 55
  /// A connection older than this is not used again, so that a changed address is noticed.
  private static let maximumLifetimeSeconds = 600

  private let easy: UnsafeMutableRawPointer
  private(set) var code = CURLE_OK

  init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

  mutating func fail(_ failure: CURLcode) { if code == CURLE_OK { code = failure } }

  mutating func check(_ result: CURLcode) { if result != CURLE_OK { fail(result) } }

  mutating func set(_ option: CURLoption, _ value: Int) { check(ccurl_set_long(easy, option, value)) }

  mutating func set(_ option: CURLoption, _ value: String) { check(ccurl_set_string(easy, option, value)) }

  mutating func setHeaders(_ lines: UnsafeMutablePointer<curl_slist>?) { check(ccurl_set_headers(easy, lines)) }

  /// libcurl takes a copy.
  mutating func setBody(_ body: [UInt8]) {
    check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, Int64(body.count)))
    let easy = easy
    check(
      body.withUnsafeBytes {
        ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
      })
  }

  /// What every exchange has.
  mutating func applyDefaults() {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_POST, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    // Empty, not absent: else libcurl obeys the environment, and a proxy walks round the address check.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_BUFFERSIZE, Self.receiveBufferBytes)
    set(CURLOPT_MAXAGE_CONN, Self.maximumIdleSeconds)
    set(CURLOPT_MAXLIFETIME_CONN, Self.maximumLifetimeSeconds)
    set(CURLOPT_NOPROGRESS, 1)
  }

  /// What a session's exchanges have.
  mutating func apply(_ settings: HTTPSessionSettings) {
    set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeoutMilliseconds)
    // libcurl looks at the speed of each exchange every second, so not where the whole time-out comes first.
    if settings.lowSpeedSeconds * 1_000 < settings.timeoutMilliseconds {
      set(CURLOPT_LOW_SPEED_LIMIT, settings.lowSpeedBytesPerSecond)
      set(CURLOPT_LOW_SPEED_TIME, settings.lowSpeedSeconds)
    }
    set(CURLOPT_HTTP_VERSION, Int(settings.allowsHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
    if let file = settings.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
    if let identity = settings.clientIdentity { apply(identity) }
  }

  /// A second request to a new HTTP/2 origin waits for the first one's connection and shares it. Without TLS there is no
  /// HTTP/2, and libcurl would wait for the first answer to know.
  mutating func setSharing(_ url: HTTPURL, _ settings: HTTPSessionSettings) {
    set(CURLOPT_PIPEWAIT, settings.allowsHTTP2 && url.isSecure ? 1 : 0)
  }

  private mutating func apply(_ identity: HTTPClientIdentity) {
    set(CURLOPT_SSLCERT, identity.certificateFile)
    // An encrypted key then fails; without a password OpenSSL would ask the terminal for one, and wait.
    set(CURLOPT_KEYPASSWD, "")
    switch identity.key {
    case .file(let path): set(CURLOPT_SSLKEY, path)
    case .pem(let bytes):
      let easy = easy
      check(bytes.withUnsafeBytes { ccurl_set_copied_blob(easy, CURLOPT_SSLKEY_BLOB, $0.baseAddress, $0.count) })
    }
  }

  /// libcurl keeps the list, so the caller must.
  mutating func setResolve(_ entries: UnsafeMutablePointer<curl_slist>?) { check(ccurl_set_resolve(easy, entries)) }
}
