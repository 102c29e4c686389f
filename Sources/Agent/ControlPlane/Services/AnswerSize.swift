import EventModel
import Store

/// What knows about how much of an answer it fills.
protocol Sizable: Sendable {
  /// Bytes on the wire, roughly and rather too many.
  var answerBytes: Int { get }
}

extension Environment {
  /// The most that a page fills: clients take messages of 4 MiB by default.
  static let maximumAnswerBytes = 3 * 1_024 * 1_024

  /// A page of what may be large, with fewer items than asked for where those would not fit (google.aip.dev/158 lets a
  /// page be shorter than its size).
  func page<Item: Sizable>(
    _ request: PageRequest, _ list: (PageRequest) async throws -> Page<Item>
  ) async throws -> Page<Item> {
    var request = request
    while true {
      let page = try await list(request)
      let bytes = page.items.reduce(0) { $0 + $1.answerBytes }
      guard bytes > Self.maximumAnswerBytes, page.items.count > 1 else { return page }
      request.size = max(1, min(page.items.count - 1, page.items.count * Self.maximumAnswerBytes / bytes))
    }
  }
}

/// Room for names, times, and what frames each field.
private let frameBytes = 256
/// Room for what frames each entry of a map.
private let entryBytes = 16
/// A Struct frames each value more than JSON does; at worst an empty object in a list: 3 bytes become 8.
private let structFactor = 4

extension User: Sizable {
  var answerBytes: Int {
    let texts = [id, displayName, givenName, familyName, nickname, locale, timeZone]
    let maps = [dates, addresses, attributes]
    return frameBytes + texts.reduce(0) { $0 + $1.utf8.count }
      + maps.reduce(0) { sum, map in
        map.reduce(sum) { $0 + $1.key.utf8.count + $1.value.utf8.count + entryBytes }
      }
  }
}

extension Schedule: Sizable {
  var answerBytes: Int { frameBytes + structFactor * definitionJSON.utf8.count + planError.utf8.count }
}

extension Sink: Sizable {
  var answerBytes: Int { frameBytes + structFactor * configurationJSON.utf8.count + (disabledReason?.utf8.count ?? 0) }
}

extension PluginLogLine: Sizable {
  var answerBytes: Int {
    fields.reduce(frameBytes + instance.utf8.count + message.utf8.count) {
      $0 + $1.key.utf8.count + $1.value.utf8.count + entryBytes
    }
  }
}
