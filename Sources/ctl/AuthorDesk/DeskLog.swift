import Logging

/// Hands the plugin's lines, and the host's about it, to a function.
struct DeskLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  let write: @Sendable (String) -> Void

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, own in own }
    // Of a file the host says what the desk tells better.
    guard all["file"] == nil else { return }
    let instance = all["instance"].map { " \($0):" } ?? ""
    let rest = all.filter { !["plugin", "instance"].contains($0.key) }.sorted { $0.key < $1.key }
      .map { " \($0.key)=\($0.value)" }.joined()
    write("\(event.level)\(instance) \(event.message)\(rest)")
  }
}
