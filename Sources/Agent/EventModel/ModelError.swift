/// A value that breaks a rule of the model. Names the field, and what is allowed.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One fault of one field.
  public struct Violation: Hashable, Sendable {
    /// The field as its caller knows it: `time_zone`, or a JSON Pointer such as `/definition/at`.
    public var field: String
    /// What is wrong, and what is allowed.
    public var message: String

    /// Makes a violation of `field`.
    public init(field: String, message: String) {
      self.field = field
      self.message = message
    }
  }

  /// All faults found, at least one.
  public var violations: [Violation]

  /// Makes an error of several faults.
  public init(violations: [Violation]) {
    self.violations = violations
  }

  /// Makes an error of one fault.
  public init(field: String, _ message: String) {
    self.violations = [Violation(field: field, message: message)]
  }

  /// `field: message` for each fault.
  public var description: String {
    violations.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
  }
}

/// Gathers the faults of a value, so that all are told at once.
struct Faults {
  var found: [ModelError.Violation] = []

  /// Runs a check and keeps its faults.
  mutating func keep(_ check: () throws(ModelError) -> Void) {
    do throws(ModelError) { try check() } catch { found += error.violations }
  }

  /// Notes a fault unless a condition holds.
  mutating func require(_ condition: Bool, _ field: String, _ message: String) {
    if !condition { found.append(.init(field: field, message: message)) }
  }

  /// - Throws: when there is any fault.
  func check() throws(ModelError) {
    guard found.isEmpty else { throw ModelError(violations: found) }
  }
}
