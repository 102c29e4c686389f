/// The forms in which `ctl` writes what it found. Only data goes to standard output.
enum OutputFormat: String, Sendable, CaseIterable {
  /// Columns for people.
  case table
  /// The same, with all columns.
  case wide
  /// Ids alone, one a line.
  case name
  /// One JSON document.
  case json
  /// One JSON document a line.
  case jsonl
  case yaml

  /// True where errors are written for programs too.
  var isForPrograms: Bool { self == .json || self == .jsonl }

  /// What a command line asks for, read before it is parsed: a wrong command line is answered in
  /// the form that was asked for, too.
  static func requested(in arguments: [String]) -> OutputFormat {
    var previous = ""
    for argument in arguments {
      if argument == "--" { break }
      let value: Substring? =
        if previous == "-o" || previous == "--output" {
          argument[...]
        } else if argument.hasPrefix("--output=") {
          argument.dropFirst("--output=".count)
        } else if argument.hasPrefix("-o"), argument.count > 2 {
          argument.dropFirst(argument.hasPrefix("-o=") ? 3 : 2)
        } else {
          nil
        }
      if let value, let format = OutputFormat(rawValue: String(value)) { return format }
      previous = argument
    }
    return .table
  }
}
