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
