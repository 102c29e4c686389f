import ArgumentParser

/// A command as the argument parser describes it.
struct CommandInfo: Sendable {
  /// An argument or an option.
  struct Argument: Sendable {
    /// `-o`, `--output`; none for an argument by place.
    var names: [String]
    /// What its value is called; empty for a flag.
    var value: String
    var help: String
    /// Heading under which help shows it; empty: none.
    var section: String
    var isOptional: Bool
    var isRepeating: Bool
  }

  /// `["ctl", "queue", "update"]`
  var path: [String]
  var aliases: [String]
  var abstract: String
  var discussion: String
  var arguments: [Argument]
  var children: [CommandInfo]

  /// `ctl-queue-update`
  var page: String { path.joined(separator: "-") }

  /// This command and all below it.
  var all: [CommandInfo] { [self] + children.flatMap(\.all) }
}

extension CommandInfo {
  /// All commands of `ctl` that help shows.
  static func ctl() throws(CtlError) -> CommandInfo {
    let dump: JSONValue
    do { dump = try JSONValue(parsing: Ctl._dumpHelp().utf8) } catch {
      throw CtlError(.failed, "the commands cannot be described: \(error.reason)")
    }
    guard let command = dump["command"], let info = CommandInfo(command, above: []) else {
      throw CtlError(.failed, "the commands cannot be described: there are none")
    }
    return info
  }

  /// Nil for what help does not show, and for help itself.
  private init?(_ json: JSONValue, above: [String]) {
    guard let name = json["commandName"]?.text, json["shouldDisplay"]?.flag != false, name != "help" else { return nil }
    let own = above + [name]
    path = own
    aliases = json["aliases"]?.items.compactMap(\.text) ?? []
    abstract = json["abstract"]?.text ?? ""
    discussion = json["discussion"]?.text ?? ""
    arguments = json["arguments"]?.items.compactMap(Argument.init) ?? []
    children = json["subcommands"]?.items.compactMap { CommandInfo($0, above: own) } ?? []
  }
}

extension CommandInfo.Argument {
  fileprivate init?(_ json: JSONValue) {
    guard json["shouldDisplay"]?.flag != false, let kind = json["kind"]?.text else { return nil }
    names = (json["names"]?.items ?? []).compactMap { name in
      name["name"]?.text.map { (name["kind"]?.text == "long" ? "--" : "-") + $0 }
    }
    .sorted { ($0.hasPrefix("--") ? 1 : 0) < ($1.hasPrefix("--") ? 1 : 0) }
    value = kind == "flag" ? "" : json["valueName"]?.text ?? ""
    help = json["abstract"]?.text ?? ""
    section = json["sectionTitle"]?.text ?? ""
    isOptional = json["isOptional"]?.flag ?? false
    isRepeating = json["isRepeating"]?.flag ?? false
  }
}

extension JSONValue {
  fileprivate var flag: Bool? {
    guard case .bool(let flag) = self else { return nil }
    return flag
  }

  fileprivate var items: [JSONValue] {
    guard case .array(let items) = self else { return [] }
    return items
  }
}
