public import ControlAPI
import GRPCCore
import Glibc
public import SwiftProtobuf

/// What runs begin with: a webhook, and people with a notification each.
public enum Seed {
  /// A signing secret, the specification's own example.
  public static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  /// The queue that notifications go to.
  public static let standardQueue = "queues/low"
  private static let itemsPerMessage = 500

  /// A webhook sink to a local port that every event goes to, or those that pass a filter.
  /// - Parameter connections: the most to that port; nil: what the sink has when nobody says.
  public static func webhook(
    _ control: Control, home: AgentHome, port: Int, maxInFlight: Int32 = 0, connections: Int? = nil,
    filter: [String: String] = [:], addressKind: String = "", id: String = "receiver"
  ) async throws {
    var sink = Carillon_V1_Sink()
    sink.plugin = "webhook"
    sink.configuration = webhookConfiguration(port: port, secret: try secretFile(home.folder))
    if let connections {
      sink.configuration.fields["max_connections_per_host"] = .with { $0.numberValue = Double(connections) }
    }
    sink.maxInFlight = maxInFlight
    sink.addressKind = addressKind
    _ = try await control.sinks.createSink(
      .with {
        $0.parent = Control.namespace
        $0.sinkID = id
        $0.sink = sink
      })
    try await subscribe(control, sink: id, filter: filter)
  }

  /// A subscription of all event types to a sink.
  public static func subscribe(_ control: Control, sink: String, filter: [String: String] = [:]) async throws {
    _ = try await control.subscriptions.createSubscription(
      .with {
        $0.parent = Control.namespace
        $0.subscriptionID = "all-\(sink)"
        $0.subscription = .with {
          $0.eventType = "*"
          $0.sink = "\(Control.namespace)/sinks/\(sink)"
          $0.filter = filter
        }
      })
  }

  /// What the webhook sink's schema asks for, to reach a local port.
  /// - Parameter secret: a reference to the signing secret.
  public static func webhookConfiguration(port: Int, secret: String) -> Google_Protobuf_Struct {
    .with {
      $0.fields["url"] = .with { $0.stringValue = "http://127.0.0.1:\(port)/hook" }
      $0.fields["secret"] = .with { $0.stringValue = secret }
      $0.fields["allow_addresses"] = .with {
        $0.listValue = .with { $0.values = [.with { $0.stringValue = "127.0.0.0/8" }] }
      }
    }
  }

  /// Writes the secret to a file, and answers the reference to it.
  public static func secretFile(_ folder: TemporaryFolder) throws -> String {
    let file = try folder.write(secret, to: "webhook.secret")
    chmod(file, 0o600)
    return "file:\(file)"
  }

  /// Creates people by the import stream, each with one notification at its moment.
  /// - Parameters:
  ///   - first: the number of the first of them.
  ///   - moment: when the notification of person `n` is due, in microseconds since 1970.
  ///   - queue: the queue of person `n`.
  ///   - address: the person's own webhook; nil: it has none.
  /// - Returns: how long the stream took.
  @discardableResult
  public static func notifications(
    _ control: Control, first: Int = 0, count: Int,
    queue: @escaping @Sendable (Int) -> String = { _ in standardQueue },
    address: @escaping @Sendable (Int) -> String? = { _ in nil }, moment: @escaping @Sendable (Int) -> Int64
  ) async throws -> Duration {
    try await people(control, count: count) { number in
      var item = person(first + number, moment(first + number), queue: queue(first + number))
      if let address = address(first + number) { item.user.addresses["webhook"] = address }
      return item
    }
  }

  /// Creates people with their schedules by the import stream.
  /// - Parameter item: person `n` of 0 ..< count.
  /// - Returns: how long the stream took.
  @discardableResult
  public static func people(
    _ control: Control, count: Int, _ item: @escaping @Sendable (Int) -> Carillon_V1_ImportItem
  ) async throws -> Duration {
    let clock = ContinuousClock()
    let start = clock.now
    let created = try await control.users.importUsers { writer in
      for first in stride(from: 0, to: count, by: itemsPerMessage) {
        let numbers = first..<min(first + itemsPerMessage, count)
        try await writer.write(
          .with {
            $0.parent = first == 0 ? Control.namespace : ""
            $0.items = numbers.map(item)
          })
      }
    } onResponse: { response in
      var created = 0
      for try await message in response.messages {
        for result in message.results {
          guard result.effect == .created else {
            throw HarnessError(.notMeasured, "person \(result.tag) was not created: \(result.violations)")
          }
          created += 1
        }
      }
      return created
    }
    guard created == count else {
      throw HarnessError(.notMeasured, "the import answered for \(created) of \(count) people")
    }
    return clock.now - start
  }

  private static func person(_ number: Int, _ moment: Int64, queue: String) -> Carillon_V1_ImportItem {
    .with {
      $0.tag = Int64(number)
      $0.user.name = "\(Control.namespace)/users/person-\(number)"
      $0.user.displayName = "Person \(number)"
      $0.user.timeZone = "UTC"
      $0.schedules = [
        .with {
          $0.name = "\(Control.namespace)/schedules/note-\(number)"
          $0.eventType = "notification"
          $0.queue = queue
          $0.definition.fields["at"] = .with { $0.stringValue = rfc3339(moment) }
          $0.definition.fields["title"] = .with { $0.stringValue = "Note \(number)" }
          $0.definition.fields["text"] = .with { $0.stringValue = "Hello {{user.display_name}}, this is your note." }
        }
      ]
    }
  }

  /// Microseconds since 1970, now.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  /// An instant in UTC with microseconds, as RFC 3339 has it.
  public static func rfc3339(_ microseconds: Int64) -> String {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func pad(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(width - text.count, 0)) + text
    }
    let date = "\(parts.tm_year + 1_900)-\(pad(Int(parts.tm_mon) + 1, 2))-\(pad(Int(parts.tm_mday), 2))"
    let time = "\(pad(Int(parts.tm_hour), 2)):\(pad(Int(parts.tm_min), 2)):\(pad(Int(parts.tm_sec), 2))"
    return "\(date)T\(time).\(pad(Int(microseconds % 1_000_000), 6))Z"
  }
}
