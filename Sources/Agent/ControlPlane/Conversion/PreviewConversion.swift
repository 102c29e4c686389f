import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_PreviewedOccurrence {
  /// One occurrence in words.
  init(_ occurrence: PreviewedOccurrence, namespace: String, zones: any ZoneCatalog) {
    self.init()
    occurrenceKey = occurrence.key
    dueTime = Google_Protobuf_Timestamp(occurrence.dueAt)
    timeZone = occurrence.timeZone
    localTime = zones.localTime(of: occurrence.dueAt, zone: occurrence.timeZone) ?? ""
    messages = occurrence.messages.map { Carillon_V1_PreviewedMessage($0, namespace: namespace) }
  }
}

extension Carillon_V1_PreviewedMessage {
  /// What an occurrence says at one sink.
  init(_ previewed: PreviewedMessage, namespace: String) {
    self.init()
    sink = previewed.sink.isEmpty ? "" : ResourceName(kind: .sink, namespace: namespace, id: previewed.sink).text
    problem = previewed.problem
    wording = Carillon_V1_Wording(previewed.wording, namespace: namespace)
    guard let message = previewed.message else { return }
    title = message.title
    text = message.text
    html = message.html
    // Data of another form than a JSON object has no place in a Struct; sinks get it all the same.
    if !message.data.isEmpty, let document = try? StructJSON.document(of: message.data) { data = document }
  }
}

extension Carillon_V1_Wording {
  /// Where words come from.
  init(_ wording: Wording, namespace: String) {
    self.init()
    switch wording.source {
    case .schedule: source = .schedule
    case .builtIn: source = .builtIn
    case .template(let template):
      source = .template
      // One that is only tried has no name.
      if template.revision != 0 {
        self.template = ResourceName(kind: .template, namespace: namespace, id: template.id).text
      }
    }
    locale = wording.locale
    fallback = wording.fallback ?? ""
  }
}
