import PluginKit0

/// A sink that appends each message to a file, as a line of JSON:
///
///     {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
///
/// `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing to
/// cancel, to wait for or to clean up. README.md says when that is not enough.
struct __TYPE__Sink: SinkPlugin {
  private let configuration: Configuration
  private let host: Host

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.configuration = try Configuration(configuration)
    self.host = host
  }

  /// Better an error now than at the first delivery.
  func activate() throws(PluginError) {
    _ = try LineFile.open(configuration.path)
    host.log(.info, "the file can be written")
  }

  func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    var file = try LineFile.open(configuration.path)  // an error here: none was taken
    var completions: [Completion] = []
    for delivery in deliveries { completions.append(Completion(delivery.ticket, write(delivery, to: &file))) }
    if let fault = file.sync() {
      // What was written and perhaps never reached the disk is neither delivered nor certain to be missing.
      for index in completions.indices where completions[index].result.outcome == .delivered {
        completions[index].result = DeliveryResult(.unknown, code: "sync-failed", detail: fault)
      }
    }
    host.complete(completions)
  }

  func cancel(_ tickets: [Ticket]) {}  // `deliver` ends each ticket soon, as it ends

  func drain(timeout: Duration) -> Bool { true }  // nothing is under way: calls do not overlap

  func deactivate() {}

  private func write(_ delivery: Delivery, to file: inout LineFile) -> DeliveryResult {
    let line = Self.line(delivery)
    guard Int64(line.utf8.count) <= configuration.maxBytes - file.end else {
      return DeliveryResult(
        .retry, code: "file-full", detail: "the file has reached max_bytes; move it away")
    }
    let start = file.end
    if let fault = file.append(line) { return DeliveryResult(.retry, code: "write-failed", detail: fault) }
    return DeliveryResult(.delivered, receipt: "byte \(start)")
  }

  /// The key is the same on every attempt: who reads the file can tell a line that came twice.
  private static func line(_ delivery: Delivery) -> String {
    var object = JSONObject()
    object["key"] = .string(delivery.idempotencyKey)
    object["type"] = .string(delivery.event.type)
    object["title"] = .string(delivery.message.title)
    object["text"] = .string(delivery.message.text)
    return object.serialized() + "\n"
  }
}
