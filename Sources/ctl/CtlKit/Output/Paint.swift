/// What a piece of text means; the colour follows.
enum Style: Sendable {
  case heading
  case good
  case warning
  case bad
  case faint
}

/// Colours text for a terminal, or leaves it alone.
struct Paint: Sendable {
  var isOn: Bool

  static let off = Paint(isOn: false)

  func callAsFunction(_ text: String, _ style: Style?) -> String {
    guard isOn, let style else { return text }
    return "\u{1B}[\(code(style))m\(text)\u{1B}[0m"
  }

  private func code(_ style: Style) -> String {
    switch style {
    case .heading: "1"
    case .good: "32"
    case .warning: "33"
    case .bad: "31"
    case .faint: "2"
    }
  }
}

/// When to colour.
enum ColourChoice: String, Sendable, CaseIterable {
  case auto
  case always
  case never

  /// `auto`: on a terminal that is not dumb, unless NO_COLOR is set and not empty (no-color.org).
  func isOn(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
  }
}
