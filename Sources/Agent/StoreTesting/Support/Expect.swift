import EventModel
import Store

/// Holds a condition.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw ConformanceFailure(description: message()) }
}

/// Holds that two values are equal.
func expectEqual<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: @autoclosure () -> String) throws {
  if found != wanted {
    throw ConformanceFailure(description: "\(what()): expected \(wanted), found \(found)")
  }
}

/// Holds that something is there.
func require<Value>(_ value: Value?, _ what: @autoclosure () -> String) throws -> Value {
  guard let value else { throw ConformanceFailure(description: "expected \(what()), found nothing") }
  return value
}

/// Holds that the body is refused with a code and, for `.invalid`, names a field.
func expectRefusal<Value>(
  _ code: StoreError.Code, field: String? = nil, _ what: String, _ body: () async throws -> Value
) async throws {
  do {
    _ = try await body()
  } catch let error as StoreError {
    try expectEqual(error.code, code, "\(what): the error's code (\(error))")
    if let field {
      try expect(
        error.violations.contains { $0.field == field }, "\(what): expected field \(field) to be named, found \(error)")
    }
    return
  }
  throw ConformanceFailure(description: "\(what): expected a refusal as \(code), but it was done")
}
