/// The years that ring, when not all do: the 10th, the 25th, the 50th; or every 5th.
public enum Milestones: Sendable, Hashable {
  /// How many years may have passed at a milestone, and how many apart they may be.
  public static let range = 1...1000
  /// The most years of a list.
  public static let maxCount = 64

  /// These numbers of years, in ascending order.
  case years([Int])
  /// Every so many years.
  case every(Int)

  /// Reads `[10, 25, 50]` or `{"every": 5}`; nil when it is absent or at fault.
  public init?(_ name: String, _ reader: inout DefinitionReader) {
    let violations = reader.violations.count
    if reader.isObject(name) {
      guard let object = reader.object(name) else { return nil }
      var inner = DefinitionReader(object, at: reader.pointer(name))
      let every = inner.integer("every", in: Self.range)
      if !inner.has("every") { inner.fault("every", "required", "must be there: how many years apart they are") }
      inner.refuseOthers(than: ["every"])
      reader.add(inner.violations)
      guard let every, reader.violations.count == violations else { return nil }
      self = .every(every)
    } else {
      guard let years = reader.integers(name, in: Self.range, atMost: Self.maxCount, orElse: #"{"every": 5}"#) else {
        return nil
      }
      self = .years(years)
    }
  }

  /// The first number of years that rings, from a given one on; nil when none does any more.
  func next(from years: Int) -> Int? {
    switch self {
    case .years(let list): return list.first { $0 >= years }
    case .every(let step):
      guard step >= 1 else { return nil }
      return max(step, (years + step - 1) / step * step)
    }
  }
}
