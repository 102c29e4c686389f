import CCurl

/// How libcurl's end of an exchange reads. Once a whole header block came, the status decides.
enum ExchangeResult {
  static func of(_ exchange: Exchange, _ code: CURLcode) -> HTTPResult {
    if exchange.reader.isComplete { return .answer(answer(exchange, end: end(exchange.reader, code))) }
    return .failure(
      HTTPFailure(
        reason(exchange, code), requestSent: exchange.isRequestSent && !exchange.isRefusedUnread(code),
        detail: exchange.refusal.map { "the address \($0) must not be reached" } ?? text(code)))
  }

  static func ofCancelled(_ exchange: Exchange) -> HTTPResult {
    if exchange.reader.isComplete { return .answer(answer(exchange, end: .cancelled)) }
    return .failure(HTTPFailure(.cancelled, requestSent: exchange.isRequestSent))
  }

  static func text(_ code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }

  private static func answer(_ exchange: Exchange, end: HTTPAnswer.End) -> HTTPAnswer {
    let reader = exchange.reader
    return HTTPAnswer(
      status: reader.status, retryAfter: reader.retryAfter, rateLimit: reader.rateLimit, body: reader.body, end: end,
      isHTTP2: exchange.isHTTP2)
  }

  private static func end(_ reader: AnswerReader, _ code: CURLcode) -> HTTPAnswer.End {
    if reader.isBodyTooLarge { return .tooLarge }
    // An HTTP/2 server that needs no more of the request resets the stream after its answer (RFC 9113, section 8.1).
    if reader.isWhole { return .complete }
    switch code {
    case CURLE_OK: return .complete
    case CURLE_OPERATION_TIMEDOUT: return .timedOut
    default: return .broken
    }
  }

  private static func reason(_ exchange: Exchange, _ code: CURLcode) -> HTTPFailure.Reason {
    if exchange.reader.isHeaderTooLarge { return .headersTooLarge }
    switch code {
    case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK:
      return exchange.refusal == nil ? .connect : .addressRefused
    case CURLE_COULDNT_RESOLVE_HOST: return .resolve
    case CURLE_OPERATION_TIMEDOUT: return .timeout
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED: return .tls
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE: return .certificate
    case CURLE_SSL_CERTPROBLEM: return .clientCertificate
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .broken
    // An answer of another protocol, such as HTTP/0.9, counts as unsupported; so does a header with no colon.
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_OK: return .malformed
    default: return .internal
    }
  }
}
