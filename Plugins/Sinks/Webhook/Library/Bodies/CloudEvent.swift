import HTTPTransport
import PluginKit0

/// An event as CloudEvents 1.0 sees it. Its attributes are the same on every attempt.
struct CloudEvent: Sendable {
  /// At most so many bytes of an attribute; a context that is larger is more than intermediaries must forward
  /// (CloudEvents 1.0, "Size Limits").
  static let maximumAttributeBytes = 1_024
  private static let typePrefix = "org.carillon."

  /// The context attributes besides `specversion` and `datacontenttype`, in the order they are written.
  let attributes: [(name: String, value: String)]

  /// - Parameter source: what the sink's configuration says; nil: the namespace, as `/carillon/namespaces/NAME`.
  /// - Throws: `invalid`, naming the attribute, for a value that CloudEvents does not allow.
  init(_ event: Event, source: String?) throws(PluginError) {
    var attributes = [
      (name: "id", value: event.id),
      (name: "source", value: source ?? "/carillon/namespaces/" + PercentEncoding.pathSegment(event.namespace)),
      (name: "type", value: Self.typePrefix + event.type), (name: "time", value: WebhookPayload.timestamp(event)),
    ]
    if !event.scheduleID.isEmpty { attributes.append((name: "subject", value: event.scheduleID)) }
    for attribute in attributes { try Self.check(attribute.name, attribute.value) }
    self.attributes = attributes
  }

  /// The whole event as one document of `application/cloudevents+json` (structured mode).
  func structured(data: String) -> [UInt8] {
    var text = #"{"specversion":"1.0""#
    text.reserveCapacity(data.utf8.count + 512)
    for (name, value) in attributes { text += ",\"\(name)\":" + WebhookPayload.quoted(value) }
    text += #","datacontenttype":"application/json","data":"#
    text += data
    text += "}"
    return Array(text.utf8)
  }

  /// The attributes as header fields (binary mode), percent-encoded as the HTTP protocol binding says.
  func headers() throws(PluginError) -> [HTTPHeader] {
    do throws(HTTPTransportError) {
      var fields = [try HTTPHeader("ce-specversion", "1.0")]
      for (name, value) in attributes {
        fields.append(try HTTPHeader("ce-" + name, PercentEncoding.headerValue(value)))
      }
      return fields
    } catch {
      throw PluginError(.invalid, error.message)
    }
  }

  /// Attributes have no control characters and no noncharacters (CloudEvents 1.0, "Type System"), and are not empty.
  private static func check(_ name: String, _ value: String) throws(PluginError) {
    guard !value.isEmpty, value.utf8.count <= maximumAttributeBytes else {
      throw PluginError(
        .invalid,
        "the CloudEvents attribute \(name) has \(value.utf8.count) bytes; allowed are 1 to \(maximumAttributeBytes)"
      )
    }
    let isAllowed = value.unicodeScalars.allSatisfy { scalar in
      let code = scalar.value
      return code >= 0x20 && !(0x7F...0x9F ~= code) && !(0xFDD0...0xFDEF ~= code) && code & 0xFFFE != 0xFFFE
    }
    guard isAllowed else {
      throw PluginError(.invalid, "the CloudEvents attribute \(name) has a control character or a noncharacter")
    }
  }
}
