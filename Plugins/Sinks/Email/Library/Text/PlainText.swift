/// What HTML says, as text for readers without HTML: paragraphs, lists, and where links lead. No more than that.
struct PlainText {
  private static let paragraphs: Set<String> = [
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr", "dl",
  ]
  private static let lines: Set<String> = [
    "div", "tr", "section", "article", "header", "footer", "dt", "dd", "address", "figure", "form", "body", "li",
  ]
  private static let linkSchemes = ["http://", "https://", "mailto:"]

  private var output = ""
  /// What must come before the next word.
  private var pendingBreaks = 0
  private var isSpacePending = false
  /// Where a link leads, and behind how many bytes its text begins.
  private var link: (target: String, start: Int)?

  /// Without line ends at its ends; empty when the HTML says nothing.
  static func text(_ html: String) -> String {
    var reader = PlainText()
    var scanner = HTMLScanner(html)
    while let piece = scanner.next() { reader.add(piece) }
    reader.endLink()
    return reader.output
  }

  private mutating func add(_ piece: HTMLScanner.Piece) {
    switch piece {
    case .text(let text): say(HTMLEntities.decoded(text))
    case .open("br", _): pendingBreaks += output.isEmpty ? 0 : 1
    case .open("li", _):
      lineEnds(1)
      append("- ")
    case .open("a", let target):
      endLink()
      beginLink(target)
    case .open("img", let words): say(words)
    case .open("td", _), .open("th", _): isSpacePending = true
    case .close("a"): endLink()
    case .open(let name, _), .close(let name):
      if Self.paragraphs.contains(name) { lineEnds(2) } else if Self.lines.contains(name) { lineEnds(1) }
    }
  }

  /// At least so many line ends before what follows.
  private mutating func lineEnds(_ count: Int) {
    if !output.isEmpty { pendingBreaks = max(pendingBreaks, count) }
  }

  /// White space of any length is one space.
  private mutating func say(_ text: String) {
    for word in text.split(omittingEmptySubsequences: false, whereSeparator: Self.isSpace) {
      if !word.isEmpty { append(word) }
      isSpacePending = true
    }
    // Behind the last word there is a space only if one was written.
    isSpacePending = text.last.map(Self.isSpace) ?? isSpacePending
  }

  private mutating func append(_ word: some StringProtocol) {
    if pendingBreaks > 0 {
      output += String(repeating: "\n", count: min(pendingBreaks, 2))
    } else if isSpacePending, output.last.map({ !$0.isWhitespace }) ?? false {
      output += " "
    }
    pendingBreaks = 0
    isSpacePending = false
    output += word
  }

  private mutating func beginLink(_ target: String) {
    let target = target.trimmed
    let isShown = Self.linkSchemes.contains { target.lowercased().hasPrefix($0) }
    if isShown, !target.contains(where: \.isWhitespace) { link = (target, output.utf8.count) }
  }

  private mutating func endLink() {
    guard let (target, start) = link else { return }
    link = nil
    let words = output[output.utf8.index(output.startIndex, offsetBy: start)...].trimmed(\.isWhitespace)
    let shown = target.lowercased().hasPrefix("mailto:") ? String(target.dropFirst(7)) : target
    guard words != shown, words != target else { return }
    isSpacePending = !words.isEmpty || isSpacePending
    append(words.isEmpty ? shown : "(\(shown))")
  }

  /// Of HTML: not the no-break space.
  private static func isSpace(_ character: Character) -> Bool { character.isWhitespace && character != "\u{A0}" }
}

extension Substring {
  fileprivate func trimmed(_ isSpace: (Character) -> Bool) -> Substring {
    var rest = drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}
