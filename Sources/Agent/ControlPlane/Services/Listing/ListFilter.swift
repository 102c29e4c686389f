import EventModel
import SwiftProtobuf

/// Which resources of a list are wanted: a condition on their JSON as it is shown, so that nothing can be asked about
/// that is not told.
struct ListFilter<Shown: SwiftProtobuf.Message>: Sendable {
  private let condition: FieldCondition<FilterField>

  /// Reads one; nil for the empty text, which wants all.
  init?(_ text: String) throws(ModelError) {
    guard !text.isEmpty else { return nil }
    condition = try FieldCondition(text, field: "filter") { path, isPresence throws(ModelError) in
      try FilterField(path: path, isPresence: isPresence, of: Shown.protoMessageName)
    }
  }

  /// Whether it is wanted, and how many bytes of JSON it has.
  func wants(_ item: Shown) throws -> (isWanted: Bool, bytes: Int) {
    var writing = JSONEncodingOptions()
    writing.preserveProtoFieldNames = true
    let json: [UInt8] = try item.jsonUTF8Bytes(options: writing)
    var reading = JSONDecodingOptions()
    reading.messageDepthLimit = 4 * StructJSON.maximumDepth
    let document = try Google_Protobuf_Struct(jsonUTF8Bytes: json, options: reading)
    return (condition.holds { $0.value(in: document) }, json.count)
  }
}
