import HTTPTransport
import PluginKit0

/// What a request carries.
struct WebhookBody: Sendable {
  var bytes: [UInt8]
  /// Beside those that every request of the format has.
  var headers: [HTTPHeader] = []
}

/// How an event becomes the body of a request, ready for use: all that is the same for every event is done.
enum BodyFormat: Sendable {
  /// Carillon's own.
  case json
  /// CloudEvents 1.0, the whole event in the body.
  case cloudEvents(source: String?)
  /// CloudEvents 1.0, attributes in the headers, data in the body.
  case cloudEventsBinary(source: String?)
  /// What the configuration's template says.
  case template(RenderableTemplate)

  var contentType: String {
    switch self {
    case .json, .cloudEventsBinary, .template: "application/json"
    case .cloudEvents: "application/cloudevents+json"
    }
  }

  /// The body; the same for every attempt.
  ///
  /// - Throws: `invalid` for an event that the format cannot say.
  func body(_ event: Event, _ message: Message) throws(PluginError) -> WebhookBody {
    switch self {
    case .json: WebhookBody(bytes: try WebhookPayload.body(event, message))
    case .cloudEvents(let source):
      WebhookBody(
        bytes: try CloudEvent(event, source: source).structured(data: WebhookPayload.data(event, message)))
    case .cloudEventsBinary(let source):
      WebhookBody(
        bytes: Array(try WebhookPayload.data(event, message).utf8),
        headers: try CloudEvent(event, source: source).headers())
    case .template(let template): WebhookBody(bytes: try template.body(event, message))
    }
  }
}
