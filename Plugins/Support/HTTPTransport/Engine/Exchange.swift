import CCurl

/// One easy handle and what it is about at present. Lives on the I/O thread; kept and used again.
final class Exchange {
  let easy: UnsafeMutableRawPointer
  /// Where it stands among the active ones.
  var position = 0
  /// Where it is under way.
  var channel: Channel?
  /// The lane that its end frees.
  var lane = 0
  private(set) var submission: Submission?
  var reader = AnswerReader()
  /// What libcurl says of the last failure; empty when nothing.
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// What it says when it tried the same again and again, and not a byte of an answer came.
  private static let gaveUp = "Connection died, tried"
  /// Why an address was refused, and which; nil when none was.
  var refusal: String?
  private static let wholeAnswerNanoseconds: Int64 = 50_000_000
  private let poller: Poller
  /// When a sweep first saw the header block complete.
  private var headNanoseconds: Int64 = 0
  private var headerLines: UnsafeMutablePointer<curl_slist>?
  private var resolvedNames: UnsafeMutablePointer<curl_slist>?
  /// The session whose settings the handle has; 0: none.
  private(set) var configuredSession = 0

  init?(poller: Poller) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.poller = poller
  }

  deinit {
    curl_easy_cleanup(easy)
    errorText.deallocate()
    curl_slist_free_all(headerLines)
    curl_slist_free_all(resolvedNames)
  }

  /// Makes the handle ready to be started.
  func prepare(_ submission: Submission, lane: Int, timeoutMilliseconds: Int) -> CURLcode {
    self.submission = submission
    self.lane = lane
    reader = AnswerReader()
    refusal = nil
    errorText[0] = 0
    headNanoseconds = 0
    var options = EasyOptions(easy)
    // A handle is of one session for good, see `SpareExchanges`.
    if configuredSession == 0 {
      options.applyDefaults()
      options.apply(submission.session.settings)
      applyCallbacks(&options)
      setResolvedNames(submission.session.settings.resolvedNames, &options)
      configuredSession = options.code == CURLE_OK ? submission.session.id : 0
    }
    let request = submission.request
    options.set(CURLOPT_URL, request.url.text)
    options.setSharing(request.url, submission.session.settings)
    options.set(CURLOPT_TIMEOUT_MS, timeoutMilliseconds)
    options.setBody(request.body)
    setHeaders(request.headers, &options)
    return options.code
  }

  /// How to end it without waiting for libcurl: its answer is whole (libcurl 7.88 at times misses the end of an HTTP/2
  /// stream that has no body), or its body takes longer than is worth a place. Nil: it goes on.
  func overdue(_ now: Int64) -> CURLcode? {
    guard reader.isComplete else { return nil }
    if headNanoseconds == 0 { headNanoseconds = now }
    let waited = now &- headNanoseconds
    if reader.isWhole, waited >= Self.wholeAnswerNanoseconds { return CURLE_OK }
    return waited >= HTTPTransport.bodyTimeoutMilliseconds * 1_000_000 ? CURLE_OPERATION_TIMEDOUT : nil
  }

  /// Forgets the request; the handle keeps its settings.
  func finish() { submission = nil }

  /// Whether an HTTP/2 server refused the request unread: a stream after the last one that its GOAWAY names (RFC 9113,
  /// section 6.8). libcurl 7.88 tries again and takes the old refusal for the new stream's, until it gives up. With
  /// HTTP/1.1 the same words mean connections that died with the request on them, which may have been read.
  func isRefusedUnread(_ code: CURLcode) -> Bool {
    guard code == CURLE_SEND_ERROR, reader.isEmpty, let submission, let channel,
      channel.hasHTTP2(submission.request.url.origin)
    else { return false }
    return String(cString: errorText).hasPrefix(Self.gaveUp)
  }

  /// Whether all of the request was handed to the network.
  var isRequestSent: Bool {
    guard let submission, ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T) > 0 else { return false }
    return ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T) >= Int64(submission.request.body.count)
  }

  var isHTTP2: Bool { ccurl_get_long(easy, CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) }

  private func setHeaders(_ headers: [HTTPHeader], _ options: inout EasyOptions) {
    // No "Expect: 100-continue": it costs a second on a receiver that does not know it.
    var lines = curl_slist_append(nil, "Expect:")
    for header in headers {
      guard let longer = curl_slist_append(lines, header.line) else {
        curl_slist_free_all(lines)
        return options.fail(CURLE_OUT_OF_MEMORY)
      }
      lines = longer
    }
    options.setHeaders(lines)
    curl_slist_free_all(headerLines)
    headerLines = lines
  }

  private func setResolvedNames(_ names: [String], _ options: inout EasyOptions) {
    curl_slist_free_all(resolvedNames)
    resolvedNames = names.reduce(nil) { curl_slist_append($0, $1) }
    if resolvedNames != nil { options.setResolve(resolvedNames) }
  }

  private func applyCallbacks(_ options: inout EasyOptions) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    options.check(ccurl_set_pointer(easy, CURLOPT_PRIVATE, context))
    options.check(ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText)))
    options.check(ccurl_set_header(easy, onHeader, context))
    options.check(ccurl_set_write(easy, onBody, context))
    options.check(ccurl_set_open_socket(easy, onOpenSocket, context))
    options.check(ccurl_set_pre_request(easy, onPreRequest, context))
    // A connection outlives the exchange that opened it, so this one gets what outlives every connection.
    options.check(ccurl_set_close_socket(easy, onCloseSocket, Unmanaged.passUnretained(poller).toOpaque()))
  }

  /// Opens the socket, unless the address is refused. libcurl then tries the host's next address.
  fileprivate func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
    var bytes: (UInt64, UInt64) = (0, 0)
    let allowed = withUnsafeMutableBytes(of: &bytes) { buffer -> Bool in
      guard let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
      let count = Int(ccurl_address_bytes(address, start))
      return permits(IPAddress(bytes: buffer.prefix(count)))
    }
    guard allowed else { return CURL_SOCKET_BAD }
    let socket = ccurl_open_socket(address)
    if socket >= 0 { poller.opened(socket) }
    return socket
  }

  /// Whether the session may reach an address; notes why not. Something that is no IP address is refused.
  fileprivate func permits(_ address: IPAddress?) -> Bool {
    guard let address, let submission else {
      refusal = "not an IP address"
      return false
    }
    guard let reason = submission.session.settings.addresses.refusal(of: address) else { return true }
    refusal = "\(address) (\(reason))"
    return false
  }
}

// What libcurl calls, on the I/O thread, within a call into the multi handle. The loop keeps every exchange alive that
// libcurl knows of.

private func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange? {
  context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

private func onHeader(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let exchange = exchange(context) else { return 0 }
  return exchange.reader.header(UnsafeRawBufferPointer(start: data, count: size &* count)) ? size &* count : 0
}

private func onBody(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let exchange = exchange(context) else { return 0 }
  return exchange.reader.body(UnsafeRawBufferPointer(start: data, count: size &* count)) ? size &* count : 0
}

private func onOpenSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let exchange = exchange(context), let address else { return CURL_SOCKET_BAD }
  return exchange.openSocket(address)
}

private func onPreRequest(
  _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
  _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
  guard let exchange = exchange(context), let remote, exchange.permits(IPAddress(cString: remote)) else {
    return CURL_PREREQFUNC_ABORT
  }
  return CURL_PREREQFUNC_OK
}

private func onCloseSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  guard let context else { return 1 }
  return Unmanaged<Poller>.fromOpaque(context).takeUnretainedValue().close(socket)
}
