import ControlAPI

/// Gathers items into messages of a bounded size. The first says whose they are.
struct ImportBatch {
  /// Items in one message of the stream; the API takes 1,000.
  static let maxItems = 1_000
  /// About how many bytes one message has; the agent takes 4 MiB.
  static let maxBytes = 1024 * 1024

  private var message = Carillon_V1_ImportUsersRequest()
  private var bytes = 0

  init(namespace: String, isDryRun: Bool) {
    message.parent = "namespaces/\(namespace)"
    message.validateOnly = isDryRun
  }

  /// A full message, when there is one.
  mutating func add(_ entry: ImportEntry) -> Carillon_V1_ImportUsersRequest? {
    let full = bytes + entry.bytes > Self.maxBytes ? take() : nil
    message.items.append(entry.item)
    bytes += entry.bytes
    return full ?? (message.items.count >= Self.maxItems ? take() : nil)
  }

  /// What is left.
  mutating func take() -> Carillon_V1_ImportUsersRequest? {
    guard !message.items.isEmpty else { return nil }
    defer {
      message = .init()
      bytes = 0
    }
    return message
  }
}
