import ControlAPI
import FoundationEssentials
import SwiftProtobuf

/// Which methods answer more than once, as the protos say: these go on for as long as they like.
enum StreamingMethods {
  static let names: Set<String> = {
    var names: Set<String> = []
    for text in FileDescriptors.base64 {
      // They are built in; what cannot be read has no streams, and a test says how many there are.
      guard let bytes = Data(base64Encoded: text),
        let file = try? Google_Protobuf_FileDescriptorProto(serializedBytes: bytes)
      else { continue }
      for service in file.service {
        for method in service.method where method.serverStreaming {
          names.insert("\(file.package).\(service.name)/\(method.name)")
        }
      }
    }
    return names
  }()
}
