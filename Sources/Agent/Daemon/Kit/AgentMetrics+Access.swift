import ControlPlane
import EventModel
import Telemetry

/// Metrics of who gets in, and of the listener's certificate.
struct AccessMetrics: Sendable {
  private let refused: Counter
  private let limited: Counter
  private let listAge: Gauge
  private let certificateLeft: Gauge
  private let reloads: Counter

  init(_ registry: MetricRegistry) {
    refused = registry.counter("carillon_api_refused_calls_total", "Calls without credentials, or with bad ones.")
    limited = registry.counter(
      "carillon_api_limited_calls_total", "Calls that were one too many, by whose limit it was.", labels: ["limit"])
    listAge = registry.gauge(
      "carillon_access_list_age_seconds", "How long ago the access list was last known to be current.")
    certificateLeft = registry.gauge(
      "carillon_tls_certificate_valid_seconds",
      "How long the listener's certificate is valid yet; negative when it ran out.")
    reloads = registry.counter(
      "carillon_tls_reloads_total", "Times that changed certificate files were read, by whether they count now.",
      labels: ["result"])
  }

  func callRefused() { refused.add(1) }
  func callLimited(by limit: String) { limited.add(1, limit) }
  func accessListChecked(age: TimeSpan?) {
    // Without a value nobody takes an agent that never read the list for one that did just now.
    if let age { listAge.set(age.inSeconds) }
  }
  func certificateChecked(left: TimeSpan) { certificateLeft.set(left.inSeconds) }
  func certificateReloaded(succeeded: Bool) { reloads.add(1, succeeded ? "taken" : "refused") }
}

extension AgentMetrics {
  func callRefused() { access.callRefused() }
  func callLimited(by limit: String) { access.callLimited(by: limit) }
  func accessListChecked(age: TimeSpan?) { access.accessListChecked(age: age) }
  func certificateChecked(left: TimeSpan) { access.certificateChecked(left: left) }
  func certificateReloaded(succeeded: Bool) { access.certificateReloaded(succeeded: succeeded) }
}
