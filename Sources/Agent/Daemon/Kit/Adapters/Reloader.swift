import ControlPlane
import EventModel

/// The reload, as the control plane wants it.
struct ReloadAdapter: ConfigurationReloader {
  let reload: ConfigurationReload

  func reload(dryRun: Bool) async throws(ModelError) -> ConfigurationChanges {
    do throws(ConfigurationError) {
      let outcome = try await reload.reload(isTrial: dryRun)
      return ConfigurationChanges(changed: outcome.changed, needsRestart: outcome.needsRestart)
    } catch {
      throw ModelError(violations: error.faults.map { .init(field: $0.field, message: $0.description) })
    }
  }
}
