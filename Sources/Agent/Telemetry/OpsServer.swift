import Hummingbird
public import Logging
public import ServiceLifecycle

/// `/livez`, `/readyz` and `/metrics` over HTTP.
public struct OpsServer: Service {
  private let host: String
  private let port: Int
  private let registry: MetricRegistry
  private let readiness: Readiness
  private let logger: Logger

  /// Makes a server; it listens when it runs.
  public init(host: String, port: Int, registry: MetricRegistry, readiness: Readiness, logger: Logger) {
    self.host = host
    self.port = port
    self.registry = registry
    self.readiness = readiness
    self.logger = logger
  }

  /// Serves until shutdown.
  public func run() async throws {
    let router = Router()
    let registry = self.registry
    let readiness = self.readiness
    router.get("/livez") { _, _ in "ok\n" }
    router.get("/readyz") { _, _ in
      let failures = readiness.failures
      return Self.text(
        failures.isEmpty ? "ok\n" : failures.joined(separator: "\n") + "\n",
        status: failures.isEmpty ? .ok : .serviceUnavailable)
    }
    router.get("/metrics") { _, _ in
      Self.text(await registry.text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
    var quiet = logger
    quiet.logLevel = .warning
    let application = Application(
      router: router, configuration: .init(address: .hostname(host, port: port), serverName: "carillon"), logger: quiet)
    try await application.run()
  }

  private static func text(
    _ body: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8"
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: body)))
  }
}
