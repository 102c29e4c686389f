/// What the columns of a table are, found by its first row.
struct CSVHeader: Sendable {
  /// One `--map TARGET=COLUMN`.
  struct Mapping: Sendable, Hashable {
    var target: ColumnTarget
    /// The header, or `#3` for the third column.
    var column: String
  }

  /// Number of its line.
  let line: Int
  /// Headers as they stand, for reports.
  let names: [String]
  /// What each column is taken as; nil: not at all.
  let targets: [ColumnTarget?]

  /// - Throws: invalidArgument, when a mapped column is not there, or none is known.
  init(_ row: CSVRow, mappings: [Mapping], source: String) throws(CtlError) {
    line = row.line
    if let fault = row.fault { throw CtlError(.invalidArgument, "\(source): line \(row.line): \(fault)") }
    var names: [String] = []
    for field in row.fields {
      guard let text = String(validating: field, as: UTF8.self), !field.contains(0) else {
        throw CtlError(
          .invalidArgument, "\(source): the header is not valid UTF-8 text",
          hint: "is it a table at all? A table of Outlook is read with --encoding windows-1252")
      }
      names.append(TextValue.singleLine(text))
    }
    var targets = names.map { ColumnTarget(header: $0) }
    for mapping in mappings {
      let index = try Self.index(of: mapping.column, in: names)
      // A column that is mapped stands for its target alone.
      for other in targets.indices where targets[other] == mapping.target { targets[other] = nil }
      targets[index] = mapping.target
    }
    for mapping in mappings { targets[try Self.index(of: mapping.column, in: names)] = mapping.target }
    guard targets.contains(where: { $0 != nil }) else {
      let shown = names.prefix(CSVLimits.maxNamedColumns).map { Excerpt.of($0) }.joined(separator: ", ")
      throw CtlError(
        .failed, "\(source) has no column that is known: \(shown)",
        hint: "name them: --map name=COLUMN --map birth=COLUMN")
    }
    self.names = names
    self.targets = targets
  }

  private static func index(of column: String, in names: [String]) throws(CtlError) -> Int {
    if column.hasPrefix("#"), let number = Int(column.dropFirst()) {
      guard names.indices.contains(number - 1) else {
        throw .invalid("--map", "there is no column \(number); there are \(names.count)")
      }
      return number - 1
    }
    guard
      let index = names.firstIndex(of: column) ?? names.firstIndex(where: { $0.lowercased() == column.lowercased() })
    else {
      throw .invalid(
        "--map", "there is no column \(Excerpt.of(column))\(NearestName.suggestion(column, in: names))")
    }
    return index
  }

  /// What there is to say of the columns, once.
  var notes: [ImportNote] {
    var notes: [ImportNote] = []
    let unused = zip(names, targets).filter { $0.1 == nil && !$0.0.isEmpty }.map(\.0)
    if !unused.isEmpty {
      let shown = unused.prefix(CSVLimits.maxNamedColumns).map { Excerpt.of($0) }.joined(separator: ", ")
      let rest = unused.count > CSVLimits.maxNamedColumns ? " and \(unused.count - CSVLimits.maxNamedColumns) more" : ""
      let reason = "columns that are not taken: \(shown)\(rest); --map attribute.NAME=COLUMN takes one"
      notes.append(ImportNote(kind: .propertySkipped, line: line, property: nil, reason: reason))
    }
    if !targets.contains(.id) {
      let reason = "no column has ids; each person's stands for name, birthday and first email together"
      notes.append(ImportNote(kind: .adjusted, line: line, property: nil, reason: reason))
    }
    return notes
  }
}
