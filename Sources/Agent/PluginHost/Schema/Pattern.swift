/// A regular expression for `pattern`: the part of ECMA-262 (with its `u` flag) that needs no backtracking, run as a
/// set of states, so that the time is bounded by length × program size whatever pattern and text are.
///
/// Has: literals, `.`, classes with ranges and `^`, `\d \D \w \W \s \S`, `\t \n \r \f \v \0 \xHH \uHHHH \u{H…}`,
/// groups `(…)` and `(?:…)`, `|`, `* + ? {n} {n,} {n,m}` and their lazy forms, `^ $ \b \B`. Refuses: look-around,
/// back references, named groups, `\p`, and programs of more than 2,000 steps. As in ECMA-262 a pattern is searched
/// for anywhere in the text, and `\d \w \b` are about ASCII.
struct Pattern: Sendable {
  /// The longest pattern, in bytes.
  static let maximumBytes = 1_024
  /// The most steps of a program; counted repetitions are unrolled into it.
  static let maximumProgram = 2_000

  /// One step of the program.
  enum Step: Sendable {
    /// Takes one scalar of this set.
    case take(ScalarSet)
    /// Goes on at both places.
    case fork(Int, Int)
    /// Goes on there.
    case jump(Int)
    /// Goes on if the position is so.
    case check(Position)
    /// The text matches.
    case match
  }

  /// What can be asked of a position.
  enum Position: Sendable {
    case start
    case end
    case boundary
    case noBoundary
  }

  /// As it was written.
  let source: String
  private let program: [Step]

  /// Compiles a pattern.
  /// - Throws: a sentence that says what is not supported.
  init(_ source: String) throws(PatternError) {
    guard source.utf8.count <= Self.maximumBytes else {
      throw PatternError(message: "is longer than \(Self.maximumBytes) bytes")
    }
    var parser = PatternParser(source)
    let tree = try parser.parse()
    var program: [Step] = []
    try Self.emit(tree, into: &program)
    program.append(.match)
    self.source = source
    self.program = program
  }

  /// How many elementary steps matching a text of this length may take.
  func cost(scalars: Int) -> Int { (scalars + 1) * program.count }

  /// Whether the pattern occurs in a text.
  func occurs(in text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var current = StateSet(capacity: program.count)
    var next = StateSet(capacity: program.count)
    for index in 0...scalars.count {
      // A match may begin anywhere, so the first step joins the states at each position.
      if add(0, at: index, of: scalars, to: &current) { return true }
      guard index < scalars.count else { return false }
      next.removeAll()
      for state in current.states {
        guard case .take(let set) = program[state], set.contains(scalars[index]) else { continue }
        if add(state + 1, at: index + 1, of: scalars, to: &next) { return true }
      }
      swap(&current, &next)
    }
    return false
  }

  /// Adds a state and all it leads to without taking a scalar; true when that is the end of the program.
  private func add(_ first: Int, at index: Int, of scalars: [Unicode.Scalar], to set: inout StateSet) -> Bool {
    var open = [first]
    while let state = open.popLast() {
      guard set.insert(state) else { continue }
      switch program[state] {
      case .take: break
      case .fork(let a, let b): open += [a, b]
      case .jump(let target): open.append(target)
      case .check(let position): if Self.holds(position, at: index, of: scalars) { open.append(state + 1) }
      case .match: return true
      }
    }
    return false
  }

  private static func holds(_ position: Position, at index: Int, of scalars: [Unicode.Scalar]) -> Bool {
    func isWord(_ index: Int) -> Bool { scalars.indices.contains(index) && ScalarSet.word.contains(scalars[index]) }
    return switch position {
    case .start: index == 0
    case .end: index == scalars.count
    case .boundary: isWord(index - 1) != isWord(index)
    case .noBoundary: isWord(index - 1) == isWord(index)
    }
  }

  private static func emit(_ node: PatternNode, into program: inout [Step]) throws(PatternError) {
    guard program.count <= maximumProgram else {
      throw PatternError(message: "is too large: its repetitions unroll to more than \(maximumProgram) steps")
    }
    switch node {
    case .set(let set): program.append(.take(set))
    case .check(let position): program.append(.check(position))
    case .sequence(let nodes): for node in nodes { try emit(node, into: &program) }
    case .choice(let nodes): try emit(choice: nodes[...], into: &program)
    case .repetition(let node, let minimum, let maximum):
      for _ in 0..<minimum { try emit(node, into: &program) }
      if let maximum {
        try emit(node, upTo: maximum - minimum, into: &program)
      } else {
        let fork = program.count
        program.append(.jump(0))
        try emit(node, into: &program)
        program.append(.jump(fork))
        program[fork] = .fork(fork + 1, program.count)
      }
    }
  }

  private static func emit(choice nodes: ArraySlice<PatternNode>, into program: inout [Step]) throws(PatternError) {
    guard let first = nodes.first else { return }
    guard nodes.count > 1 else { return try emit(first, into: &program) }
    let fork = program.count
    program.append(.jump(0))
    try emit(first, into: &program)
    let exit = program.count
    program.append(.jump(0))
    program[fork] = .fork(fork + 1, program.count)
    try emit(choice: nodes.dropFirst(), into: &program)
    program[exit] = .jump(program.count)
  }

  private static func emit(
    _ node: PatternNode, upTo count: Int, into program: inout [Step]
  ) throws(PatternError) {
    var forks: [Int] = []
    for _ in 0..<count {
      forks.append(program.count)
      program.append(.jump(0))
      try emit(node, into: &program)
    }
    for fork in forks { program[fork] = .fork(fork + 1, program.count) }
  }
}

/// Why a pattern is refused.
struct PatternError: Error {
  /// What is wrong with it, to be read after the pattern.
  var message: String
}

/// States in the order of their coming, each once.
private struct StateSet {
  private(set) var states: [Int] = []
  private var known: [Bool]

  init(capacity: Int) { known = Array(repeating: false, count: capacity) }

  mutating func insert(_ state: Int) -> Bool {
    guard !known[state] else { return false }
    known[state] = true
    states.append(state)
    return true
  }

  mutating func removeAll() {
    for state in states { known[state] = false }
    states.removeAll(keepingCapacity: true)
  }
}
