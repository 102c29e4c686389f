/// Compares what a page says with what its commands printed.
enum PageCheck {
  /// What is wrong, a sentence each; empty when all is as the page says.
  static func faults(of page: DocPage, output: String) -> [String] {
    var printed: [Int: [String]] = [:]
    var exits: [Int: String] = [:]
    var faults: [String] = []
    var current: Int?
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      guard line.hasPrefix(PageScript.mark) else {
        if let current { printed[current, default: []].append(line) }
        continue
      }
      let words = line.split(separator: " ").dropFirst()
      if words.first == "exit", let step = current {
        exits[step] = words.last.map(String.init)
        current = nil
      } else if let step = words.first.flatMap({ Int($0) }) {
        if words.count > 1 { faults.append("command \(step) \(words.dropFirst().joined(separator: " "))") }
        current = step
      }
    }
    for (index, step) in page.steps.enumerated() {
      switch step {
      case .file: continue
      case .command(let command, let prints), .beside(let command, let prints):
        faults += self.faults(command, prints, printed[index] ?? [], exit: exits[index])
      }
    }
    return faults
  }

  private static func faults(_ command: String, _ prints: [String], _ lines: [String], exit: String?) -> [String] {
    var faults: [String] = []
    if exit != "0" { faults.append("`\(command)` ended with \(exit ?? "nothing")") }
    var rest = lines[...]
    for line in prints {
      guard let expression = try? Regex(self.expression(line)),
        let place = rest.firstIndex(where: { $0.contains(expression) })
      else {
        faults.append("`\(command)` did not print “\(line)”")
        continue
      }
      rest = rest[(place + 1)...]
    }
    return faults.isEmpty ? [] : faults + ["it printed:\n" + lines.joined(separator: "\n")]
  }

  /// A line of a page as a POSIX extended regular expression, which Swift's Regex reads alike.
  static func expression(_ line: String) -> String {
    var result = ""
    var wasSpace = false
    for character in line {
      if character == " " {
        if !wasSpace { result += " +" }
        wasSpace = true
        continue
      }
      wasSpace = false
      switch character {
      case "…": result += ".*"
      case "\\", ".", "[", "]", "(", ")", "{", "}", "*", "+", "?", "^", "$", "|", "/": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}
