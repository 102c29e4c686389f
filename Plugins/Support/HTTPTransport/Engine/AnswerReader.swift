/// Reads an answer as it comes: status, the few fields that are wanted, a bounded body.
struct AnswerReader {
  private static let retryAfterName: StaticString = "retry-after:"
  private static let contentLengthName: StaticString = "content-length:"
  private static let rateLimitPrefix: StaticString = "x-ratelimit-"
  private static let maximumFieldBytes = 256
  private static let maximumRateLimitFields = 16

  /// The last status line's; 0 before one.
  private(set) var status = 0
  /// Whether the header block of a final answer (200 or more) is complete.
  private(set) var isComplete = false
  private(set) var retryAfter: String?
  private(set) var rateLimit: [String: String] = [:]
  private(set) var body: [UInt8] = []
  private(set) var isHeaderTooLarge = false
  private(set) var isBodyTooLarge = false
  private var headerBytes = 0
  private var contentLength: Int?

  /// Whether nothing can follow: a status that has no body (RFC 9110, sections 15.3.5 and 15.4.5), or all of a
  /// body whose length was told.
  var isWhole: Bool { isComplete && (status == 204 || status == 304 || contentLength == body.count) }

  /// Whether nothing came.
  var isEmpty: Bool { headerBytes == 0 }

  /// One line of the header block, line end included. False: too much, stop.
  mutating func header(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= HTTPTransport.maximumHeaderBytes else {
      isHeaderTooLarge = true
      return false
    }
    // What follows a complete block are trailers.
    if isComplete { return true }
    if let status = Self.status(line) {
      self.status = status
      retryAfter = nil
      rateLimit = [:]
      contentLength = nil
    } else if line.first == 0x0D || line.first == 0x0A {
      isComplete = status >= 200
    } else if let value = Self.value(line, of: Self.retryAfterName) {
      retryAfter = value
    } else if let value = Self.value(line, of: Self.contentLengthName) {
      contentLength = Int(String(value.filter { $0 != " " }))
    } else if let field = Self.value(line, of: Self.rateLimitPrefix) {
      keepRateLimit(field)
    }
    return true
  }

  private mutating func keepRateLimit(_ field: String) {
    let parts = field.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, rateLimit.count < Self.maximumRateLimitFields else { return }
    rateLimit[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
  }

  /// A piece of the body. False: too much, stop.
  mutating func body(_ piece: UnsafeRawBufferPointer) -> Bool {
    let room = HTTPTransport.maximumAnswerBytes - body.count
    body.append(contentsOf: piece.prefix(room))
    if piece.count > room { isBodyTooLarge = true }
    return !isBodyTooLarge
  }

  /// The number in `HTTP/1.1 204 No Content`, `HTTP/2 204`; nil for another line.
  private static func status(_ line: UnsafeRawBufferPointer) -> Int? {
    guard line.count >= 10, line[0] == 0x48, line[1] == 0x54, line[2] == 0x54, line[3] == 0x50, line[4] == 0x2F,
      let space = line.firstIndex(of: 0x20), line.count >= space + 4
    else { return nil }
    var number = 0
    for byte in line[(space + 1)..<(space + 4)] {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  private static func value(_ line: UnsafeRawBufferPointer, of name: StaticString) -> String? {
    let length = name.utf8CodeUnitCount
    guard line.count > length, line.count <= maximumFieldBytes else { return nil }
    for index in 0..<length where line[index] | 0x20 != name.utf8Start[index] | 0x20 { return nil }
    return String(decoding: line[length...].filter { $0 >= 0x20 }, as: UTF8.self)
  }
}
