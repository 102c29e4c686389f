import CPluginAPI
import EventModel

/// Reads how a plugin says that an attempt ended. Nothing in it is trusted: lengths are bounded, UTF-8 is repaired.
enum ResultReader {
  static let maximumCodeBytes = 64
  static let maximumDetailBytes = 1_024
  static let maximumReceiptBytes = 256
  static let maximumCarryBytes = 16 * 1_024
  /// The longest wait that is honoured; a longer one is cut to it (DELIVERY: `Retry-After` up to 24 h).
  static let maximumRetryAfterMilliseconds: UInt64 = 24 * 3_600 * 1_000

  static func read(_ pointer: UnsafePointer<carillon_result>?, delivery: UInt64) -> DeliveryResult {
    guard let pointer else {
      return DeliveryResult(
        id: delivery, verdict: .retry, code: "plugin-no-result", detail: "the plugin gave no result")
    }
    let result = carillon_result.read(pointer)
    guard let verdict = DeliveryResult.Verdict(result.outcome) else {
      return DeliveryResult(
        id: delivery, verdict: .retry, code: "plugin-outcome",
        detail: "the plugin answered the outcome \(result.outcome), which does not exist")
    }
    let milliseconds = Int64(min(result.retry_after_ms, maximumRetryAfterMilliseconds))
    // A carry that was cut would come back as something else.
    let carry = result.carry.len <= maximumCarryBytes ? result.carry.text(maximumBytes: maximumCarryBytes) : ""
    return DeliveryResult(
      id: delivery, verdict: verdict, retryAfter: milliseconds > 0 ? .milliseconds(milliseconds) : nil,
      code: PlainText.oneLine(result.code.text(maximumBytes: maximumCodeBytes)),
      detail: PlainText.oneLine(result.detail.text(maximumBytes: maximumDetailBytes)),
      externalID: PlainText.oneLine(result.receipt.text(maximumBytes: maximumReceiptBytes)), carry: carry)
  }

  /// The result of a delivery that a plugin had in its hands when its process ended.
  static func processEnded(_ delivery: UInt64, _ why: String) -> DeliveryResult {
    DeliveryResult(id: delivery, verdict: .unknown, code: "plugin-died", detail: "the plugin's process ended: \(why)")
  }

  /// The result of a delivery that the plugin never answered.
  static func unanswered(_ delivery: UInt64) -> DeliveryResult {
    DeliveryResult(
      id: delivery, verdict: .unknown, code: "deadline",
      detail: "the plugin did not answer in time, not even when asked to cancel")
  }
}

extension DeliveryResult.Verdict {
  fileprivate init?(_ outcome: Int32) {
    switch outcome {
    case CARILLON_DELIVERED: self = .delivered
    case CARILLON_RETRY: self = .retry
    case CARILLON_PERMANENT: self = .permanent
    case CARILLON_THROTTLED: self = .throttled
    case CARILLON_CANCELLED: self = .cancelled
    case CARILLON_ENDPOINT_DISABLED: self = .endpointDisabled
    case CARILLON_SINK_DISABLED: self = .sinkDisabled
    case CARILLON_UNKNOWN: self = .unknown
    default: return nil
    }
  }
}
