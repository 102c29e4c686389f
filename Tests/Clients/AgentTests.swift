import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension Clients {
  @Suite("Clients of a real agent, over mutual TLS")
  struct AgentTests {
    private static let queue = "queues/low"

    @Test("the example in C lists, schedules, watches and reconfigures", .timeLimit(.minutes(10)))
    func example() async throws {
      let program = try await Self.example()
      try await Self.withAgent { made in
        try await made.home.runReady(made.settings) { agent in
          let said = try await Tool.output(program, made.arguments, limit: .seconds(90))
          for line in ["queues/critical priority", "is scheduled", " delivered ", "\(Self.queue) sends 250 a second"] {
            #expect(said.contains(line), "“\(line)” is missing: \(said)")
          }
          try await agent.control { control in
            let queue = try await control.queues.getQueue(.with { $0.name = Self.queue })
            #expect(queue.ratePerSecond == 250)
          }
        }
      }
    }

    @Test("it goes on from its cursor when the agent is killed and comes back", .timeLimit(.minutes(10)))
    func cut() async throws {
      let program = try await Self.example()
      try await Self.withAgent { made in
        let output = "\(made.home.folder.path)/example.txt"
        let running = try await made.home.run(made.settings) { agent in
          try await agent.waitUntilReady()
          let running = Task {
            try await Tool.run(
              "/bin/sh", ["-c", "exec \"$@\" >'\(output)' 2>&1", "sh", program] + made.arguments, limit: .seconds(120))
          }
          try await eventually("the event is scheduled", within: .seconds(30)) {
            made.home.folder.read("example.txt").contains("is scheduled")
          }
          try agent.kill()
          return running
        }.result
        try await made.home.runReady(made.settings) { _ in
          let answer = try await running.value
          let said = made.home.folder.read("example.txt")
          #expect(answer.exitCode == 0 && said.contains("the watch was cut") && said.contains(" delivered "), "\(said)")
        }
      }
    }

    @Test("the page has programs in C and Python") func pages() {
      let names = Set(PageProgram.all.map(\.testDescription))
      #expect(names == ["rate in c", "rate in python", "watch in python", "health in python"])
    }

    @Test("a program of the page does what the page says", .timeLimit(.minutes(10)), arguments: PageProgram.all)
    func page(_ program: PageProgram) async throws {
      let expected = [
        "rate in c": ["INVALID_ARGUMENT", "queue.weight", "sends 100 a second"],
        "rate in python": ["queues/critical", "sends 100.0 a second", "INVALID_ARGUMENT queue.weight"],
        "watch in python": ["scheduled namespaces/default/events/", "delivered "],
        "health in python": ["SERVING", "carillon.v1.Queues", "grpc.health.v1.Health"],
      ]
      try await Self.withAgent { made in
        let command = try await Self.command(program, made.home.folder)
        try await made.home.runReady(made.settings) { _ in
          let answer = try await Tool.run(
            "/usr/bin/env", command + made.arguments, environment: ["PYTHONPATH": made.home.folder.path],
            limit: .seconds(90))
          #expect(answer.exitCode == 0, "\(answer.output)\(answer.errors)")
          for text in expected[program.testDescription] ?? [] {
            #expect(answer.output.contains(text), "“\(text)” is missing: \(answer.output)\(answer.errors)")
          }
        }
      }
    }

    /// An agent that `agent init` made, with a webhook that takes all events.
    private static func withAgent(_ body: @Sendable (InitialisedAgent) async throws -> Void) async throws {
      try await Nginx.with { nginx in
        try await AgentHome.with { home in
          let made = try await InitialisedAgent(home)
          try await home.runReady(made.settings) { agent in
            try await agent.control { try await Seed.webhook($0, home: home, port: nginx.port) }
          }
          try await body(made)
        }
      }
    }

    private static func example() async throws -> String {
      let library = try await ClientLibrary.installed()
      let program = "\(library.prefix)/queues"
      try await library.compile("\(library.prefix)/share/doc/carillon/examples/queues.c", to: program)
      return program
    }

    /// How to start a program of the page: compiled, or with the modules that grpcio-tools makes.
    private static func command(_ program: PageProgram, _ folder: TemporaryFolder) async throws -> [String] {
      if program.language == "c" {
        let source = try folder.write(program.text, to: "\(program.name).c")
        try await ClientLibrary.installed().compile(source, to: "\(folder.path)/\(program.name)")
        return ["\(folder.path)/\(program.name)"]
      }
      let protos = "\(Programs.repository)/Proto"
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(protos)/carillon/v1")
      _ = try await Tool.output(
        Programs.python,
        ["-m", "grpc_tools.protoc", "-I", protos, "--python_out=\(folder.path)", "--grpc_python_out=\(folder.path)"]
          + names.filter { $0.hasSuffix(".proto") }.map { "carillon/v1/\($0)" })
      return [Programs.python, try folder.write(program.text, to: "\(program.name).py")]
    }
  }
}
