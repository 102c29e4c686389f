/// A pattern's structure.
indirect enum PatternNode {
  case set(ScalarSet)
  case check(Pattern.Position)
  case sequence([PatternNode])
  case choice([PatternNode])
  case repetition(PatternNode, minimum: Int, maximum: Int?)
}

/// Reads a pattern; see `Pattern` for what it may contain.
struct PatternParser {
  private static let maximumDepth = 32
  private static let maximumRepetition = 1_000
  private static let syntax = Set("^$\\.*+?()[]{}|/".unicodeScalars)

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    guard next == wanted else { return false }
    position += 1
    return true
  }

  private func refused(_ what: String) -> PatternError {
    PatternError(message: "\(what) (at character \(position + 1))")
  }

  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try choice()
    guard next == nil else { throw refused("has a ')' without '('") }
    return node
  }

  private mutating func choice() throws(PatternError) -> PatternNode {
    guard depth < Self.maximumDepth else { throw refused("is nested deeper than \(Self.maximumDepth)") }
    depth += 1
    defer { depth -= 1 }
    var nodes = [try sequence()]
    while take("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let next, next != "|", next != ")" {
      let atom = try self.atom()
      nodes.append(try quantified(atom))
    }
    return .sequence(nodes)
  }

  private mutating func atom() throws(PatternError) -> PatternNode {
    let scalar = scalars[position]
    position += 1
    switch scalar {
    case "^": return .check(.start)
    case "$": return .check(.end)
    case ".": return .set(.dot)
    case "(": return try group()
    case "[": return .set(try characterClass())
    case "\\":
      if take("b") { return .check(.boundary) }
      if take("B") { return .check(.noBoundary) }
      return .set(try escape(inClass: false))
    case "*", "+", "?": throw refused("has a '\(scalar)' that repeats nothing")
    case "{", "}", "]": throw refused("has a '\(scalar)' that is not escaped")
    default: return .set(ScalarSet(scalar))
    }
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    if take("?"), !take(":") { throw refused("uses look-around or a named group, which are not supported") }
    let node = try choice()
    guard take(")") else { throw refused("has a '(' without ')'") }
    return node
  }

  private mutating func quantified(_ atom: PatternNode) throws(PatternError) -> PatternNode {
    let minimum: Int
    var maximum: Int?
    switch next {
    case "*": (minimum, maximum) = (0, nil)
    case "+": (minimum, maximum) = (1, nil)
    case "?": (minimum, maximum) = (0, 1)
    case "{":
      position += 1
      minimum = try count()
      maximum = minimum
      if take(",") { maximum = next == "}" ? nil : try count() }
      guard next == "}" else { throw refused("has a '{' that is neither {n}, {n,} nor {n,m}") }
    default: return atom
    }
    position += 1
    if case .check = atom { throw refused("repeats a position such as '^'") }
    if let maximum, maximum < minimum { throw refused("has a repetition whose bounds are out of order") }
    _ = take("?")  // lazy or greedy: whether a text matches is the same
    return .repetition(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func count() throws(PatternError) -> Int {
    var value: Int?
    while let next, let digit = Self.decimal(next) {
      value = (value ?? 0) * 10 + digit
      guard let value, value <= Self.maximumRepetition else {
        throw refused("repeats more than \(Self.maximumRepetition) times")
      }
      position += 1
    }
    guard let value else { throw refused("has a '{' that is neither {n}, {n,} nor {n,m}") }
    return value
  }

  private static func decimal(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value) - 48 : nil
  }

  private mutating func characterClass() throws(PatternError) -> ScalarSet {
    let isNegated = take("^")
    var set = ScalarSet.empty
    while !take("]") {
      let low = try classMember()
      // A '-' before ']' stands for itself.
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        set.formUnion(low)
        continue
      }
      position += 1
      let high = try classMember()
      guard let first = low.single, let last = high.single, first <= last else {
        throw refused("has a range whose ends are out of order")
      }
      set.formUnion(ScalarSet(first...last))
    }
    return isNegated ? set.inverted : set
  }

  private mutating func classMember() throws(PatternError) -> ScalarSet {
    guard let scalar = next else { throw refused("has a '[' without ']'") }
    position += 1
    if scalar == "[" { throw refused("has a '[' inside a class that is not escaped") }
    return scalar == "\\" ? try escape(inClass: true) : ScalarSet(scalar)
  }

  private mutating func escape(inClass: Bool) throws(PatternError) -> ScalarSet {
    guard let scalar = next else { throw refused("ends in '\\'") }
    position += 1
    switch scalar {
    case "d": return .digit
    case "D": return ScalarSet.digit.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .space
    case "S": return ScalarSet.space.inverted
    case "t": return ScalarSet("\t")
    case "n": return ScalarSet("\n")
    case "r": return ScalarSet("\r")
    case "f": return ScalarSet("\u{c}")
    case "v": return ScalarSet("\u{b}")
    case "0" where next.flatMap(Self.decimal) == nil: return ScalarSet("\0")
    case "b" where inClass: return ScalarSet("\u{8}")
    case "-" where inClass: return ScalarSet("-")
    case "x": return try hexadecimal(2)
    case "u": return take("{") ? try braced() : try hexadecimal(4)
    default:
      guard Self.syntax.contains(scalar) else { throw refused("uses '\\\(scalar)', which is not supported") }
      return ScalarSet(scalar)
    }
  }

  private mutating func hexadecimal(_ digits: Int) throws(PatternError) -> ScalarSet {
    var value: UInt32 = 0
    for _ in 0..<digits { value = value << 4 | (try digit()) }
    return try scalar(value)
  }

  private mutating func braced() throws(PatternError) -> ScalarSet {
    var value = try digit()
    while !take("}") {
      value = value << 4 | (try digit())
      guard value <= 0x10ffff else { throw refused("names no character") }
    }
    return try scalar(value)
  }

  private func scalar(_ value: UInt32) throws(PatternError) -> ScalarSet {
    guard let scalar = Unicode.Scalar(value) else { throw refused("names a surrogate; write \\u{…}") }
    return ScalarSet(scalar)
  }

  private mutating func digit() throws(PatternError) -> UInt32 {
    guard let next, let byte = UInt8(exactly: next.value), let digit = Hex.value(byte) else {
      throw refused("needs a hexadecimal digit here")
    }
    position += 1
    return UInt32(digit)
  }
}
