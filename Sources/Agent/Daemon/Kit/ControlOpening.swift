import CivilTime
import ControlPlane
import EventModel
import Glibc
import Logging
import Pipeline
import PluginHost
import Store
import Telemetry

/// Puts the control plane together and takes its socket.
struct ControlOpening {
  let configuration: Configuration
  let authority: AuthorityFiles
  let reload: ConfigurationReload
  let log: LogRing
  let metrics: AgentMetrics
  let logger: Logger

  func open(
    store: any Store, plugins: PluginRegistry, operations: PluginOperator, pipeline: Pipeline,
    zones: TimeZoneDatabase
  ) throws(AgentError) -> ControlPlaneServer {
    let services = ControlPlaneServices(
      store: store, plugins: PluginCatalogAdapter(registry: plugins, operations: operations), operations: operations,
      pipeline: PipelineControlAdapter(
        pipeline: pipeline, metrics: metrics, configuration: configuration, startedAt: .now, logger: logger),
      zones: SystemZones(zones), log: LogSourceAdapter(ring: log), reloader: ReloadAdapter(reload: reload),
      admins: configuration.admins, issuer: IssuerAdapter(files: authority),
      now: { pipeline.now }, observer: metrics, logger: logger)
    let server = ControlPlaneServer(
      listeners: ControlPlaneListeners(
        socketPath: configuration.socketPath, plaintextLoopbackPort: configuration.tcp?.port, tls: listener()),
      services: services, logger: logger)
    do throws(ControlPlaneError) {
      try server.listen()
    } catch {
      throw AgentError("the control plane cannot be opened: \(error.message)")
    }
    return server
  }

  /// The listener over TLS, unless its certificates have run out and cannot be renewed: then the agent does its work
  /// without, and the log has said why.
  private func listener() -> ControlPlaneListeners.TLS? {
    guard let address = configuration.tls.listen, let files = configuration.tls.listenerFiles else { return nil }
    CertificateRenewal(files: authority, logger: logger).renew()
    guard configuration.tls.read(now: SystemClock.now()).faults.isEmpty else {
      logger.error("nothing listens over TLS until the agent is restarted with good certificates")
      return nil
    }
    return ControlPlaneListeners.TLS(address: TLSAddress(host: address.host, port: address.port), files: files)
  }
}
