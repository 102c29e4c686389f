import ArgumentParser

/// Asks a person before something that cannot be taken back. Questions go to standard error: standard output is data.
struct Confirmation: ParsableArguments {
  @Flag(name: [.short, .long], help: "Do it without asking.") var yes = false

  /// Goes on when the answer is yes.
  func ask(_ question: String, _ around: Surroundings) throws(CtlError) {
    guard !yes else { return }
    let answer = try Self.answer("\(question) [y/N] ", around)
    guard ["y", "yes"].contains(answer.lowercased()) else { throw Self.refused }
  }

  /// Goes on when `word` was typed: for what must not happen by a slip of a finger.
  func askToType(_ word: String, _ question: String, _ around: Surroundings) throws(CtlError) {
    guard !yes else { return }
    guard try Self.answer("\(question) Type \(word) to go on: ", around) == word else { throw Self.refused }
  }

  private static let refused = CtlError(.failed, "not confirmed; nothing was changed")

  private static func answer(_ question: String, _ around: Surroundings) throws(CtlError) -> String {
    guard around.isInputTerminal else {
      throw CtlError(
        .invalidArgument, "this asks before it acts, and nobody is at the terminal", hint: "say so beforehand: --yes")
    }
    around.output.flush()
    around.errors.write(Printable.escaped(question))
    around.errors.flush()
    // A terminal hands over one line at a time.
    let line = try InputFile("-", surroundings: around).read().prefix { $0 != Byte.lineFeed }
    return String(decoding: line, as: UTF8.self).trimmingSpace
  }
}

extension String {
  /// Without spaces, tabs and carriage returns at both ends.
  var trimmingSpace: String {
    let isSpace = { (character: Character) in character == " " || character == "\t" || character == "\r" }
    var rest = self[...].drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }
}
