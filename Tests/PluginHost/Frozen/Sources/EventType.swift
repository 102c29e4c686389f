public import CPluginAPI
import FrozenManifest
import PluginKit0

/// An event type that rings every day, and words an event with all that it was given. Frozen: it is never changed, only
/// added to.
struct EveryDay: EventTypePlugin {
  static let threadModel = ThreadModel.parallel

  private let name: String

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) { self.name = name }

  func validate(_ definition: JSONText) throws(PluginError) {
    guard try definition.object(named: "definition")["word"] == nil else {
      throw PluginError(violations: [.init(pointer: "/word", code: "frozen", message: "must not be there")])
    }
  }

  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let after = request.after
    var day: CivilDate? = after.isStart ? after.civil.date : after.civil.date.adding(days: 1)
    var ordinal = after.ordinal
    while let date = day, let time = CivilTimeOfDay(hour: 12, minute: 30) {
      ordinal += 1
      let key = "\(date):\(after.key):\(after.instantNanoseconds):\(request.timeZone)"
      guard emit(Occurrence(.civil(Civil(date, time)), ordinal: ordinal, key: key)) == .more else { return }
      day = date.adding(days: 1)
    }
  }

  func render(_ event: Event) throws(PluginError) -> Message {
    let values = [
      name, event.id, event.namespace, event.type, event.scheduleID, event.occurrenceKey, event.timeZone, event.locale,
      event.user.text, event.definition.text, event.data.text, event.templates.text, "\(event.local)",
      "\(event.dueNanoseconds)", "\(event.isTest)",
    ]
    return Message(
      title: event.occurrenceKey, text: values.joined(separator: "|"), html: "<p>frozen</p>",
      contentType: "application/json", data: "{}")
  }
}

private let entry = PluginEntry(manifest: String(cString: frozen_manifest()), eventType: EveryDay.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
