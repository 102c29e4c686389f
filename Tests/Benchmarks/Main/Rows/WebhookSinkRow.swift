import AgentHarness
import Dispatch
import EventModel
import Foundation
import PluginHost
import SwiftProtobuf
import Synchronization

/// `webhook-sink`: the sink alone, through the plugin host, against a bare libcurl-multi loop on the same receiver.
@Sendable func webhookSink() async throws -> Row {
  let requests = 60_000
  return try await Nginx.with { nginx in
    let rates = try await TemporaryFolder.with { folder in
      let programs = try Programs.find()
      try FileManager.default.copyItem(
        atPath: programs.plugin("webhook"), toPath: "\(folder.path)/libcarillon-webhook.so")
      return try await withPlugins(in: folder.path) { registry in
        let sink = try await registry.makeSink(
          plugin: "webhook", name: "bench",
          configurationJSON: try Seed.webhookConfiguration(port: nginx.port, secret: try Seed.secretFile(folder))
            .jsonString())
        try await sink.activate()
        // In turns, so that whatever else the machine does meets both.
        var rates: [(sink: Double, bare: Double)] = []
        _ = try await SinkDriver(requests: 2_000).run(sink)
        for _ in 0..<3 {
          let rate = try await SinkDriver(requests: requests).run(sink)
          rates.append((rate, try BareRun.send(requests, inFlight: 128, port: nginx.port).rate))
        }
        return rates
      }
    }
    let value = median(rates.map(\.sink))
    let bare = median(rates.map(\.bare))
    return Row(
      id: "webhook-sink", what: "webhook sink alone, batches of 20, signed, to nginx on loopback", value: value,
      unit: "requests/s", beside: .init(name: "bare libcurl-multi loop, requests/s", value: bare),
      ratio: value / bare, target: "ratio >= 0.6", met: value / bare >= 0.6)
  }
}

/// Keeps a sink busy, as the dispatcher does.
private final class SinkDriver: Sendable {
  private static let inFlight = 2_000
  private static let batch = 20
  private static let limitSeconds = 120

  private let requests: Int
  private let places = DispatchSemaphore(value: SinkDriver.inFlight)
  private let failures = Mutex<[String: Int]>([:])

  init(requests: Int) { self.requests = requests }

  /// Requests a second, from the first to the last answer.
  func run(_ sink: SinkInstance) async throws -> Double {
    let elapsed = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: self.drive(sink)) }
    }
    guard let elapsed else { throw HarnessError(.notMeasured, "the sink did not answer in time") }
    let failures = failures.withLock { $0 }
    guard failures.isEmpty else { throw HarnessError(.notMeasured, "deliveries failed: \(failures)") }
    return Double(requests) / elapsed
  }

  private func drive(_ sink: SinkInstance) -> Double? {
    let start = ContinuousClock().now
    let deadline = DispatchTime.now() + .seconds(Self.limitSeconds)
    for first in stride(from: 0, to: requests, by: Self.batch) {
      let deliveries = (first..<min(first + Self.batch, requests)).map(delivery)
      for _ in deliveries where places.wait(timeout: deadline) == .timedOut { return nil }
      sink.deliver(deliveries) { [self] results in
        for result in results {
          if result.verdict != .delivered { failures.withLock { $0[result.code, default: 0] += 1 } }
          places.signal()
        }
      }
    }
    for _ in 0..<Self.inFlight where places.wait(timeout: deadline) == .timedOut { return nil }
    let elapsed = seconds(ContinuousClock().now - start)
    for _ in 0..<Self.inFlight { places.signal() }
    return elapsed
  }

  private func delivery(_ number: Int) -> Delivery {
    let id = "evt_\(number)_once"
    let now = Timestamp(microseconds: Seed.now())
    let event = EventFacts(
      id: id, namespace: "default", type: "notification", scheduleID: "note-\(number)", occurrenceKey: "once",
      timeZone: "UTC", user: nil, definitionJSON: "{}",
      local: CivilFields(year: 2026, month: 5, day: 4, hour: 9, minute: 0, second: 0), due: now)
    return Delivery(
      id: UInt64(number) + 1, idempotencyKey: id, endpoint: "", carry: "", attempt: 1, timeLimit: .seconds(60),
      firstAttemptAt: now, lateness: .zero, event: event,
      message: Message(title: "Note \(number)", text: "Hello Person \(number), this is your note."))
  }
}
