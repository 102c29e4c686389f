import Logging
import ServiceLifecycle
import UnixSignals

/// Reloads at SIGHUP, and tells the service manager.
struct HangUp: Service {
  let reload: ConfigurationReload
  let manager: ServiceManager?

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    await cancelWhenGracefulShutdown {
      for await _ in signals {
        manager?.tell(["RELOADING=1", "MONOTONIC_USEC=\(ServiceManager.monotonicMicroseconds())"])
        let status: String
        do throws(ConfigurationError) {
          let outcome = try await reload.reload(isTrial: false)
          let waiting = outcome.needsRestart.joined(separator: ", ")
          status = waiting.isEmpty ? "configuration reloaded" : "reloaded; a restart is needed for \(waiting)"
        } catch {
          // The log has every fault.
          status = "the configuration was not reloaded: \(error.faults.first?.description ?? "")"
        }
        manager?.tell(["READY=1", "STATUS=\(status)"])
      }
    }
  }
}
