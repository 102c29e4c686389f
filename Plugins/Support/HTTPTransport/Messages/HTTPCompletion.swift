/// How one request ended.
public struct HTTPCompletion: Sendable, Hashable {
  /// The request's.
  public let token: UInt64
  /// How it ended.
  public let result: HTTPResult

  /// The end of a request.
  public init(token: UInt64, result: HTTPResult) {
    self.token = token
    self.result = result
  }
}

/// An answer, or why there is none.
public enum HTTPResult: Sendable, Hashable {
  /// A status and a whole header block came.
  case answer(HTTPAnswer)
  /// They did not.
  case failure(HTTPFailure)
}

/// What the other side said.
public struct HTTPAnswer: Sendable, Hashable {
  /// What became of the body. Only `complete` leaves the connection fit for use.
  public enum End: String, Sendable, Hashable {
    /// All of it came.
    case complete
    /// It went beyond what is kept.
    case tooLarge = "too-large"
    /// It took too long.
    case timedOut = "timed-out"
    /// The connection broke.
    case broken
    /// The caller cancelled meanwhile.
    case cancelled
  }

  /// 200 to 599 as a rule; always 200 or more.
  public var status: Int
  /// The field's value as it came; nil without one.
  public var retryAfter: String?
  /// The fields `X-RateLimit-…` as they came, by the rest of their name in lower case: `reset-after`.
  public var rateLimit: [String: String]
  /// At most ``HTTPTransport/maximumAnswerBytes`` of it.
  public var body: [UInt8]
  /// What became of the rest.
  public var end: End
  /// Whether HTTP/2 carried it.
  public var isHTTP2: Bool

  /// An answer.
  public init(
    status: Int, retryAfter: String? = nil, rateLimit: [String: String] = [:], body: [UInt8] = [],
    end: End = .complete, isHTTP2: Bool = false
  ) {
    self.status = status
    self.retryAfter = retryAfter
    self.rateLimit = rateLimit
    self.body = body
    self.end = end
    self.isHTTP2 = isHTTP2
  }
}

/// Why there is no answer.
public struct HTTPFailure: Sendable, Hashable {
  /// What went wrong.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The host's name has no address.
    case resolve
    /// Nothing answers there.
    case connect
    /// The address is one that this session may not reach.
    case addressRefused = "address-refused"
    /// TLS was not agreed on.
    case tls
    /// The certificate is not one we trust.
    case certificate
    /// Our own certificate or its key cannot be used.
    case clientCertificate = "client-certificate"
    /// Time ran out; `requestSent` tells on which side.
    case timeout
    /// Time ran out while the request waited for its place.
    case deadline
    /// The connection broke.
    case broken
    /// What came is not HTTP.
    case malformed
    /// The header block is over its bound.
    case headersTooLarge = "headers-too-large"
    /// The caller cancelled, or the transport shut down.
    case cancelled
    /// libcurl would not take the request, or failed otherwise.
    case `internal`
  }

  /// What went wrong.
  public var reason: Reason
  /// Whether all of the request was handed to the network: the other side may have it.
  public var requestSent: Bool
  /// For people.
  public var detail: String

  /// A failure.
  public init(_ reason: Reason, requestSent: Bool = false, detail: String = "") {
    self.reason = reason
    self.requestSent = requestSent
    self.detail = detail
  }
}
