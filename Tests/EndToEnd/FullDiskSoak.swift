import AgentHarness
import ControlAPI
import Foundation
import GRPCCore
import Glibc
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("FullDiskSoak", .enabled(if: EndToEnd.isSoak && SmallDisk.isPossible, "needs root, to mount a small disk"))
  struct FullDiskSoak {
    @Test(
      "a full disk is told, nothing acknowledged is lost, and work goes on when there is room", .timeLimit(.minutes(5)))
    func fullDisk() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          let disk = try SmallDisk(at: "\(home.folder.path)/state", megabytes: 24)
          defer { disk.unmount() }
          let acknowledged = try await home.runReady { agent in
            try await agent.control { try await Seed.webhook($0, home: home, port: receiver.port) }
            let before = try await agent.control { try await Self.createUntilRefused($0, limit: 200).count }
            try disk.fill()
            let (duringFull, refusal) = try await agent.control {
              try await Self.createUntilRefused($0, limit: 100_000)
            }
            let error = try #require(refusal, "a full disk took everything")
            #expect([.resourceExhausted, .unavailable].contains(error.code), "\(error)")
            #expect(error.message.contains("full") || error.message.contains("space"), "\(error)")
            try disk.makeRoom()
            let after = try await eventually("taking events again", within: .seconds(30)) {
              let created = try await agent.control { try await Self.createUntilRefused($0, limit: 50).count }
              return created == 50 ? created : nil
            }
            let total = before + duringFull + after
            try await receiver.wait(for: total)
            try await agent.waitUntilSettled(total)
            return total
          }
          let proof = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(proof.isClean, "\(proof)")
          #expect(proof.outcomes["delivered", default: 0] >= acknowledged)
        }
      }
    }

    /// Creates events one by one; answers how many were acknowledged, and the error that ended it.
    private static func createUntilRefused(
      _ control: Control, limit: Int
    ) async throws -> (count: Int, error: RPCError?) {
      for number in 0..<limit {
        do {
          _ = try await control.events.createEvent(
            .with {
              $0.parent = Control.namespace
              $0.definition.fields["title"] = .with { $0.stringValue = "Note \(number)" }
              $0.definition.fields["text"] = .with { $0.stringValue = String(repeating: "x", count: 8_000) }
            })
        } catch let error as RPCError {
          return (number, error)
        }
      }
      return (limit, nil)
    }
  }
}

/// A small file system in memory, mounted over a folder.
struct SmallDisk {
  let folder: String

  /// Whether this user may mount, here.
  static var isPossible: Bool {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    guard let disk = try? SmallDisk(at: folder.path, megabytes: 1) else { return false }
    disk.unmount()
    return true
  }

  init(at folder: String, megabytes: Int) throws {
    guard mount("tmpfs", folder, "tmpfs", 0, "size=\(megabytes)m,mode=0700") == 0 else {
      throw HarnessError(.system, "cannot mount a small disk: \(String(cString: strerror(errno)))")
    }
    self.folder = folder
  }

  /// Takes all the room there is.
  func fill() throws {
    let descriptor = open("\(folder)/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw HarnessError(.system, "cannot write the filler") }
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0, count: 65_536)
    var size = block.count
    while size > 0 {
      if write(descriptor, block, size) < 0 {
        guard errno == ENOSPC else { throw HarnessError(.system, "the filler: \(String(cString: strerror(errno)))") }
        size /= 2
      }
    }
  }

  func makeRoom() throws {
    guard unlink("\(folder)/filler") == 0 else { throw HarnessError(.system, "cannot remove the filler") }
  }

  func unmount() {
    umount2(folder, Int32(MNT_DETACH))
  }
}
