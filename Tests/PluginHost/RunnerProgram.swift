import Foundation
import RunnerProtocol
import SwiftProtobuf

@testable import PluginHost

/// The built `carillon-runner`, with one plugin, spoken to frame by frame. For one thread.
final class RunnerProgram {
  typealias Setup = Carillon_Runner_V1_Setup
  typealias Call = Carillon_Runner_V1_Call
  typealias Reply = Carillon_Runner_V1_Reply

  /// The connection ended: with an exit code, or a signal as a negative number.
  struct Ended: Error {
    var status: Int32
  }

  /// Beside the program that these tests are.
  static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("carillon-runner").path

  let pid: pid_t
  /// What the runner answered to its setup.
  private(set) var loaded = Carillon_Runner_V1_Loaded()
  /// Results that came in frames of their own.
  private(set) var completions: [Carillon_Runner_V1_Complete.Result] = []
  /// Lines that came.
  private(set) var lines: [Carillon_Runner_V1_Log] = []
  private let socket: Int32
  private var output: Int32
  private var buffer: [UInt8] = []
  private var calls: UInt64 = 0
  private var isReaped = false

  /// Starts the program; with a setup, also says it and waits until the plugin is loaded.
  init(_ library: String, setup change: ((inout Setup) -> Void)? = { _ in }) throws {
    let image = try Self.image(library)
    defer { close(image) }
    let child = try ProcessSpawn.start(Self.path, image: image, libraries: "")
    (pid, socket, output) = (child.pid, child.socket, child.output)
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard let change else { return }
    var setup = Setup()
    setup.name = "test"
    setup.logLevel = 1
    setup.abiMinor = .max
    setup.interfaces = ["carillon.host.log/1", "carillon.host.delivery/1"]
    change(&setup)
    try send(.with { $0.setup = setup })
    loaded = try next { if case .loaded(let loaded) = $0 { loaded } else { nil } }
  }

  deinit {
    if !isReaped {
      kill(pid, SIGKILL)
      _ = reap()
    }
    close(socket)
    closeOutput()
  }

  private static func image(_ library: String) throws -> Int32 {
    let file = GNU.memoryFile("test")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: library)))
    guard file >= 0, write(file, bytes, bytes.count) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    return file
  }

  /// From now on nobody reads what it prints.
  func closeOutput() {
    if output >= 0 { close(output) }
    output = -1
  }

  /// Sends bytes, whatever they are. What it does not take any more is lost.
  func send(bytes: [UInt8]) { _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Sends a frame.
  func send(_ message: Carillon_Runner_V1_ToRunner) throws {
    let body: [UInt8] = try message.serializedBytes()
    send(bytes: [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body)
  }

  /// The next frame.
  func frame() throws -> Carillon_Runner_V1_FromRunner {
    let length = try take(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    return try Carillon_Runner_V1_FromRunner(serializedBytes: try take(length))
  }

  private func take(_ count: Int) throws -> [UInt8] {
    var part = [UInt8](repeating: 0, count: 65_536)
    while buffer.count < count {
      let got = recv(socket, &part, part.count, 0)
      guard got > 0 else { throw Ended(status: reap()) }
      buffer += part[..<got]
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  /// Reads frames until one of a kind came.
  @discardableResult
  func next<R>(_ pick: (Carillon_Runner_V1_FromRunner.OneOf_Kind) -> R?) throws -> R {
    while true {
      guard let kind = try frame().kind else { continue }
      if case .log(let line) = kind { lines.append(line) }
      if case .complete(let complete) = kind { completions += complete.results }
      if let picked = pick(kind) { return picked }
    }
  }

  /// Makes a call and waits for its reply.
  @discardableResult
  func call(_ instance: UInt64, _ kind: Call.OneOf_Kind) throws -> Reply {
    let id = try submit(instance, kind)
    return try next { if case .reply(let reply) = $0, reply.id == id { reply } else { nil } }
  }

  /// Makes a call.
  @discardableResult
  func submit(_ instance: UInt64, _ kind: Call.OneOf_Kind) throws -> UInt64 {
    calls += 1
    try send(.with { $0.call = .with { ($0.id, $0.instance, $0.kind) = (calls, instance, kind) } })
    return calls
  }

  /// Closes the connection and waits for the end.
  func end() -> Int32 {
    shutdown(socket, Int32(SHUT_RDWR))
    return reap()
  }

  /// Waits for the end; answers its exit code, or the signal as a negative number.
  func reap() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    isReaped = true
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
  }
}

extension RunnerProgram {
  /// With the fixture `hostile` started, its sink as instance 1 and its event type as instance 2.
  static func hostile(_ library: String, setup change: @escaping (inout Setup) -> Void = { _ in }) throws
    -> RunnerProgram
  {
    let runner = try RunnerProgram(library, setup: change)
    try runner.call(0, .start(.with { $0.interfaces = ["carillon.sink/1", "carillon.event-type/1"] }))
    try runner.call(1, .create(.with { $0.interface = "carillon.sink/1" }))
    try runner.call(2, .create(.with { $0.interface = "carillon.event-type/1" }))
    return runner
  }

  /// A call of `deliver` with one delivery, which asks the fixture for something.
  static func delivery(_ word: String, _ path: String = "", ticket: UInt64 = 7 << 32 | 1) -> Call.OneOf_Kind {
    .deliver(
      .with {
        $0.deliveries = [.with { $0.ticket = ticket }]
        $0.events = [.init()]
        $0.messages = [
          .with {
            $0.title = Data(word.utf8)
            $0.text = Data(path.utf8)
          }
        ]
      })
  }

  /// Has the fixture try something; "ok", or the number of the error that it met.
  func attempt(_ word: String, _ path: String = "") throws -> String {
    let reply = try call(1, Self.delivery(word, path))
    return reply.complete.results.first.map { String(decoding: $0.detail, as: UTF8.self) } ?? "no result"
  }
}

/// Runs on a thread of its own, so that what waits there keeps none of Swift's.
func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
