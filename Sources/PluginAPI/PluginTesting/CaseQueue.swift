/// Which case is run next, by several threads: what others need comes first, and one that must not be disturbed by others
/// gets the machine for itself.
struct CaseQueue {
  private(set) var waiting: [CheckCase]
  /// What became of those that are over.
  private(set) var results: [String: CaseResult] = [:]
  private var running = 0
  /// Cases that were begun so far.
  private var begun = 0
  /// Threads that want to be alone, and whether one of them is.
  private var solitary = (wanted: 0, isOn: false)
  private let wanted: Set<String>

  init(_ cases: [CheckCase]) { (waiting, wanted) = (cases, Set(cases.map(\.name))) }

  /// A case that was begun.
  struct Turn {
    var one: CheckCase
    /// How many had been begun, this one included, and whether others were running.
    fileprivate var begun: Int
    fileprivate var hadCompany: Bool
  }

  enum Next {
    case turn(Turn)
    case noneIsLeft
  }

  /// Takes the first whose needs are over; nil when another case must end before there is one.
  mutating func take() -> Next? {
    if waiting.isEmpty { return .noneIsLeft }
    guard solitary.wanted == 0, let place = waiting.firstIndex(where: isReady) else { return nil }
    begun += 1
    defer { running += 1 }
    return .turn(Turn(one: waiting.remove(at: place), begun: begun, hadCompany: running > 0))
  }

  /// Whether another case ran at the same time as this one, which is just over.
  func hadCompany(_ turn: Turn) -> Bool { turn.hadCompany || begun > turn.begun }

  /// A case is over.
  mutating func end(_ turn: Turn, _ result: CaseResult) {
    results[turn.one.name] = result
    running -= 1
  }

  // MARK: alone

  /// A case that is running wants to be run again when nothing else is.
  mutating func wantSolitude() {
    solitary.wanted += 1
    running -= 1
  }

  /// Answers whether it is its turn; then `endSolitude` must follow.
  mutating func takeSolitude() -> Bool {
    guard running == 0, !solitary.isOn else { return false }
    solitary.isOn = true
    running += 1
    return true
  }

  mutating func endSolitude() { solitary = (solitary.wanted - 1, false) }

  private func isReady(_ one: CheckCase) -> Bool {
    one.needs.allSatisfy { results[$0] != nil || !wanted.contains($0) }
  }
}
