import PluginKit0

/// When a mail has an HTML part. It always has text.
enum HTMLPolicy: String, Sendable, Hashable, CaseIterable {
  /// Where the event has HTML.
  case given
  /// That, and made from the text where the event has none.
  case fromText = "from-text"
  /// Text alone.
  case never

  /// What is sent.
  struct Parts: Equatable {
    var text: String
    /// Nil: none.
    var html: String?
  }

  func parts(of message: Message) -> Parts {
    let text = Self.text(of: message)
    let html: String? =
      switch self {
      case .never: nil
      case .given: message.html.isEmpty ? nil : message.html
      case .fromText: message.html.isEmpty ? HTMLText.html(text) : message.html
      }
    return Parts(text: text, html: html)
  }

  /// Never a mail without words, which looks broken: what the HTML says, else the title.
  private static func text(of message: Message) -> String {
    guard message.text.isEmpty else { return message.text }
    let read = message.html.isEmpty ? "" : PlainText.text(message.html)
    return read.isEmpty ? message.title : read
  }
}
