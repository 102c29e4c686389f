import Synchronization

/// How far long work is, on standard error: one line that is rewritten on a terminal, a plain line
/// now and then elsewhere.
final class Progress: Sendable {
  static let terminalMilliseconds: Int64 = 100
  static let plainMilliseconds: Int64 = 10_000
  static let barWidth: Int64 = 20
  private static let clear = "\r\u{1B}[K"

  private struct State {
    var last: Int64
    var isShown = false
  }

  private let noun: String
  private let around: Surroundings
  private let start: Int64
  private let state: Mutex<State>

  init(_ noun: String, around: Surroundings) {
    self.noun = noun
    self.around = around
    start = around.now()
    state = Mutex(State(last: start))
  }

  /// - Parameters:
  ///   - done: bytes read.
  ///   - total: bytes in all, if known.
  ///   - count: things finished.
  ///   - settle: hands out lines that wait for the same terminal, before the bar is drawn below them.
  func update(done: Int64, of total: Int64?, count: Int, settle: () -> Void = {}) {
    let now = around.now()
    let interval = around.isErrorTerminal ? Self.terminalMilliseconds : Self.plainMilliseconds
    let isDue = state.withLock { state in
      guard now - state.last >= interval else { return false }
      state = State(last: now, isShown: true)
      return true
    }
    guard isDue else { return }
    let text = Self.text(noun, done: done, total: total, count: count, elapsedMilliseconds: now - start)
    guard around.isErrorTerminal else { return around.errors.write(text + "\n") }
    around.errors.write(Self.clear)
    settle()
    around.errors.write(Self.bar(done: done, total: total) + text)
  }

  /// Clears the line on a terminal.
  func finish() {
    let isShown = state.withLock { $0.isShown }
    if around.isErrorTerminal, isShown { around.errors.write(Self.clear) }
  }

  /// `[########------------] `; nothing where the end is not known.
  static func bar(done: Int64, total: Int64?) -> String {
    guard let total, total > 0 else { return "" }
    let full = Int(min(barWidth, max(0, done) * barWidth / total))
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: Int(barWidth) - full) + "] "
  }

  /// `12000 people, 4000/s, 40 %, 4s left`.
  static func text(_ noun: String, done: Int64, total: Int64?, count: Int, elapsedMilliseconds: Int64) -> String {
    let elapsed = max(elapsedMilliseconds, 1)
    var parts = ["\(count) \(noun)", "\(Int64(count) * 1_000 / elapsed)/s"]
    if let total, total > 0, done > 0 {
      parts.append("\(min(100, done * 100 / total)) %")
      let left = Int64(Double(elapsed) * Double(max(0, total - done)) / Double(done))
      parts.append("\(DurationText.text(milliseconds: left / 1_000 * 1_000)) left")
    }
    return parts.joined(separator: ", ")
  }
}
