/// The rows for people.
enum Table {
  static func text(_ rows: [Row]) -> String {
    let header = ["id", "value", "percentiles", "beside", "ratio", "target", "met"]
    let cells = [header] + rows.map(cells)
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { line($0, widths) }
    lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
    for row in rows {
      lines.append("\(row.id): \(row.what)")
      for (name, value) in (row.details ?? [:]).sorted(by: { $0.key < $1.key }) {
        lines.append("    \(name) \(number(value))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func cells(_ row: Row) -> [String] {
    let percentiles = (row.percentiles ?? [:]).sorted { $0.key < $1.key }
    return [
      row.id, "\(number(row.value)) \(row.unit)",
      percentiles.map { "\($0.key) \(number($0.value))" }.joined(separator: ", "),
      row.beside.map { "\($0.name): \(number($0.value))" } ?? "", row.ratio.map(number) ?? "", row.target,
      row.met ? "yes" : "no",
    ]
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }

  /// Three digits that count.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == 0 { return "0" }
    if abs(value) >= 100 { return "\(Int(value.rounded()))" }
    let places = abs(value) >= 10 ? 10.0 : abs(value) >= 1 ? 100.0 : 10_000.0
    return "\((value * places).rounded() / places)"
  }
}
