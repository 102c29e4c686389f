import EventModel
import Store

/// The token that a client brings back for the next page. It carries the store's own token and a mark of the listing it
/// belongs to, so that a token of one listing is refused by another one (google.aip.dev/158).
enum PageToken {
  /// Longest token, in bytes.
  static let maximumBytes = 2_048
  /// The page when the client names no size.
  static let standardSize = 100

  /// What the store is asked for.
  /// - Parameter listing: all that the listing depends on: its parent and its filters.
  static func request(size: Int32, token: String, listing: [String]) throws(ModelError) -> PageRequest {
    guard size >= 0 else { throw ModelError(field: "page_size", "must be 0 to \(PageRequest.maximumSize)") }
    let size = size == 0 ? standardSize : min(Int(size), PageRequest.maximumSize)
    guard !token.isEmpty else { return PageRequest(size: size) }
    let wrong = ModelError(field: "page_token", "is no token of this listing; start again without one")
    guard token.utf8.count <= maximumBytes, let inner = unwrap(token), inner.hasPrefix(mark(listing)) else {
      throw wrong
    }
    return PageRequest(size: size, token: String(inner.dropFirst(markLength)))
  }

  /// What the client is given; empty when there is no next page.
  static func token(next: String, listing: [String]) -> String {
    next.isEmpty ? "" : wrap(mark(listing) + next)
  }

  /// One page of a list that is in memory. Its token is the place of the first item of the next page.
  static func page<Item: Sendable>(of items: [Item], _ request: PageRequest) throws(ModelError) -> Page<Item> {
    guard let start = request.token.isEmpty ? 0 : Int(request.token), start >= 0 else {
      throw ModelError(field: "page_token", "is no token of this listing; start again without one")
    }
    let slice = items.dropFirst(start).prefix(request.size)
    let next = start + slice.count
    return Page(items: Array(slice), next: next < items.count ? String(next) : "")
  }

  private static let markLength = 16

  /// 64 bits of FNV-1a over the listing, in hexadecimal: a guard against mistakes, not against forgery.
  private static func mark(_ listing: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in listing.joined(separator: "\u{0}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: markLength - text.count) + text
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func wrap(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unwrap(_ token: String) -> String? {
    let nibbles = token.utf8.map { digits.firstIndex(of: $0) }
    guard nibbles.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: nibbles.count, by: 2) {
      guard let high = nibbles[index], let low = nibbles[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
