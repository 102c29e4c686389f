/// HTML of a text: a paragraph for each block of lines, a break for each line within one.
enum HTMLText {
  static func html(_ text: String) -> String {
    var output = ""
    var isOpen = false
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.allSatisfy(\.isWhitespace) {
        if isOpen { output += "</p>\n" }
        isOpen = false
      } else {
        output += isOpen ? "<br>\n" : "<p>"
        output += escaped(line)
        isOpen = true
      }
    }
    return isOpen ? output + "</p>" : output
  }

  /// By code point: a combining mark behind a `<` must not hide it.
  private static func escaped(_ text: Substring) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": output.append(contentsOf: "&lt;".unicodeScalars)
      case ">": output.append(contentsOf: "&gt;".unicodeScalars)
      case "&": output.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": output.append(contentsOf: "&quot;".unicodeScalars)
      case "'": output.append(contentsOf: "&#39;".unicodeScalars)
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
