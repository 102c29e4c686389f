/// The shell script that runs a page, marking where each command's output begins and how it ended.
struct PageScript {
  static let mark = "@@carillon-docs"
  /// How long a receiver may take until it listens, and its lines until they come, in tenths of a second.
  static let patience = 300

  let page: DocPage
  /// Ports and places as the page names them, and those to take instead.
  let instead: [String: String]

  var text: String {
    var script = """
      set -u
      trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
      await() { for _ in $(seq \(Self.patience)); do "$@" 2>/dev/null && return 0; sleep 0.1; done; return 1; }
      opens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

      """
    for (index, step) in page.steps.enumerated() { script += lines(step, index) }
    for (index, step) in page.steps.enumerated() { script += ending(step, index) }
    return script
  }

  private func lines(_ step: DocPage.Step, _ index: Int) -> String {
    switch step {
    case .file(let name, let text): return "cat >\(name) <<'@@end'\n\(ported(text))@@end\n"
    case .command(let command, _):
      return "echo '\(Self.mark) \(index)'\n{ \(ported(command))\n} </dev/null 2>&1\necho \"\(Self.mark) exit $?\"\n"
    case .beside(let command, let prints):
      // With "exec" the shell's child is the program itself, so that it is ended with the page.
      return "{ exec \(ported(command))\n} </dev/null >beside-\(index).txt 2>&1 &\n"
        + waits(for: ported(command), prints, index)
    }
  }

  /// Until it listens; of a program that names no port, until its first line is there.
  private func waits(for command: String, _ prints: [String], _ index: Int) -> String {
    let ports = Self.listens(command)
    let waits = ports.isEmpty ? prints.prefix(1).map { printed($0, index) } : ports.map { "await opens \($0)" }
    return waits.map { "\($0) || echo '\(Self.mark) \(index) never listened'\n" }.joined()
  }

  private func printed(_ line: String, _ index: Int) -> String {
    let expression = PageCheck.expression(ported(line)).replacing("'", with: "'\\''")
    return "await grep -qE -e '\(expression)' beside-\(index).txt"
  }

  /// What a command beside the others printed, once its lines are there or patience is over.
  private func ending(_ step: DocPage.Step, _ index: Int) -> String {
    guard case .beside(_, let prints) = step else { return "" }
    let waits = prints.map { printed($0, index) + "\n" }
    return waits.joined() + "echo '\(Self.mark) \(index)'\ncat beside-\(index).txt\necho '\(Self.mark) exit 0'\n"
  }

  private func ported(_ text: String) -> String {
    instead.reduce(text) { $0.replacing($1.key, with: $1.value) }
  }

  /// The ports that a receiver's flags name.
  private static func listens(_ command: String) -> [Int] {
    let words = command.split { $0 == " " || $0 == "\n" || $0 == "=" }
    return zip(words, words.dropFirst()).compactMap { ["--port", "--smtp"].contains($0) ? Int($1) : nil }
  }
}
