/// A manual page of one command, section 1, in the macros of man(7).
struct ManualPage: Sendable {
  let command: CommandInfo

  /// `ctl-queue-update.1`
  var file: String { command.page + ".1" }

  var text: String { lines.map { $0 + "\n" }.joined() }

  private var lines: [String] {
    var lines = [
      // No date: the same program makes the same pages.
      ".TH \(Roff.text(command.page.uppercased())) 1 \"\" \"ctl \(Version.text)\" \"Carillon\"",
      ".SH NAME", "\(Roff.text(command.page)) \\- \(Roff.text(command.abstract))",
      ".SH SYNOPSIS", synopsis,
    ]
    let prose = ManualProse(command.discussion)
    if !prose.description.isEmpty || !command.aliases.isEmpty {
      lines += [".SH DESCRIPTION"] + ManualProse.lines(prose.description)
      if !command.aliases.isEmpty {
        lines += [".PP", "Also: \(command.aliases.map(Roff.bold).joined(separator: ", "))"]
      }
    }
    if !prose.examples.isEmpty { lines += [".SH EXAMPLES"] + ManualProse.lines(prose.examples) }
    return lines + commands + places + options + exitStatus + seeAlso
  }

  private var synopsis: String {
    let name = Roff.bold(command.path.joined(separator: " "))
    guard command.children.isEmpty else { return "\(name) \(Roff.italic("command")) [\(Roff.italic("options"))]" }
    let places = command.arguments.filter(\.names.isEmpty).map { argument in
      let word = Roff.italic(argument.value) + (argument.isRepeating ? " ..." : "")
      return argument.isOptional ? "[\(word)]" : word
    }
    return ([name, "[\(Roff.italic("options"))]"] + places).joined(separator: " ")
  }

  private var commands: [String] {
    guard !command.children.isEmpty else { return [] }
    return [".SH COMMANDS"]
      + command.children.flatMap { [".TP", "\(Roff.bold($0.page))(1)", Roff.line($0.abstract)] }
  }

  private var places: [String] {
    let places = command.arguments.filter(\.names.isEmpty)
    guard !places.isEmpty else { return [] }
    return [".SH ARGUMENTS"] + places.flatMap { [".TP", Roff.italic($0.value), Self.help($0)] }
  }

  /// By their headings, those without one first.
  private var options: [String] {
    let options = command.arguments.filter { !$0.names.isEmpty }
    let sections = options.reduce(into: [String]()) { if !$0.contains($1.section) { $0.append($1.section) } }
    return sections.sorted { ($0.isEmpty ? 0 : 1) < ($1.isEmpty ? 0 : 1) }.flatMap { section in
      [".SH \(Roff.text(section.isEmpty ? "OPTIONS" : section.uppercased()))"]
        + options.filter { $0.section == section }.flatMap { option in
          let value = option.value.isEmpty ? "" : " " + Roff.italic(option.value)
          return [".TP", option.names.map(Roff.bold).joined(separator: ", ") + value, Self.help(option)]
        }
    }
  }

  private static func help(_ argument: CommandInfo.Argument) -> String {
    argument.help.isEmpty ? "\\&" : Roff.line(argument.help)
  }

  private var exitStatus: [String] {
    [".SH EXIT STATUS"]
      + ExitStatus.allCases.flatMap { [".TP", Roff.bold(String($0.rawValue)), Roff.line($0.meaning)] }
  }

  private var seeAlso: [String] {
    let above = command.path.indices.dropFirst().map { command.path.prefix($0).joined(separator: "-") }
    guard !above.isEmpty else { return [] }
    return [".SH SEE ALSO", above.map { "\(Roff.bold($0))(1)" }.joined(separator: ", ")]
  }
}
