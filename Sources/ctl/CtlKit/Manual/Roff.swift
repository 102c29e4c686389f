/// Text for roff, as groff_man(7) and groff_char(7) want it.
enum Roff {
  /// A piece of a line: what roff would act on, or draw as another sign, stands as itself.
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\"": result += "\\(dq"
      case " "..."~": result.unicodeScalars.append(scalar)
      case "\t": result += " "
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      }
    }
    return result
  }

  /// A whole line of text, which must not look like a request.
  static func line(_ text: String) -> String {
    let escaped = self.text(text)
    return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
  }

  static func bold(_ text: String) -> String { "\\fB\(self.text(text))\\fR" }
  static func italic(_ text: String) -> String { "\\fI\(self.text(text))\\fR" }

  /// Lines as they are, in letters of one width.
  static func verbatim(_ lines: [String]) -> [String] {
    // An empty line within is a request of its own for some readers.
    [".IP", ".EX"] + lines.map { $0.isEmpty ? "\\&" : line($0) } + [".EE", ".PP"]
  }
}
