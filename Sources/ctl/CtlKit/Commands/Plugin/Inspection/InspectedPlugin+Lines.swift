import PluginFile

extension InspectedPlugin {
  /// Most names of a list that people are shown.
  private static let maximumNames = 20

  /// For people.
  func lines(_ printer: Printer, schemas: Bool) -> [String] {
    let paint = printer.paint
    var lines = [paint(Printable.escaped(path), .heading)]
    lines += printer.lines(Table(columns: [.init(""), .init("")], rows: facts)).dropFirst()
    lines += warnings.map { paint("warning:", .warning) + " " + Printable.escaped($0) }
    if case .json(let value) = manifest {
      lines.append(paint("manifest, as its author says:", .heading))
      // JSON's own escapes keep control characters from the terminal.
      lines += (schemas ? value : Self.folded(value)).pretty.split(separator: "\n").map { String($0) }
    }
    return lines
  }

  private var facts: [[Table.Cell]] {
    let none = ValueText.none
    return [
      ["digest", .init(file.digest)],
      ["ABI", .init(file.abi.map { "\($0.major).\($0.minor)" } ?? none)],
      ["machine", .init(file.machine.description)],
      ["size", .init("\(file.size) bytes")],
      ["build id", .init(file.buildID ?? none)],
      ["exports", .init(Self.list(file.exports, of: file.exportCount))],
      ["needs", .init(Self.list(file.needed, of: file.needed.count))],
    ]
      + (file.runPaths.isEmpty
        ? [] : [["looks in", .init(Self.list(file.runPaths, of: file.runPaths.count), .warning)]])
  }

  private static func list(_ names: [String], of count: Int) -> String {
    guard count > 0 else { return ValueText.none }
    let shown = names.prefix(maximumNames)
    return shown.joined(separator: ", ") + (count > shown.count ? " and \(count - shown.count) more" : "")
  }

  /// With a line in place of each schema.
  private static func folded(_ manifest: JSONValue) -> JSONValue {
    guard case .object(let members) = manifest else { return manifest }
    return .object(
      members.map { name, value in
        guard name == "schemas", case .object(let schemas) = value else { return (name, value) }
        return (name, .object(schemas.map { ($0.0, .string(summary(of: $0.1))) }))
      })
  }

  private static func summary(of schema: JSONValue) -> String {
    guard case .object(let properties)? = schema["properties"], !properties.isEmpty else {
      return "no properties (--schemas shows it)"
    }
    let names = list(properties.map(\.0), of: properties.count)
    return "\(names) (--schemas shows \(properties.count == 1 ? "it" : "them"))"
  }
}
