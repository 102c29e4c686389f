import Testing

@testable import CtlKit

@Suite("The screen of ctl top")
struct TopLayoutTests {
  static let snapshot = TopSnapshot(
    time: 1_780_000_000_000, context: "prod", namespace: "family",
    agents: [
      .init(name: "north", state: "ready", style: .good, uptime: 3_600_000, version: "0.6.0", loaded: 12, inFlight: 3),
      .init(name: "south", state: "unreachable", style: .bad, problem: "nobody listens"),
    ],
    queues: [
      .init(name: "low", priority: 10, due: 5, open: 90, inFlight: 1, oldestAge: 65_000, rate: 2.5, history: [0, 2.5]),
      .init(name: "critical", priority: 100, isPaused: true, due: 0, open: 12_345, rate: 40, lateness: 850),
    ],
    sinks: [
      .init(
        name: "hook", plugin: "webhook", circuit: "open", reopensInSeconds: 7, inFlight: 2, maxInFlight: 50, waiting: 9)
    ],
    problems: [.init(text: "agent south: nobody listens", style: .bad)])

  private func screen(_ snapshot: TopSnapshot, _ view: TopView = .init(), columns: Int = 100, rows: Int = 30)
    -> [String]
  {
    TopLayout(snapshot: snapshot, view: view, columns: columns, rows: rows).screen()
      .map { $0.map(\.text).joined() }
  }

  private func words(_ line: String?) -> String {
    line?.split(separator: " ").joined(separator: " ") ?? ""
  }

  @Test("it says who, where, when and how fast, then problems, queues, sinks and agents")
  func parts() {
    let lines = screen(Self.snapshot)
    #expect(words(lines.first) == "carillon prod namespace family 2026-05-28 20:26:40 UTC 42.5 a second")
    let titles = lines.filter { ["PROBLEMS", "QUEUES", "SINKS", "AGENTS"].contains($0) }
    #expect(titles == ["PROBLEMS", "QUEUES", "SINKS", "AGENTS"])
    #expect(lines.contains("  agent south: nobody listens"))
    let rows = lines.map(words)
    #expect(rows.contains("low 10 running 5 90 1m5s 1 2.5/s -"))
    #expect(rows.contains("critical 100 paused 0 12.3k - 0 40.0/s 850ms"))
    #expect(rows.contains("hook webhook in use open, probe in 7 s 2/50 9 0 0"))
    #expect(rows.contains("north ready 1h 12 3 0"))
    #expect(lines.last?.hasPrefix("q quit") == true)
  }

  @Test("it has as many lines as the terminal, none wider, whatever its size")
  func sizes() {
    for columns in [1, 7, 40, 80, 111, 300] {
      for rows in [3, 5, 10, 24, 60] {
        let lines = screen(Self.snapshot, columns: columns, rows: rows)
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= columns })
      }
    }
    #expect(screen(Self.snapshot, rows: 2).isEmpty)
  }

  @Test("wide characters are not cut in half, and names cannot steer the terminal")
  func hostile() {
    var snapshot = Self.snapshot
    snapshot.queues[0].name = "生日\u{1B}[2J\n\u{202E}x"
    for columns in 1...40 {
      let lines = screen(snapshot, columns: columns)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= columns })
      #expect(lines.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") && !$0.contains("\u{202E}") })
    }
  }

  @Test(
    "queues are sorted as the person likes",
    arguments: [
      (TopView.Order.priority, "critical"), (.due, "low"), (.age, "low"), (.rate, "critical"), (.name, "critical"),
    ])
  func order(order: TopView.Order, first: String) throws {
    let lines = screen(Self.snapshot, TopView(order: order))
    let place = try #require(lines.firstIndex(of: "QUEUES"))
    #expect(words(lines[place + 2]).hasPrefix(first))
    #expect(lines.last?.contains("sorted by \(order.rawValue)") == true)
  }

  @Test("what does not fit is reached by scrolling, and no further than its end")
  func scrolling() {
    var view = TopView()
    let top = screen(Self.snapshot, view, rows: 8)
    view.scroll = 5
    #expect(screen(Self.snapshot, view, rows: 8)[1...] != top[1...])
    view.scroll = 1_000
    let layout = TopLayout(snapshot: Self.snapshot, view: view, columns: 100, rows: 8)
    #expect(layout.boundedScroll() < 30)
    #expect(layout.screen().contains { words($0.map(\.text).joined()).hasPrefix("south unreachable") })
  }

  @Test("many problems are counted, so that they leave room for the rest")
  func manyProblems() {
    var snapshot = Self.snapshot
    snapshot.problems = (1...9).map { .init(text: "problem \($0)", style: .bad) }
    let lines = screen(snapshot)
    #expect(lines.contains("  problem 5") && !lines.contains("  problem 6"))
    #expect(lines.contains("  and 4 more: ctl doctor"))
  }

  @Test("a healthy, empty store has no problems and no sinks to show")
  func empty() {
    let lines = screen(TopSnapshot(time: 0, context: "here", namespace: "default"))
    #expect(!lines.contains("PROBLEMS") && !lines.contains("SINKS"))
    #expect(lines.contains("QUEUES"))
  }

  @Test(
    "numbers are short",
    arguments: [(0, "0"), (9_999, "9999"), (12_345, "12.3k"), (4_500_000, "4.5M"), (7_000_000_000, "7.0G")])
  func numbers(number: Int64, text: String) { #expect(Number.text(number) == text) }

  @Test(
    "spans are of two units",
    arguments: [(850, "850ms"), (65_900, "1m5s"), (3_725_000, "1h2m"), (200_000_000, "2d7h"), (0, "0s")])
  func spans(milliseconds: Int64, text: String) { #expect(Number.span(milliseconds) == text) }

  @Test("a curve is scaled to its largest value")
  func sparkline() {
    #expect(Sparkline.of([0, 5, 10]) == "▁▄█")
    #expect(Sparkline.of([0, 0]) == "▁▁")
    #expect(Sparkline.of([]) == "")
  }
}
