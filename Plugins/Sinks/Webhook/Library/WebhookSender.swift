import HTTPTransport
import PluginKit0

/// An active instance: the session, and what every request has.
struct WebhookSender: Sendable {
  let session: HTTPSession
  private let url: HTTPURL?
  private let signer: StandardWebhooks
  private let headers: [HTTPHeader]

  init(
    session: HTTPSession, url: HTTPURL?, signer: StandardWebhooks, headers: [HTTPHeader]
  ) throws(HTTPTransportError) {
    self.session = session
    self.url = url
    self.signer = signer
    self.headers =
      [
        try HTTPHeader("Content-Type", "application/json"), try HTTPHeader("User-Agent", "Carillon-Webhook/0.1"),
      ] + headers
  }

  /// The request for a delivery, or the result of one that can never be sent.
  func request(_ delivery: Delivery, nowMilliseconds: Int64) -> Result<HTTPRequest, Unsendable> {
    let url: HTTPURL
    do throws(HTTPTransportError) {
      url = try target(delivery.endpoint)
    } catch {
      return .failure(Unsendable(DeliveryResult(.permanent, code: "invalid-endpoint", detail: error.message)))
    }
    do throws(PluginError) {
      let body = try WebhookPayload.body(delivery.event, delivery.message)
      return .success(
        HTTPRequest(
          token: delivery.ticket.rawValue, url: url, headers: try headers(delivery, body, nowMilliseconds / 1_000),
          body: body, deadlineNanoseconds: delivery.deadlineMonotonicNanoseconds))
    } catch {
      return .failure(Unsendable(DeliveryResult(.permanent, code: "invalid-event", detail: error.message)))
    }
  }

  private func target(_ endpoint: String) throws(HTTPTransportError) -> HTTPURL {
    if !endpoint.isEmpty, endpoint != url?.text { return try HTTPURL(endpoint) }
    guard let url else {
      throw HTTPTransportError(.invalidURL, "the delivery has no endpoint and the sink's configuration has no url")
    }
    return url
  }

  private func headers(
    _ delivery: Delivery, _ body: [UInt8], _ nowSeconds: Int64
  ) throws(PluginError) -> [HTTPHeader] {
    var fields = headers
    fields.reserveCapacity(fields.count + 5)
    do {
      fields.append(try HTTPHeader("webhook-id", delivery.idempotencyKey))
      fields.append(try HTTPHeader("webhook-timestamp", String(nowSeconds)))
      if !signer.isEmpty {
        let signature = try signer.signature(id: delivery.idempotencyKey, timestampSeconds: nowSeconds, body: body)
        fields.append(try HTTPHeader("webhook-signature", signature))
      }
      fields.append(try HTTPHeader("Carillon-Attempt", String(delivery.attempt)))
      fields.append(try HTTPHeader("Carillon-Late-Ms", String(delivery.lateNanoseconds / 1_000_000)))
    } catch let error as PluginError {
      throw error
    } catch {
      throw PluginError(.invalid, "\(error)")
    }
    return fields
  }
}

/// A delivery that can never be sent, and what to say of it.
struct Unsendable: Error {
  let result: DeliveryResult
  init(_ result: DeliveryResult) { self.result = result }
}
