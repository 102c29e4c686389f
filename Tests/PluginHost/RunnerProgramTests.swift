import Foundation
import RunnerProtocol
import SwiftProtobuf
import Testing

@testable import PluginHost

@Suite("carillon-runner: what a plugin does stays in its process")
struct RunnerProgramTests {
  /// What a plugin may, beside nothing.
  struct Permissions: Sendable {
    var network = false
    var exec = false
    var files = false
  }

  private static let (no, notThere) = ("\(EPERM)", "\(ENOSYS)")

  /// Builds the fixture, and makes a file beside it to be tried on.
  private func hostile<R: Sendable>(
    _ body: @escaping @Sendable (_ library: String, _ file: String) throws -> R
  ) async throws -> R {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let library = try await Fixture.build("hostile", into: folder)
    let file = folder.url.appendingPathComponent("file").path
    try Data("x".utf8).write(to: URL(fileURLWithPath: file))
    return try await onThread { try body(library, file) }
  }

  @Test(
    "A plugin does what its permissions allow, and nothing else",
    arguments: [
      (Permissions(), ["fork", "bomb", "exec", "spawn", "socket", "datagrams"], no),
      (Permissions(), ["write", "much", "folder", "remove", "mode", "rename", "cut"], no),
      (Permissions(), ["thread", "self", "pair", "read"], "ok"),
      (Permissions(network: true), ["socket", "datagrams", "pair"], "ok"),
      (Permissions(network: true), ["fork", "write"], no),
      (Permissions(exec: true), ["fork", "spawn", "self"], "ok"),
      (Permissions(exec: true), ["socket", "write"], no),
      (Permissions(files: true), ["write", "mode", "cut", "remove"], "ok"),
      (Permissions(files: true), ["fork", "socket"], no),
      // Whatever it may, never these.
      (
        Permissions(network: true, exec: true, files: true),
        ["signal", "owner", "trace", "namespace", "limit", "personality", "shared"], no
      ),
      (Permissions(network: true, exec: true, files: true), ["ring", "future"], notThere),
    ] as [(Permissions, [String], String)])
  func permissions(permissions: Permissions, words: [String], expected: String) async throws {
    let outcomes = try await hostile { library, file in
      let runner = try RunnerProgram.hostile(library) {
        ($0.network, $0.exec, $0.files) = (permissions.network, permissions.exec, permissions.files)
      }
      return try words.map { word in try runner.attempt(word, word == "folder" ? file + "s" : file) }
    }
    for (word, outcome) in zip(words, outcomes) { #expect(outcome == expected, "\(word)") }
  }

  @Test("The agent's memory cannot be read, where the kernel has Landlock, though the user is the same")
  func memoryOfAgent() async throws {
    let (outcome, enforced) = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      return (try runner.attempt("parent"), runner.loaded.enforced)
    }
    if enforced.contains("landlock") { #expect(outcome == "\(EACCES)") }
  }

  @Test("A limit ends in an error for the plugin, and not in the end of the machine's memory or descriptors")
  func limits() async throws {
    let (outcomes, enforced) = try await hostile { library, file in
      let runner = try RunnerProgram.hostile(library) {
        $0.memoryBytes = 512 << 20
        $0.openFiles = 64
        $0.fileBytes = 1 << 20
        $0.files = true
      }
      let outcomes = try ["memory", "files", "self"].map { try runner.attempt($0) }
      let another = try RunnerProgram.hostile(library) {
        $0.fileBytes = 1 << 20
        $0.files = true
      }
      return (outcomes + [try another.attempt("much", file)], runner.loaded.enforced)
    }
    #expect(outcomes == ["\(ENOMEM)", "\(EMFILE)", "ok", "\(EFBIG)"])
    #expect(Set(enforced).isSuperset(of: ["limits", "no-new-privileges", "capabilities", "seccomp"]))
  }

  @Test("Another user is had, with a bound on processes, or the plugin is refused")
  func user() async throws {
    let isRoot = geteuid() == 0
    let (fault, outcomes): (String, [String]) = try await hostile { library, _ in
      let setup: @Sendable (inout RunnerProgram.Setup) -> Void = {
        ($0.changeUser, $0.user, $0.group) = (true, 54_321, 54_321)
        ($0.exec, $0.processes) = (true, 20)
      }
      let runner = try RunnerProgram(library, setup: setup)
      guard !runner.loaded.hasFault else { return (String(decoding: runner.loaded.fault.message, as: UTF8.self), []) }
      let started = try RunnerProgram.hostile(library, setup: setup)
      return ("", try ["user", "bomb", "fork"].map { try started.attempt($0) })
    }
    if isRoot {
      #expect(fault.isEmpty && outcomes == ["54321", "\(EAGAIN)", "ok"])
    } else {
      #expect(fault.contains("user cannot be had"))
    }
  }

  @Test(
    "However a plugin ends its process, the exit code tells how",
    arguments: [
      ("crash", -SIGSEGV), ("close", 74), ("close-open", 74), ("close-later", 74),
    ])
  func ends(word: String, expected: Int32) async throws {
    let status = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      do {
        _ = try runner.attempt(word)
        _ = try runner.frame()
        return 0 as Int32
      } catch let end as RunnerProgram.Ended { return end.status }
    }
    #expect(status == expected)
  }

  @Test("A call that spins keeps no other from being made, nor the process from ending with the connection")
  func spins() async throws {
    let (reply, status) = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      try runner.submit(1, RunnerProgram.delivery("spin"))
      let reply = try runner.call(2, .validate(.init()))
      return (reply, runner.end())
    }
    #expect(reply.status == 1 && reply.fault.violations.count == 64 && status == 0)
  }

  @Test("A plugin that prints more than is read, or to nobody, goes on; its lines in the log are bounded")
  func prints() async throws {
    let (outcomes, lines) = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      var outcomes = [try runner.attempt("flood")]
      runner.closeOutput()
      outcomes.append(try runner.attempt("flood"))
      outcomes.append(try runner.attempt("lines"))
      return (outcomes, runner.lines.count)
    }
    #expect(outcomes == ["ok", "ok", "ok"])
    #expect((1_000..<3_000).contains(lines))
  }

  @Test("A ticket is completed once: inside the call with its reply, later in a frame of its own, or when cancelled")
  func tickets() async throws {
    let (inside, later, cancelled, refused) = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      let inside = try runner.call(1, RunnerProgram.delivery("twice")).complete.results
      try runner.call(1, RunnerProgram.delivery("later", ticket: 9 << 32 | 2))
      if runner.completions.isEmpty { try runner.next { if case .complete = $0 { true } else { nil } } }
      let later = runner.completions
      try runner.call(1, RunnerProgram.delivery("keep", ticket: 9 << 32 | 3))
      try runner.submit(1, RunnerProgram.delivery("spin", ticket: 9 << 32 | 4))
      try runner.send(.with { $0.cancel = .with { ($0.instance, $0.tickets) = (1, [9 << 32 | 3, 9 << 32 | 8]) } })
      let cancelled = try runner.next { if case .complete(let complete) = $0 { complete.results } else { nil } }
      return (inside, later, cancelled, try runner.call(1, RunnerProgram.delivery("refuse", ticket: 1 << 32 | 9)))
    }
    #expect(inside.map(\.detail) == [Data("once".utf8)])
    #expect(later.map(\.ticket) == [9 << 32 | 2])
    #expect(cancelled.map(\.ticket) == [9 << 32 | 3])
    #expect(refused.status == 2 && refused.fault.message == Data("as asked".utf8))
  }

  @Test("What an event type emits is bounded, and what events share is sent once")
  func emits() async throws {
    let (flood, stranger, shared, large) = try await hostile { library, _ in
      let runner = try RunnerProgram.hostile(library)
      func next(_ word: String) throws -> RunnerProgram.Reply {
        try runner.call(
          2, .next(.with { $0.requests = [.with { ($0.max, $0.definition) = (3, Data(word.utf8)) }] }))
      }
      func render(_ word: String) throws -> RunnerProgram.Reply {
        var first = Carillon_Runner_V1_Event()
        (first.type, first.timeZone) = (Data("type".utf8), Data("zone".utf8))
        first.definition = Data(word.utf8)
        let second = Carillon_Runner_V1_Event.with { $0.same = 2 }
        return try runner.call(2, .render(.with { $0.events = [first, second] }))
      }
      return (try next("flood"), try next("stranger"), try render("fine"), try render("flood"))
    }
    #expect(flood.occurrences.count == 10_000 && flood.status == 2 && flood.hasFault)
    #expect(stranger.occurrences.map(\.request) == [1_000])
    #expect(shared.messages.map(\.text) == [Data("type".utf8), Data("type".utf8)])
    #expect(shared.messages.map(\.html) == [Data("zone".utf8), Data()])
    #expect(large.status == 2 && large.messages.count > 1_000)
  }
}
