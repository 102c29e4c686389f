import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// A method of the API that can be called with JSON.
struct APIMethod: Sendable {
  /// `carillon.v1.Queues/GetQueue`
  let name: String
  /// Calls it with the messages, and hands out each answer as JSON.
  let call: @Sendable (Client, [JSONValue], @Sendable @escaping (JSONValue) -> Void) async throws -> Void

  init<Input: Message & Sendable, Output: Message & Sendable>(
    _ method: MethodDescriptor, _ input: Input.Type, _ output: Output.Type
  ) {
    name = method.fullyQualifiedMethod
    call = { client, documents, show in
      let messages = try documents.map { document throws(CtlError) in try Self.message(document, as: input) }
      // A unary call is a stream of one message each way, on the wire too.
      let request = StreamingClientRequest<Input> { writer in
        for message in messages { try await writer.write(message) }
      }
      try await client.exchange(
        request, method, ProtobufSerializer<Input>(), ProtobufDeserializer<Output>(),
        isLong: StreamingMethods.names.contains(method.fullyQualifiedMethod)
      ) { answer in show(try Printer.json(answer)) }
    }
  }

  /// Its last part: `GetQueue`.
  var shortName: String { String(name.split(separator: "/").last ?? "") }

  private static func message<Input: Message>(_ document: JSONValue, as type: Input.Type) throws(CtlError) -> Input {
    do { return try Input(jsonString: document.compact) } catch {
      throw .invalid("--data", "does not fit \(Input.protoMessageName): \(error)")
    }
  }

  /// The method so called: by its full name, with `/` or `.` before the method, without the package, or by the method
  /// alone where only one service has it.
  static func named(_ text: String, among methods: [APIMethod]) throws(CtlError) -> APIMethod {
    var wanted = text.hasPrefix("/") ? String(text.dropFirst()) : text
    if !wanted.contains("/"), let dot = wanted.lastIndex(of: ".") { wanted.replaceSubrange(dot...dot, with: "/") }
    let found = methods.filter {
      $0.name == wanted || $0.name == "carillon.v1.\(wanted)" || $0.shortName == wanted
    }
    if found.count == 1 { return found[0] }
    guard found.isEmpty else {
      throw .invalid("METHOD", "\(Excerpt.of(text)) is several: \(found.map(\.name).joined(separator: ", "))")
    }
    let last = wanted.split(separator: "/").last.map(String.init) ?? wanted
    let suggestion = NearestName.suggestion(last, in: methods.map(\.shortName))
    throw CtlError(
      .invalidArgument, "ctl knows no method \(Excerpt.of(text))\(suggestion)", hint: "see them all: ctl api --list")
  }
}
