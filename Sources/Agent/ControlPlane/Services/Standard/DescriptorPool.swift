import ControlAPI
import SwiftProtobuf

/// The protos that the agent speaks: what reflection tells, and what filters on lists go by.
struct DescriptorPool: Sendable {
  /// Those that were compiled in.
  static let shared = DescriptorPool(base64: FileDescriptors.base64)

  /// A serialized FileDescriptorProto, and what it imports.
  struct File: Sendable {
    var bytes: Google_Protobuf_BytesValue
    var imports: [String]
  }

  /// By name, such as `carillon/v1/queues.proto`.
  private(set) var files: [String: File] = [:]
  /// Full names of services, in order.
  private(set) var services: [String] = []
  /// Messages by full name.
  private(set) var messages: [String: Google_Protobuf_DescriptorProto] = [:]
  /// Enumerations by full name.
  private(set) var enumerations: [String: Google_Protobuf_EnumDescriptorProto] = [:]
  private var fileOfSymbol: [String: String] = [:]
  /// Which file declares an extension, by the message that is extended and the number.
  private var fileOfExtension: [String: [Int32: String]] = [:]

  /// - Parameter base64: FileDescriptorProtos, written by Proto/describe.py; one that cannot be read would be a fault of
  ///   the build, and is left out, which a test would see.
  init(base64: [String]) {
    for text in base64 {
      // In protobuf's JSON, bytes are base64.
      guard let bytes = try? Google_Protobuf_BytesValue(jsonString: "\"\(text)\""),
        let file = try? Google_Protobuf_FileDescriptorProto(serializedBytes: bytes.value)
      else { continue }
      files[file.name] = File(bytes: bytes, imports: file.dependency)
      add(file)
    }
    services.sort()
  }

  /// The file that declares a service, method, message, field, enumeration, value or extension of this full name.
  func file(declaring symbol: String) -> String? { fileOfSymbol[symbol] }

  /// The file that declares an extension of a message.
  func file(declaringExtension number: Int32, of message: String) -> String? { fileOfExtension[message]?[number] }

  /// Numbers of a message's extensions, in order; nil when there is no such message.
  func extensions(of message: String) -> [Int32]? {
    messages[message] == nil ? nil : (fileOfExtension[message]?.keys.sorted() ?? [])
  }

  /// A file and all that it imports, itself first, each once.
  func closure(of file: String) -> [Google_Protobuf_BytesValue] {
    var found: [Google_Protobuf_BytesValue] = []
    var seen: Set<String> = [file]
    var left = [file]
    while let name = left.popLast() {
      guard let file = files[name] else { continue }
      found.append(file.bytes)
      left += file.imports.filter { seen.insert($0).inserted }
    }
    return found
  }
}

extension DescriptorPool {
  private mutating func add(_ file: Google_Protobuf_FileDescriptorProto) {
    let scope = file.package.isEmpty ? "" : file.package + "."
    for service in file.service {
      let name = scope + service.name
      services.append(name)
      fileOfSymbol[name] = file.name
      for method in service.method { fileOfSymbol["\(name).\(method.name)"] = file.name }
    }
    for message in file.messageType { add(message, scope, file.name) }
    for enumeration in file.enumType { add(enumeration, scope, file.name) }
    for field in file.extension { add(extending: field, scope, file.name) }
  }

  private mutating func add(_ message: Google_Protobuf_DescriptorProto, _ scope: String, _ file: String) {
    let name = scope + message.name
    messages[name] = message
    fileOfSymbol[name] = file
    for field in message.field { fileOfSymbol["\(name).\(field.name)"] = file }
    for oneof in message.oneofDecl { fileOfSymbol["\(name).\(oneof.name)"] = file }
    for nested in message.nestedType { add(nested, name + ".", file) }
    for enumeration in message.enumType { add(enumeration, name + ".", file) }
    for field in message.extension { add(extending: field, name + ".", file) }
  }

  private mutating func add(
    _ enumeration: Google_Protobuf_EnumDescriptorProto, _ scope: String, _ file: String
  ) {
    enumerations[scope + enumeration.name] = enumeration
    fileOfSymbol[scope + enumeration.name] = file
    // Values stand beside their enumeration, not in it.
    for value in enumeration.value { fileOfSymbol[scope + value.name] = file }
  }

  private mutating func add(
    extending field: Google_Protobuf_FieldDescriptorProto, _ scope: String, _ file: String
  ) {
    fileOfSymbol[scope + field.name] = file
    fileOfExtension[Self.fullName(field.extendee), default: [:]][field.number] = file
  }

  /// Descriptors write full names with a point before them.
  static func fullName(_ typeName: String) -> String {
    typeName.hasPrefix(".") ? String(typeName.dropFirst()) : typeName
  }
}
