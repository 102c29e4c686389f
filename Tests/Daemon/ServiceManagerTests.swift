import Glibc
import Testing

@testable import Daemon

@Suite("Service manager")
struct ServiceManagerTests {
  /// A socket as systemd has one.
  private static func bound(_ path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
    return descriptor
  }

  @Test func itGetsEachMessageAsOneDatagram() async throws {
    try await Folder.with { folder in
      let descriptor = try Self.bound("\(folder.path)/notify")
      defer { close(descriptor) }
      let manager = try #require(ServiceManager(socket: "\(folder.path)/notify"))
      manager.tell(["READY=1", "STATUS=a\nSTOPPING=1"])
      var buffer = [UInt8](repeating: 0, count: 1_024)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == "READY=1\nSTATUS=a STOPPING=1")
    }
  }

  @Test func nobodyThereIsNoFailure() {
    ServiceManager(socket: "/nowhere/at/all")?.tell(["READY=1"])
    #expect(ServiceManager(socket: nil) == nil)
    #expect(ServiceManager(socket: "relative") == nil)
    #expect(ServiceManager(socket: "/" + String(repeating: "a", count: 200)) == nil)
  }
}
