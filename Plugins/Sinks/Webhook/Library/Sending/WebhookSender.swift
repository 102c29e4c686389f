import HTTPTransport
import PluginKit0

/// Makes requests of deliveries. What every request has is made once.
struct WebhookSender: Sendable {
  static let userAgent = "Carillon-Webhook/0.1"

  private let url: HTTPURL?
  /// Whether only the configured URL's origin may be sent to, because the requests have credentials.
  private let isBound: Bool
  private let signer: StandardWebhooks
  private let format: BodyFormat
  private let headers: [HTTPHeader]

  init(
    url: HTTPURL?, isBound: Bool, signer: StandardWebhooks, format: BodyFormat, headers: [HTTPHeader]
  ) throws(HTTPTransportError) {
    self.url = url
    self.isBound = isBound
    self.signer = signer
    self.format = format
    self.headers =
      [try HTTPHeader("Content-Type", format.contentType), try HTTPHeader("User-Agent", Self.userAgent)] + headers
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
      let body = try format.body(delivery.event, delivery.message)
      return .success(
        HTTPRequest(
          token: delivery.ticket.rawValue, url: url, headers: try headers(delivery, body, nowMilliseconds / 1_000),
          body: body.bytes, deadlineNanoseconds: delivery.deadlineMonotonicNanoseconds))
    } catch {
      return .failure(Unsendable(DeliveryResult(.permanent, code: "invalid-event", detail: error.message)))
    }
  }

  private func target(_ endpoint: String) throws(HTTPTransportError) -> HTTPURL {
    if !endpoint.isEmpty, endpoint != url?.text {
      let own = try HTTPURL(endpoint)
      if isBound, own.origin != url?.origin {
        throw HTTPTransportError(
          .invalidURL, "the sink's credentials are for \(url?.origin ?? "no origin"), and the endpoint is elsewhere")
      }
      return own
    }
    guard let url else {
      throw HTTPTransportError(.invalidURL, "the delivery has no endpoint and the sink's configuration has no url")
    }
    return url
  }

  private func headers(
    _ delivery: Delivery, _ body: WebhookBody, _ nowSeconds: Int64
  ) throws(PluginError) -> [HTTPHeader] {
    var fields: [HTTPHeader] = []
    fields.reserveCapacity(headers.count + body.headers.count + 6)
    fields += headers
    fields += body.headers
    do {
      fields.append(try HTTPHeader("webhook-id", delivery.idempotencyKey))
      fields.append(try HTTPHeader("webhook-timestamp", String(nowSeconds)))
      if !signer.isEmpty {
        let signature = try signer.signature(
          id: delivery.idempotencyKey, timestampSeconds: nowSeconds, body: body.bytes)
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
