/// Rows in aligned columns, as kubectl prints them: no lines, two spaces between.
struct Table {
  struct Column {
    var title: String
    /// Only shown under `-o wide`.
    var isWide = false
    /// Numbers stand at the right edge.
    var isRight = false

    init(_ title: String, isWide: Bool = false, isRight: Bool = false) {
      self.title = title
      self.isWide = isWide
      self.isRight = isRight
    }
  }

  struct Cell {
    var text: String
    var style: Style?

    init(_ text: String, _ style: Style? = nil) {
      self.text = Printable.escaped(text)
      self.style = style
    }
  }

  static let gap = 2

  var columns: [Column]
  var rows: [[Cell]] = []
  /// What columns take at least, by their place: rows that come later stand below those before them.
  var leastWidths: [Int: Int] = [:]

  /// What each column takes, by its place.
  var widths: [Int: Int] {
    let all = [columns.map { Cell($0.title, .heading) }] + rows
    return Dictionary(
      uniqueKeysWithValues: columns.indices.map { column in
        let texts = all.map { $0.indices.contains(column) ? DisplayWidth.of($0[column].text) : 0 }
        return (column, max(leastWidths[column] ?? 0, texts.max() ?? 0))
      })
  }

  /// The lines, header first. Nothing ends in spaces.
  func lines(isWide: Bool, paint: Paint) -> [String] {
    spans(isWide: isWide).map { line in line.map { paint($0.text, $0.style) }.joined() }
  }

  /// The same as pieces, spaces between columns among them.
  func spans(isWide: Bool) -> [[Cell]] {
    let shown = columns.indices.filter { isWide || !columns[$0].isWide }
    let header = columns.map { Cell($0.title, .heading) }
    let all = [header] + rows
    let widths = widths
    return all.map { row in
      var line: [Cell] = []
      var pending = 0
      for column in shown {
        let cell = row.indices.contains(column) ? row[column] : Cell("")
        let padding = (widths[column] ?? 0) - DisplayWidth.of(cell.text)
        if columns[column].isRight { pending += padding }
        if !cell.text.isEmpty {
          if pending > 0 { line.append(Cell(String(repeating: " ", count: pending))) }
          line.append(cell)
          pending = 0
        }
        pending += (columns[column].isRight ? 0 : padding) + Self.gap
      }
      return line
    }
  }
}

extension Table.Cell: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self.init(value) }
}
