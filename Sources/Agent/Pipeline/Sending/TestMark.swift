import EventModel

/// How people and receivers see that a message is a test.
enum TestMark {
  /// What its title begins with.
  static let prefix = "[Test] "
  /// The longest title that the host takes from an event type, in bytes: no sink is handed a longer one.
  static let longestTitle = 1_024

  /// The message of a test run: marked once, its title no longer than others may be.
  static func mark(_ message: Message) -> Message {
    guard !message.title.hasPrefix(prefix) else { return message }
    var marked = message
    marked.title = bounded(prefix + message.title, toBytes: longestTitle)
    return marked
  }

  private static func bounded(_ title: String, toBytes limit: Int) -> String {
    guard title.utf8.count > limit else { return title }
    let ellipsis = "\u{2026}"
    var short = ""
    var left = limit - ellipsis.utf8.count
    for character in title {
      left -= character.utf8.count
      if left < 0 { break }
      short.append(character)
    }
    return short + ellipsis
  }
}
