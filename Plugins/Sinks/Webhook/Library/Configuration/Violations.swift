import PluginKit0

/// Collects the faults of a configuration.
struct Violations {
  private(set) var all: [PluginError.Violation] = []

  mutating func add(_ pointer: String, _ code: String, _ message: String) {
    all.append(.init(pointer: pointer, code: code, message: message))
  }

  /// A member's name in a JSON Pointer (RFC 6901, section 3).
  static func escaped(_ name: String) -> String {
    var text = ""
    for character in name {
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.append(character)
      }
    }
    return text
  }
}
