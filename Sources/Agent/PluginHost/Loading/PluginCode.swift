import CPluginAPI

/// The code of a plugin, started, wherever it runs.
enum PluginCode: Sendable {
  /// In the agent's process.
  case local(PluginLibrary, InterfaceTables)
  /// In a process of its own.
  case isolated(IsolatedPlugin, RemoteTables)

  /// Where it runs.
  var isolation: PluginIsolation {
    switch self {
    case .local: .inProcess
    case .isolated: .process
    }
  }

  /// Its sink, if it is one.
  func sink(_ tickets: TicketTable) -> (any SinkFunctions)? {
    switch self {
    case .local(_, let tables): tables.sink.map(LocalSink.init)
    case .isolated(let plugin, let tables):
      tables.sink.map { model in
        RemoteSink(
          calls: RemoteCalls(plugin: plugin, interface: CARILLON_SINK_1), threadModel: model, tickets: tickets)
      }
    }
  }

  /// Its event type, if it is one.
  var eventType: (any EventTypeFunctions)? {
    switch self {
    case .local(_, let tables): tables.eventType.map(LocalEventType.init)
    case .isolated(let plugin, let tables):
      tables.eventType.map { model in
        RemoteEventType(
          calls: RemoteCalls(plugin: plugin, interface: CARILLON_EVENT_TYPE_1), threadModel: model)
      }
    }
  }

  /// Calls its `stop`. On a thread of the host's.
  func stop() {
    switch self {
    case .local(let library, _): library.table.stop()
    case .isolated(let plugin, _): plugin.stop(callingStop: true)
    }
  }
}
