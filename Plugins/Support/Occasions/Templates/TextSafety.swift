extension String {
  /// Escaped for HTML, in text and in quoted attributes: the five characters of the OWASP rule 1, by code point.
  public var escapedForHTML: String {
    guard utf8.contains(where: { Self.special.contains($0) }) else { return self }
    var output = ""
    output.reserveCapacity(utf8.count + 32)
    for scalar in unicodeScalars {
      switch scalar {
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "&": output += "&amp;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  private static let special: [UInt8] = Array(#"<>&"'"#.utf8)

  /// As HTML: a paragraph for each block of lines, a break for each line within one.
  public var asHTMLParagraphs: String {
    // Line breaks of ASCII, and the first bytes of NEL and of the line and paragraph separators.
    guard utf8.contains(where: { 0x0A...0x0D ~= $0 || $0 == 0xC2 || $0 == 0xE2 }) else {
      return isEmpty ? "" : "<p>\(escapedForHTML)</p>"
    }
    var paragraphs: [[Substring]] = [[]]
    for line in split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if !line.isEmpty {
        paragraphs[paragraphs.count - 1].append(line)
      } else if paragraphs.last?.isEmpty == false {
        paragraphs.append([])
      }
    }
    return paragraphs.filter { !$0.isEmpty }
      .map { "<p>\($0.map { String($0).escapedForHTML }.joined(separator: "<br>"))</p>" }.joined()
  }

  /// One line: each run of line breaks and other control characters becomes a space; spaces at the ends go.
  public var asOneLine: String {
    let isSpaceOutside = utf8.first == 0x20 || utf8.last == 0x20
    if !isSpaceOutside, utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return self }
    var output = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let isBreak = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x2029 ~= scalar.value
      let isSpace = isBreak || scalar == " "
      if isSpace, output.isEmpty || (isBreak && output.last == " ") { continue }
      output.append(isBreak ? " " : scalar)
    }
    while output.last == " " { output.removeLast() }
    return String(output)
  }

  /// At most so many bytes, cut between characters, with an ellipsis where something was cut.
  public func bounded(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: Swift.max(limit - 3, 0))
    // A code point may take four bytes: step back to where one begins.
    while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end]) + "…"
  }
}
