/// Lays out a screen of `ctl top`: from a snapshot and a view to lines. Pure.
struct TopLayout {
  typealias Line = [Table.Cell]

  /// Problems shown at once; the rest is counted.
  static let maxProblems = 5
  static let footer = "q quit  p pause  s sort  n namespace  arrows scroll  ? help"

  var snapshot: TopSnapshot
  var view: TopView
  var columns: Int
  var rows: Int

  /// As many lines as the screen has, none wider than it.
  func screen() -> [Line] {
    guard rows > 2, columns > 0 else { return [] }
    let body = view.showsHelp ? Self.help : body()
    let room = rows - 2
    let offset = min(view.scroll, max(0, body.count - room))
    var shown = Array(body.dropFirst(offset).prefix(room))
    shown += Array(repeating: [], count: room - shown.count)
    return ([header()] + shown + [bottom(isCut: body.count > room)]).map { Self.cut($0, to: columns) }
  }

  /// All of it, however long: for output that is no screen.
  func plain() -> [Line] { [header()] + body() }

  /// The scroll that still shows something.
  func boundedScroll() -> Int { min(view.scroll, max(0, body().count - (rows - 2))) }

  private func header() -> Line {
    let time = Timestamps.rfc3339(milliseconds: snapshot.time)
    var line: Line = [
      .init("carillon", .heading), .init("  \(snapshot.context)"), .init("  namespace \(snapshot.namespace)"),
      .init("  \(time.prefix(10)) \(time.dropFirst(11).prefix(8)) UTC", .faint),
    ]
    if let rate = snapshot.rate { line.append(.init("  \(Number.text(rate)) a second", .good)) }
    if view.isPaused { line.append(.init("  PAUSED", .warning)) }
    return line
  }

  private func bottom(isCut: Bool) -> Line {
    if let input = view.input { return [.init("namespace: \(input)_  (enter takes it, escape does not)", .heading)] }
    return [.init(Self.footer + "  sorted by \(view.order.rawValue)" + (isCut ? "  more below or above" : ""), .faint)]
  }

  private func body() -> [Line] {
    var lines: [Line] = []
    func add(_ title: String, _ section: [Line]) {
      guard !section.isEmpty else { return }
      lines += [[], [.init(title, .heading)]] + section
    }
    add("PROBLEMS", problems())
    add("QUEUES", TopTables.queues(sorted()).spans(isWide: columns >= TopTables.wideColumns))
    add(
      "SINKS",
      snapshot.sinks.isEmpty ? [] : TopTables.sinks(snapshot.sinks).spans(isWide: columns >= TopTables.wideColumns))
    add("AGENTS", TopTables.agents(snapshot.agents).spans(isWide: columns >= TopTables.wideColumns))
    return Array(lines.dropFirst())
  }

  private func problems() -> [Line] {
    guard !snapshot.problems.isEmpty else { return [] }
    var lines = snapshot.problems.prefix(Self.maxProblems).map { [Table.Cell("  " + $0.text, $0.style)] }
    let rest = snapshot.problems.count - lines.count
    if rest > 0 { lines.append([.init("  and \(rest) more: ctl doctor", .warning)]) }
    return lines
  }

  private func sorted() -> [TopSnapshot.Queue] {
    snapshot.queues.sorted { left, right in
      switch view.order {
      case .priority: (right.priority, left.name) < (left.priority, right.name)
      case .due: (right.due, left.name) < (left.due, right.name)
      case .age: (right.oldestAge ?? -1, left.name) < (left.oldestAge ?? -1, right.name)
      case .rate: (right.rate ?? -1, left.name) < (left.rate ?? -1, right.name)
      case .name: left.name < right.name
      }
    }
  }

  private static let help: [Line] = [
    [.init("KEYS", .heading)], ["  q        end"], ["  p space  pause: the screen stays as it is"],
    ["  s        sort queues by priority, due, age, rate or name"], ["  n        look at another namespace's sinks"],
    ["  arrows   scroll; page up, page down, home"], ["  ?        this help, and back"], [],
    [.init("COLUMNS", .heading)], ["  DUE        events whose minute has come, not closed"],
    ["  OPEN       all that are planned and not closed"], ["  OLDEST     how long the oldest has been due"],
    ["  RATE       delivered a second, by all agents of the context"],
    ["  LATE P99   lateness that 99 of 100 sends of the last 5 minutes kept, at the sink where it is worst"],
  ]

  /// The line's beginning, as wide as the screen.
  static func cut(_ line: Line, to columns: Int) -> Line {
    var left = columns
    var result: Line = []
    for cell in line {
      let width = DisplayWidth.of(cell.text)
      if width <= left {
        result.append(cell)
        left -= width
        continue
      }
      var text = ""
      for character in cell.text {
        let width = DisplayWidth.of(String(character))
        guard width <= left else { break }
        text.append(character)
        left -= width
      }
      // What was harmless as a whole may not be so in part, and is longer then.
      let part = Table.Cell(text, cell.style)
      if DisplayWidth.of(part.text) <= DisplayWidth.of(text) { result.append(part) }
      break
    }
    return result
  }
}
