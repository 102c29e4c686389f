/// A page of the documentation, as far as it can be run.
struct DocPage: Equatable {
  /// One thing to do, in the page's order.
  enum Step: Equatable {
    /// A file to be written.
    case file(name: String, text: String)
    /// A command, and what it prints among other lines.
    case command(String, prints: [String])
    /// A command that goes on beside the others.
    case beside(String, prints: [String])
  }

  var steps: [Step] = []
  /// Whether it begins with nothing but an installation: no agent runs, and `ctl` knows none.
  var isFromNothing = false

  /// Reads Markdown; what is in no block that runs is left out.
  init(_ markdown: String) {
    isFromNothing = markdown.contains("<!-- from nothing -->")
    var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.popFirst() {
      guard line.hasPrefix("```"), line.count > 3 else { continue }
      var block: [String] = []
      while let next = lines.popFirst(), next != "```" { block.append(next) }
      add(block, info: line.dropFirst(3).split(separator: " ").map(String.init))
    }
  }

  private mutating func add(_ block: [String], info: [String]) {
    if let name = info.dropFirst().first(where: { $0.hasPrefix("file=") })?.dropFirst(5) {
      steps.append(.file(name: String(name), text: block.joined(separator: "\n") + "\n"))
    } else if info.first == "console" {
      for (command, prints) in Self.commands(block) {
        steps.append(info.contains("other") ? .beside(command, prints: prints) : .command(command, prints: prints))
      }
    }
  }

  /// A command goes on in the next line when it ends with a backslash.
  private static func commands(_ block: [String]) -> [(String, [String])] {
    var found: [(command: String, prints: [String])] = []
    var isOpen = false
    for line in block {
      if isOpen, let last = found.indices.last {
        found[last].command += "\n" + line
        isOpen = line.hasSuffix("\\")
      } else if line.hasPrefix("$ ") {
        found.append((String(line.dropFirst(2)), []))
        isOpen = line.hasSuffix("\\")
      } else if let last = found.indices.last, !line.isEmpty {
        found[last].prints.append(line)
      }
    }
    return found
  }
}
