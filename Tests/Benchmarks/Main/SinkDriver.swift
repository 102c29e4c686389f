import AgentHarness
import Dispatch
import EventModel
import Foundation
import PluginHost
import Synchronization

/// Keeps a sink busy, as the dispatcher does.
final class SinkDriver: Sendable {
  private static let inFlight = 2_000
  private static let limitSeconds = 120

  private let requests: Int
  private let batch: Int
  private let places = DispatchSemaphore(value: SinkDriver.inFlight)
  private let failures = Mutex<[String: Int]>([:])

  /// - Parameters:
  ///   - requests: how many deliveries.
  ///   - batch: how many in one call.
  init(requests: Int, batch: Int) {
    self.requests = requests
    self.batch = batch
  }

  /// Deliveries a second, from the first to the last answer.
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
    for first in stride(from: 0, to: requests, by: batch) {
      let deliveries = (first..<min(first + batch, requests)).map(delivery)
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
