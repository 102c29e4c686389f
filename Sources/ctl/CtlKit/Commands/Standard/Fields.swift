import ArgumentParser
import SwiftProtobuf

/// Which fields of a resource a command line sets: the field mask of an update.
struct FieldPaths: Sendable {
  private(set) var paths: [String] = []

  /// Takes a value where there is one, and notes the field.
  mutating func set<Value>(_ path: String, _ value: Value?, _ assign: (Value) throws(CtlError) -> Void) throws(CtlError)
  {
    guard let value else { return }
    try assign(value)
    if !paths.contains(path) { paths.append(path) }
  }

  /// The mask, or the complaint that nothing was asked for.
  func mask() throws(CtlError) -> Google_Protobuf_FieldMask {
    guard !paths.isEmpty else {
      throw CtlError(.invalidArgument, "nothing to change", hint: "give the fields to change; see --help")
    }
    return .with { $0.paths = paths }
  }
}

extension Google_Protobuf_Duration {
  init(_ span: TimeSpan) {
    self.init(seconds: span.milliseconds / 1_000, nanos: Int32(span.milliseconds % 1_000) * 1_000_000)
  }
}

extension Google_Protobuf_Timestamp {
  init(_ instant: InstantArgument, around: Surroundings) {
    let (seconds, nanoseconds) = instant.timestamp(now: around.now())
    self.init(seconds: seconds, nanos: nanoseconds)
  }
}

/// A JSON object on the command line or in a file (`@FILE`, `@-`).
struct ObjectArgument: Sendable {
  static let maxBytes = 1024 * 1024

  /// Reads `text`, named `field` in errors; then `pairs` on top of it, their values as JSON where
  /// they are JSON, else as text.
  static func read(_ text: String?, _ pairs: [PairArgument], field: String) throws(CtlError) -> Google_Protobuf_Struct {
    var members: [(String, JSONValue)] = []
    if let text {
      guard case .object(let found) = try document(text, field) else {
        throw .invalid(field, "must be a JSON object such as {\"at\": \"09:00\"}")
      }
      members = found
    }
    for pair in pairs {
      members.removeAll { $0.0 == pair.name }
      members.append((pair.name, (try? JSONValue(parsing: pair.value.utf8)) ?? .string(pair.value)))
    }
    return try message(.object(members), field)
  }

  private static func document(_ text: String, _ field: String) throws(CtlError) -> JSONValue {
    let bytes =
      text.hasPrefix("@") ? try InputFile(String(text.dropFirst())).readAll(maxBytes: maxBytes) : Array(text.utf8)
    do { return try JSONValue(parsing: bytes) } catch {
      throw .invalid(field, "is not JSON: \(error.reason) at byte \(error.offset)")
    }
  }

  private static func message(_ value: JSONValue, _ field: String) throws(CtlError) -> Google_Protobuf_Struct {
    do { return try Google_Protobuf_Struct(jsonString: value.compact) } catch {
      throw .invalid(field, "cannot be sent: \(error)")
    }
  }
}
