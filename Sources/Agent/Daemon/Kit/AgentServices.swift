import EventModel
import Logging
import PluginHost
import ServiceLifecycle
import Store

/// Keeps the store open until everything after it has stopped.
struct StoreService: Service {
  let store: any Store
  let logger: Logger

  func run() async throws {
    try? await gracefulShutdown()
    await store.close()
    logger.info("store closed")
  }
}

/// Keeps the plugins until everything after them has stopped.
struct PluginService: Service {
  let registry: PluginRegistry
  let logger: Logger

  func run() async throws {
    try? await gracefulShutdown()
    await registry.stop()
    logger.info("plugins stopped")
  }
}
