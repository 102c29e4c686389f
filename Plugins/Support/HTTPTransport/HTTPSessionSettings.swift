/// What the requests of one session have in common.
public struct HTTPSessionSettings: Sendable, Hashable {
  /// Allowed for ``connectTimeoutMilliseconds`` and ``timeoutMilliseconds``.
  public static let timeoutRange = 1...600_000
  /// Allowed for ``maximumPerOrigin``.
  public static let perOriginRange = 1...1_024

  /// Name resolution, TCP and TLS together.
  public var connectTimeoutMilliseconds = 5_000
  /// The whole exchange, answer's body included, from the moment that it starts.
  public var timeoutMilliseconds = 15_000
  /// Slower than this, on average over ``lowSpeedSeconds``, ends the exchange.
  public var lowSpeedBytesPerSecond = 16
  /// See ``lowSpeedBytesPerSecond``. A receiver that thinks is as slow as one that dawdles, so this is also the longest
  /// silence.
  public var lowSpeedSeconds = 60
  /// Exchanges at the same time with one origin; so also connections.
  public var maximumPerOrigin = 64
  /// Which addresses may be reached.
  public var addresses = AddressPolicy.publicOnly
  /// A file of PEM certificates to trust instead of the system's; nil: the system's.
  public var certificateAuthorityFile: String?
  /// Who we are towards a server that asks for a certificate; nil: nobody.
  public var clientIdentity: HTTPClientIdentity?
  /// Whether HTTP/2 is used where a server offers it (ALPN); otherwise HTTP/1.1 always.
  public var allowsHTTP2 = true
  /// Addresses for names, instead of the resolver's, as `CURLOPT_RESOLVE` has them: `name:port:address`. For tests of
  /// names that resolve to what must not be reached.
  var resolvedNames: [String] = []

  /// The defaults.
  public init() {}

  func validate() throws(HTTPTransportError) {
    try Self.check("connectTimeoutMilliseconds", connectTimeoutMilliseconds, Self.timeoutRange)
    try Self.check("timeoutMilliseconds", timeoutMilliseconds, Self.timeoutRange)
    try Self.check("lowSpeedBytesPerSecond", lowSpeedBytesPerSecond, 0...1_048_576)
    try Self.check("lowSpeedSeconds", lowSpeedSeconds, 0...600)
    try Self.check("maximumPerOrigin", maximumPerOrigin, Self.perOriginRange)
  }

  private static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(HTTPTransportError) {
    guard range ~= value else {
      throw HTTPTransportError(
        .invalidSetting, "\(name) is \(value); allowed are \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
