import ControlAPI
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SwiftProtobuf
import Testing

/// Methods as the descriptors have them, called with bytes.
struct RawMethod: Sendable, Hashable {
  let fullName: String
  let isStream: Bool
  /// The request's names: how each is reached in it, by field numbers, and whether the service goes by it.
  let names: [[Int]]

  var descriptor: MethodDescriptor {
    let parts = fullName.split(separator: "/").map(String.init)
    return MethodDescriptor(fullyQualifiedService: parts[0], method: parts[1])
  }

  /// A request that says nothing but its names, each in one namespace.
  func request(namespaces: [String]) -> [UInt8] {
    zip(names, namespaces).flatMap { path, namespace in
      let isParent = path == parent
      return Self.encode(path, isParent ? "namespaces/\(namespace)" : "namespaces/\(namespace)/x")
    }
  }

  func request(namespace: String) -> [UInt8] { request(namespaces: names.map { _ in namespace }) }

  private let parent: [Int]?

  private static func encode(_ path: [Int], _ text: String) -> [UInt8] {
    guard let field = path.first else { return Array(text.utf8) }
    let inner = encode(Array(path.dropFirst()), text)
    // Field numbers below 16 and lengths below 128: one byte each.
    return [UInt8(field << 3 | 2), UInt8(inner.count)] + inner
  }

  /// Every method of the API, by name.
  static let all: [RawMethod] = {
    let files = FileDescriptors.base64.compactMap { text in
      Data(base64Encoded: text).flatMap { try? Google_Protobuf_FileDescriptorProto(serializedBytes: $0) }
    }.filter { $0.package == "carillon.v1" }
    var messages: [String: Google_Protobuf_DescriptorProto] = [:]
    for file in files {
      for message in file.messageType { messages[".\(file.package).\(message.name)"] = message }
    }
    return files.flatMap { file in
      file.service.flatMap { service in
        service.method.map { method in
          RawMethod("\(file.package).\(service.name)/\(method.name)", method, messages)
        }
      }
    }.sorted { $0.fullName < $1.fullName }
  }()

  private init(
    _ fullName: String, _ method: Google_Protobuf_MethodDescriptorProto,
    _ messages: [String: Google_Protobuf_DescriptorProto]
  ) {
    self.fullName = fullName
    isStream = method.clientStreaming || method.serverStreaming
    var names: [[Int]] = []
    var parent: [Int]?
    for field in messages[method.inputType]?.field ?? [] {
      if field.name == "parent" {
        names.append([Int(field.number)])
        parent = [Int(field.number)]
      } else if field.name == "name" {
        names.append([Int(field.number)])
      } else if method.name.hasPrefix("Update"),
        let name = messages[field.typeName]?.field.first(where: { $0.name == "name" })
      {
        // An update goes by the name of what it changes.
        names.append([Int(field.number), Int(name.number)])
      }
    }
    self.names = names
    self.parent = parent
  }
}

extension GRPCClient<HTTP2ClientTransport.Posix> {
  /// Calls a method with bytes; nil for OK, or for a stream's first answer.
  func code(
    _ method: RawMethod, _ bytes: [UInt8], metadata: Metadata = [:], timeout: Duration = .seconds(20)
  ) async throws -> RPCError? {
    var options = CallOptions.defaults
    options.timeout = timeout
    do {
      if method.isStream {
        return try await self.bidirectionalStreaming(
          request: StreamingClientRequest(metadata: metadata) { try await $0.write(bytes) },
          descriptor: method.descriptor, serializer: HostileTests.Raw(), deserializer: HostileTests.Raw(),
          options: options
        ) { response in
          for try await _ in response.messages { return nil }
          return nil
        }
      }
      return try await unary(
        request: ClientRequest(message: bytes, metadata: metadata), descriptor: method.descriptor,
        serializer: HostileTests.Raw(), deserializer: HostileTests.Raw(), options: options
      ) {
        _ = try $0.message
        return nil
      }
    } catch let error as RPCError {
      return error
    }
  }
}
