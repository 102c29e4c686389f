import ArgumentParser
import AuthorDesk

/// `ctl plugin run` around the process that the plugin runs in.
struct RunChild {
  let command: PluginRun

  /// Runs it, and ends as it ended; a crash is the plugin's.
  func perform() throws {
    let name = CommandLine.arguments.first ?? "ctl"
    let end: ChildProgram.End
    do throws(DeskError) { end = try ChildProgram.run(arguments, name: name) } catch {
      throw CtlError(.failed, error.message)
    }
    let line = ([name] + arguments).map(Self.quoted).joined(separator: " ")
    switch end {
    case .exited(0): return
    case .exited(let status): throw ExitCode(status)
    case .left(let status):
      throw CtlError(
        .failed, "the plugin ended the process, with status \(status): a plugin answers, and never ends its host",
        hint: "see where: gdb -ex 'break _exit' -ex run -ex bt --args \(line)")
    case .killed(let signal):
      throw CtlError(
        .failed, "the plugin crashed: \(ChildProgram.signalName(signal))",
        hint: "see where: gdb -ex run -ex bt --args \(line)")
    }
  }

  /// The same command line, for the process that the plugin runs in.
  var arguments: [String] {
    var words = ["plugin", "run", "--here"]
    for (option, value) in [
      ("config", command.config), ("events", command.events), ("definition", command.definition),
      ("user", command.user), ("from", command.from),
    ] {
      if let value { words += ["--\(option)=\(value)"] }
    }
    words += ["--batch=\(command.batch)", "--zone=\(command.zone)", "--count=\(command.count)"]
    words += ["--limit=\(command.limit.milliseconds)ms"]
    if command.render { words += ["--render"] }
    if command.verbose { words += ["--verbose"] }
    words += ["--output=\(command.output.output.rawValue)", "--color=\(command.output.color.rawValue)"]
    return words + ["--", command.file]
  }

  /// As a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { Byte.isLetter($0) || Byte.isDigit($0) || "-_./=:,+@".utf8.contains($0) }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
