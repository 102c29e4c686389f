import CPluginAPI
import EventModel
import PluginHost

/// A started plugin with an instance that works.
struct ReadyEventType {
  let plugin: StartedPlugin
  let instance: EventTypeInstance
  let configuration: String
  let documents: Documents
}

struct ReadySink {
  let plugin: StartedPlugin
  let instance: SinkInstance
  let configuration: String
  let documents: Documents
}

extension CaseContext {
  /// How many documents are tried before giving up.
  private static let candidates = 48
  /// Where series begin that are looked at.
  static let seriesStart = CivilFields(year: 2030, month: 1, day: 1)

  /// An instance of the event type with the first configuration that `create` takes.
  func eventType(
    _ variation: TestHost.Variation = .init(), _ mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) -> ReadyEventType {
    let plugin = try start(variation)
    let documents = documents(plugin.manifest)
    var last = ""
    for configuration in try documents.configurations(Self.candidates) {
      let made = try plugin.createEventType("check", configuration, mode)
      if let instance = made.instance {
        return ReadyEventType(plugin: plugin, instance: instance, configuration: configuration, documents: documents)
      }
      last = made.answer.text
    }
    throw .skipped("create takes none of the configurations that were tried (last: \(last)); give --config")
  }

  /// The same for the sink.
  func sink(
    _ variation: TestHost.Variation = .init(), _ mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) -> ReadySink {
    let plugin = try start(variation)
    let documents = documents(plugin.manifest)
    var last = ""
    for configuration in try documents.configurations(Self.candidates) {
      let made = try plugin.createSink("check", configuration, mode)
      if let instance = made.instance {
        return ReadySink(plugin: plugin, instance: instance, configuration: configuration, documents: documents)
      }
      last = made.answer.text
    }
    throw .skipped("create takes none of the configurations that were tried (last: \(last)); give --config")
  }

  /// A sink that is active. One that uses the network is activated with the author's configuration only: what a schema's
  /// examples name is somebody else's.
  func activeSink(
    _ variation: TestHost.Variation = .init(), _ mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) -> ReadySink {
    let sink = try sink(variation, mode)
    if sink.plugin.manifest.permissions.contains("network"), !sink.documents.isConfigurationGiven {
      throw .skipped(
        "it uses the network, and only addresses that you name are contacted; give --config, with @PORT@ for a port on "
          + "127.0.0.1 where the check listens")
    }
    let answer = sink.instance.activate()
    guard answer.isOK else {
      throw .skipped("activate answered \(answer.text); give --config with a configuration that can be activated")
    }
    return sink
  }

  /// A definition that `validate` takes, if possible one of a series that goes on.
  func definition(_ type: ReadyEventType) throws(CaseEnd) -> String {
    var best: (definition: String, count: Int)?
    var last = ""
    for definition in try type.documents.definitions(Self.candidates) {
      let answer = type.instance.validate(definition)
      guard answer.isOK else {
        last = answer.text
        continue
      }
      let count = type.instance.next([request(definition, type, maximum: 50)]).items.count
      if count > best?.count ?? -1 { best = (definition, count) }
      if count >= 50 { break }
    }
    guard let best else {
      throw .skipped("validate takes none of the definitions that were tried (last: \(last)); give --definition")
    }
    return best.definition
  }

  /// A request from the start of a series.
  func request(
    _ definition: String, _ type: ReadyEventType, zone: String = "Europe/London",
    from civil: CivilFields = CaseContext.seriesStart, maximum: UInt32
  ) -> NextRequest {
    NextRequest(
      definition: definition, user: type.documents.user, zone: zone, after: .start(civil, zone), maximum: maximum)
  }

  /// The first occurrences of a series.
  /// - Throws: `.failed` when `next` fails, `.skipped` when there are none.
  func series(_ definition: String, _ type: ReadyEventType, maximum: UInt32 = 50) throws(CaseEnd) -> [SeenOccurrence] {
    let answer = type.instance.next([request(definition, type, maximum: maximum)])
    guard answer.answer.isOK else {
      throw .skipped("next answered \(answer.answer.text) for \(definition.prefix(200)); give --definition and --user")
    }
    guard !answer.items.isEmpty else {
      throw .skipped(
        "the series of \(definition.prefix(200)) has no occurrence after 2030; give --definition and --user")
    }
    return answer.items
  }

  /// Deliveries that differ in their keys.
  func samples(_ count: Int, _ sink: ReadySink, _ prefix: String = "evt") -> [DeliverySample] {
    (0..<count).map { index in
      var sample = DeliverySample()
      sample.key = "\(prefix)_\(request.caseName)_\(index)"
      sample.event.id = sample.key
      sample.event.user = sink.documents.user
      sample.endpoint = sink.documents.fill(request.endpoint)
      return sample
    }
  }
}
