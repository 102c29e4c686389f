import ControlAPI
import GRPCCore
import SwiftProtobuf

/// gRPC's health service. The agent is one whole: when it is not ready, none of its services is.
struct HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
  typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  let environment: Environment
  /// Full names of the services that can be asked about; the empty name is the agent.
  let services: Set<String>

  func check(
    request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    guard knows(request.service) else {
      throw Failure.make(
        .notFound, "NO_SUCH_SERVICE", "there is no service \(Failure.cut(request.service, 200))")
    }
    let status = await self.status()
    return .with { $0.status = status }
  }

  func list(
    request: Grpc_Health_V1_HealthListRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthListResponse {
    let status = await self.status()
    return .with {
      for name in services.union([""]) { $0.statuses[name] = .with { $0.status = status } }
    }
  }

  func watch(
    request: Grpc_Health_V1_HealthCheckRequest, response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    try await environment.watching {
      var told: Status?
      while environment.goesOn(context.cancellation) {
        let status = knows(request.service) ? await self.status() : .serviceUnknown
        if status != told { try await response.write(.with { $0.status = status }) }
        told = status
        try await environment.clock.sleep(for: environment.limits.watchPause)
      }
      if environment.shutdown.isSet, told == .serving { try await response.write(.with { $0.status = .notServing }) }
      throw environment.endOfWatch
    }
  }

  private func knows(_ service: String) -> Bool { service.isEmpty || services.contains(service) }

  private func status() async -> Status {
    guard !environment.shutdown.isSet, await !environment.plugins.eventTypes().isEmpty else { return .notServing }
    let status = await environment.pipeline.status()
    return status.notReadyReasons.isEmpty && !status.isDraining ? .serving : .notServing
  }
}
