/// What a command's help says in sentences, apart from its examples.
struct ManualProse: Sendable {
  /// A paragraph, or lines that stand as they are because they are indented.
  enum Block: Sendable, Equatable {
    case paragraph(String)
    case verbatim([String])
  }

  var description: [Block] = []
  var examples: [Block] = []

  init(_ discussion: String) {
    var isExample = false
    for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      if ["Example:", "Examples:"].contains(line) {
        isExample = true
      } else if isExample {
        Self.add(String(line), to: &examples)
      } else {
        Self.add(String(line), to: &description)
      }
    }
    (description, examples) = (Self.trimmed(description), Self.trimmed(examples))
  }

  /// An empty paragraph stands for an empty line until the end.
  private static func add(_ line: String, to blocks: inout [Block]) {
    if line.hasPrefix("  ") {
      let rest = String(line.dropFirst(2))
      if case .verbatim(let lines) = blocks.last {
        blocks[blocks.count - 1] = .verbatim(lines + [rest])
      } else {
        blocks.append(.verbatim([rest]))
      }
    } else if line.isEmpty {
      blocks.append(.paragraph(""))
    } else if case .paragraph(let text) = blocks.last, !text.isEmpty {
      blocks[blocks.count - 1] = .paragraph(text + " " + line)
    } else {
      blocks.append(.paragraph(line))
    }
  }

  private static func trimmed(_ blocks: [Block]) -> [Block] { blocks.filter { $0 != .paragraph("") } }

  static func lines(_ blocks: [Block]) -> [String] {
    blocks.enumerated().flatMap { index, block in
      switch block {
      case .paragraph(let text): (index == 0 ? [] : [".PP"]) + [Roff.line(text)]
      case .verbatim(let lines): Roff.verbatim(lines)
      }
    }
  }
}
