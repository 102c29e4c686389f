import Foundation
import RunnerProtocol
import SwiftProtobuf
import Testing

@testable import PluginHost

@Suite("carillon-runner: what it is sent is checked, and what it cannot load it says")
struct RunnerFramesTests {
  private func hostile<R: Sendable>(_ body: @escaping @Sendable (String) throws -> R) async throws -> R {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let library = try await Fixture.build("hostile", into: folder)
    return try await onThread { try body(library) }
  }

  @Test(
    "Bytes that are no frames end it",
    arguments: [
      ([], 0), ([0], 74), ([1, 0, 0, 0], 74), ([0, 0, 0, 0], 65), ([1, 0, 0, 1], 65), ([255, 255, 255, 255], 65),
      ([2, 0, 0, 0, 0xff, 0xff], 65), ([2, 0, 0, 0, 0x12, 0x00], 65),
    ] as [([UInt8], Int32)])
  func bytes(bytes: [UInt8], expected: Int32) async throws {
    let status = try await hostile { library in
      let runner = try RunnerProgram(library, setup: nil)
      runner.send(bytes: bytes)
      return runner.end()
    }
    #expect(status == expected)
  }

  /// A call with instance 2, or 1 for a sink's.
  private static func call(_ kind: Carillon_Runner_V1_Call.OneOf_Kind, _ instance: UInt64 = 2)
    -> Carillon_Runner_V1_ToRunner
  {
    .with { $0.call = .with { ($0.instance, $0.kind) = (instance, kind) } }
  }

  private static func deliver(_ change: (inout Carillon_Runner_V1_Deliver.Delivery) -> Void)
    -> Carillon_Runner_V1_ToRunner
  {
    var delivery = Carillon_Runner_V1_Deliver.Delivery()
    delivery.ticket = 5
    change(&delivery)
    return call(
      .deliver(.with { ($0.deliveries, $0.events, $0.messages) = ([delivery], [.init()], [.init()]) }), 1)
  }

  private static let many = Array(repeating: Carillon_Runner_V1_Event(), count: 4_097)

  @Test(
    "Frames that break a rule end it, before the plugin sees them",
    arguments: [
      ("a second setup", .with { $0.setup = .init() }), ("nothing", .init()),
      ("a call of nothing", .with { $0.call = .init() }),
      ("shared with nothing", call(.render(.with { $0.events = [.with { $0.same = 1 }] }))),
      ("too many events", call(.render(.with { $0.events = many }))),
      ("no occurrences wanted", call(.next(.with { $0.requests = [.init()] }))),
      ("no such event", deliver { $0.event = 1 }), ("no such message", deliver { $0.message = 1 }),
      ("no ticket", deliver { $0.ticket = 0 }),
      (
        "a month that is too large for its field",
        call(.next(.with { $0.requests = [.with { ($0.max, $0.civil.month) = (1, 256) }] }))
      ),
    ] as [(String, Carillon_Runner_V1_ToRunner)])
  func rules(what: String, message: Carillon_Runner_V1_ToRunner) async throws {
    let status = try await hostile { library in
      let runner = try RunnerProgram.hostile(library)
      try runner.send(message)
      return runner.reap()
    }
    #expect(status == 65)
  }

  @Test("A call before its time, or about an instance that is not there, is answered with a reason")
  func strangers() async throws {
    let (early, replies) = try await hostile { library in
      let fresh = try RunnerProgram(library)
      let early = try fresh.call(1, .create(.with { $0.interface = "carillon.sink/1" }))
      let runner = try RunnerProgram.hostile(library)
      var replies: [RunnerProgram.Reply] = []
      replies.append(try runner.call(3, .activate(.init())))
      replies.append(try runner.call(2, .activate(.init())))
      replies.append(try runner.call(1, .validate(.init())))
      replies.append(try runner.call(1, .create(.with { $0.interface = "carillon.sink/1" })))
      replies.append(try runner.call(0, .start(.init())))
      replies.append(try runner.call(3, .destroy(.init())))
      return (early, replies)
    }
    #expect(early.status == 1 && early.fault.message == Data("the plugin is not started".utf8))
    for reply in replies { #expect(reply.status == 1 && !reply.fault.message.isEmpty, "\(reply)") }
  }

  @Test("Frames that were changed at random are answered or end it, and never crash it")
  func random() async throws {
    let statuses = try await hostile { library in
      var random = SystemRandomNumberGenerator()
      let delivery = RunnerProgram.delivery("nothing")
      return try (0..<40).map { _ in
        let runner = try RunnerProgram.hostile(library)
        for _ in 0..<20 {
          var bytes: [UInt8] = try Self.call(delivery, 1).serializedBytes()
          for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
          }
          runner.send(bytes: [UInt8(bytes.count), 0, 0, 0] + bytes)
        }
        return runner.end()
      }
    }
    // It ends with the connection, or because of a frame; a reply that it cannot send any more ends it too.
    for status in statuses { #expect([0, 65, 74].contains(status)) }
  }

  @Test(
    "What cannot be loaded is said, with what the agent goes by",
    arguments: [
      (["MAJOR=7"], "7 48", "", []), (["SIZE=4"], "0 4", "", []), (["SIZE=40"], "0 40", "", ["interface"]),
      (["SYMBOL=another"], "0 0", "it does not export carillon_plugin_v1", []),
    ] as [([String], String, String, [String])])
  func loading(defines: [String], version: String, fault: String, missing: [String]) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let library = try await Fixture.build("event_type", into: folder, defines)
    let loaded = try await onThread { try RunnerProgram(library).loaded }
    #expect("\(loaded.abiMajor) \(loaded.structSize)" == version && loaded.missing == missing)
    #expect(loaded.fault.message == Data(fault.utf8) && loaded.hasFault == !fault.isEmpty)
  }

  @Test("It brings no Swift runtime, which would meet that of a plugin's own")
  func noRuntime() throws {
    let program = try Data(contentsOf: URL(fileURLWithPath: RunnerProgram.path))
    #expect(program.range(of: Data("libprotobuf-c".utf8)) != nil)
    #expect(program.range(of: Data("libswiftCore".utf8)) == nil)
  }

  @Test("By hand it says what it is, and what it is for")
  func byHand() async throws {
    func run(_ arguments: [String]) async throws -> (status: Int32, text: String) {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: RunnerProgram.path)
      process.arguments = arguments
      (process.standardOutput, process.standardError) = (pipe, pipe)
      let status = try await process.exitStatus()
      return (status, String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self))
    }
    #expect(try await run(["--version"]).text.hasPrefix("carillon-runner, plugin ABI "))
    #expect(try await run(["--help"]).text.contains("The agent starts it"))
    for arguments in [[], ["--nonsense"]] {
      let answer = try await run(arguments)
      #expect(answer.status == 64 && answer.text.contains("The agent starts it"))
    }
  }
}
