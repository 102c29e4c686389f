import Glibc
import StoreMove
import Synchronization

/// How far a move came, on standard error: one line that changes on a terminal, else a line now and then.
final class ProgressLine: Sendable {
  private static let everyOnTerminal = Duration.milliseconds(100)
  private static let everyElsewhere = Duration.seconds(10)

  private struct State {
    var shownAt: ContinuousClock.Instant
    var table = ""
    /// Rows of the tables before, and of the present one.
    var before = 0
    var rows = 0
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let began = ContinuousClock.now
  private let state = Mutex(State(shownAt: .now))

  func show(_ progress: StoreMove.Progress) {
    let line = state.withLock { state -> String? in
      if progress.table != state.table {
        state.before += state.rows
        state.table = progress.table
      }
      state.rows = progress.rows
      guard state.shownAt.duration(to: .now) >= (isTerminal ? Self.everyOnTerminal : Self.everyElsewhere) else {
        return nil
      }
      state.shownAt = .now
      let rate = Double(state.before + state.rows) / max(began.duration(to: .now) / .seconds(1), 0.001)
      return "\(progress.table): \(progress.rows) rows; \(Int(rate)) rows/s"
    }
    guard let line else { return }
    write(isTerminal ? "\r\(line)\u{1b}[K" : "agent: \(line)\n")
  }

  /// Leaves a clean line behind.
  func end() {
    if isTerminal { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) {
    var text = text
    // Progress that cannot be shown is no failure.
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
