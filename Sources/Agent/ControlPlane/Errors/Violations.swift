import EventModel

/// Collects the faults of a request, so that one answer names them all.
struct Violations {
  /// The most faults that are kept of one request.
  static let maximum = 200

  private(set) var found: [ModelError.Violation] = []

  var isEmpty: Bool { found.isEmpty }

  /// Adds a fault.
  mutating func add(_ field: String, _ message: String) {
    if found.count < Self.maximum { found.append(.init(field: field, message: message)) }
  }

  /// Runs a check, keeps its faults with their fields under `path`, and answers what it made.
  @discardableResult
  // Swift 6.3.1 crashes in release when it inlines this into an async function.
  @inline(never)
  mutating func collect<Value>(
    under path: FieldPath = .root, _ check: () throws(ModelError) -> Value
  ) -> Value? {
    do throws(ModelError) {
      return try check()
    } catch {
      keep(error, under: path)
      return nil
    }
  }

  /// Adds the faults of an error, their fields under `path`.
  mutating func keep(_ error: ModelError, under path: FieldPath = .root) {
    for violation in error.violations {
      let field = path.field(violation.field)
      // One fault may be found by two checks; it is told once.
      let isNew = !found.contains { $0.field == field && $0.message == violation.message }
      if isNew { add(field, violation.message) }
    }
  }

  /// - Throws: everything that was found, if anything was.
  func check() throws(ModelError) {
    guard found.isEmpty else { throw ModelError(violations: found) }
  }
}

/// Where in a request a value stands, to name its faults as the caller knows them.
struct FieldPath {
  /// The request itself.
  static let root = FieldPath("")

  private let prefix: String
  private let renamed: [String: String]

  /// A message at `prefix`; fields in `renamed` (the model's names) stand elsewhere in the request.
  init(_ prefix: String, renamed: [String: String] = [:]) {
    self.prefix = prefix
    self.renamed = renamed
  }

  /// The request's name of a field. A JSON Pointer goes on where the prefix ends: `user.definition/at`.
  func field(_ name: String) -> String {
    if let other = renamed[name] { return other }
    if prefix.isEmpty { return name }
    if name.isEmpty { return prefix }
    return name.hasPrefix("/") ? prefix + name : prefix + "." + name
  }
}
