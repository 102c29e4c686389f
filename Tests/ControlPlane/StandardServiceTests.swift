import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite("gRPC's own services") struct StandardServiceTests {
  private static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.watchPause = .milliseconds(5)
    return limits
  }

  @Test func everyServiceIsServedWhileTheAgentIsReady() async throws {
    try await withRig { rig in
      let names = ["", "carillon.v1.Queues", "carillon.v1.Users", "grpc.health.v1.Health"]
      for name in names { #expect(try await Self.check(rig, name) == .serving) }
      let all = try await rig.health.list(.init()).statuses
      #expect(Set(names).isSubset(of: all.keys) && all.values.allSatisfy { $0.status == .serving })
      rig.pipeline.setNotReady(["no lease"])
      for name in names { #expect(try await Self.check(rig, name) == .notServing) }
      rig.pipeline.setNotReady([])
      try await rig.pipeline.drain(within: .seconds(1))
      #expect(try await Self.check(rig, "") == .notServing)
      try await rig.pipeline.resume()
      #expect(try await Self.check(rig, "") == .serving)
    }
  }

  @Test func aServiceThatIsNotThereIsNotFound() async throws {
    try await withRig(limits: Self.limits) { rig in
      let refusal = try await refused(.notFound) { try await Self.check(rig, "carillon.v1.Bells") }
      #expect(refusal.reason == "NO_SUCH_SERVICE")
      let watched = try await rig.health.watch(.with { $0.service = "carillon.v1.Bells" }) { response in
        try await response.messages.first { _ in true }
      }
      #expect(watched?.status == .serviceUnknown)
    }
  }

  @Test func aWatchTellsEachChange() async throws {
    try await withRig(limits: Self.limits) { rig in
      let seen = try await rig.health.watch(.init()) { response in
        var seen: [Grpc_Health_V1_HealthCheckResponse.ServingStatus] = []
        for try await message in response.messages {
          seen.append(message.status)
          rig.pipeline.setNotReady(seen.count == 1 ? ["no lease"] : [])
          if seen.count == 3 { break }
        }
        return seen
      }
      #expect(seen == [.serving, .notServing, .serving])
    }
  }

  private static func check(
    _ rig: Rig, _ service: String
  ) async throws -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
    try await rig.health.check(.with { $0.service = service }).status
  }

  /// Answers to questions, in order.
  private static func ask(
    _ rig: Rig, _ questions: [Grpc_Reflection_V1_ServerReflectionRequest]
  ) async throws -> [Grpc_Reflection_V1_ServerReflectionResponse] {
    try await rig.reflection.serverReflectionInfo { writer in
      for question in questions { try await writer.write(question) }
    } onResponse: { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }

  @Test func reflectionAnswersEveryKindOfQuestion() async throws {
    try await withRig { rig in
      let answers = try await Self.ask(
        rig,
        [
          .with { $0.listServices = "*" },
          .with { $0.fileByFilename = "carillon/v1/queues.proto" },
          .with { $0.fileContainingSymbol = "carillon.v1.Queues.DrainQueue" },
          .with { $0.fileContainingSymbol = "carillon.v1.AgentStatus" },
          .with { $0.allExtensionNumbersOfType = "google.protobuf.MethodOptions" },
          .with {
            $0.fileContainingExtension = .with {
              $0.containingType = "google.protobuf.MethodOptions"
              $0.extensionNumber = 50_611
            }
          },
        ])
      let services = answers[0].listServicesResponse.service.map(\.name)
      #expect(services.contains("carillon.v1.Queues") && services.contains("grpc.health.v1.Health"))
      #expect(services.contains("grpc.reflection.v1alpha.ServerReflection") && services == services.sorted())
      for answer in answers[1...2] {
        let files = try answer.fileDescriptorResponse.fileDescriptorProto.map {
          try Google_Protobuf_FileDescriptorProto(serializedBytes: $0)
        }
        #expect(files.first?.name == "carillon/v1/queues.proto")
        // With all that it imports, each once.
        let names = files.map(\.name)
        #expect(names.contains("google/protobuf/descriptor.proto") && Set(names).count == names.count)
      }
      #expect(answers[4].allExtensionNumbersResponse.extensionNumber == [50_611])
      #expect(!answers[5].fileDescriptorResponse.fileDescriptorProto.isEmpty)
      #expect(answers.allSatisfy { $0.hasOriginalRequest })
    }
  }

  @Test func whatIsNotThereIsToldAndTheNextQuestionIsAnswered() async throws {
    try await withRig { rig in
      let answers = try await Self.ask(
        rig,
        [
          .with { $0.fileByFilename = "nothing.proto" }, .with { $0.fileContainingSymbol = "carillon.v1.Nothing" },
          .with { $0.allExtensionNumbersOfType = "carillon.v1.Nothing" }, .init(),
          .with { $0.fileContainingSymbol = "carillon.v1.Queue.reserve" },
        ])
      #expect(answers.map(\.errorResponse.errorCode) == [5, 5, 5, 3, 0])
      #expect(answers[4].fileDescriptorResponse.fileDescriptorProto.count > 1)
    }
  }

}
