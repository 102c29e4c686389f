import HTTPTransport
import PluginKit0

/// The address of an incoming webhook, `https://discord.com/api/webhooks/{id}/{token}`. The token is a secret: whoever has it
/// can write into the channel, so no error and no description shows it.
struct WebhookAddress: Sendable, Hashable {
  /// The webhook's id; limits go by it.
  let id: String
  /// Where a message is posted, waiting for it to be made (`wait=true`), into the thread if there is one.
  let target: HTTPURL

  /// Reads an address.
  ///
  /// - Throws: `invalid`, without the address.
  init(_ text: String, threadID: String?) throws(PluginError) {
    guard !text.contains("?"), !text.contains("#") else { throw Self.fault("has a query; give thread_id as a setting") }
    let url: HTTPURL
    do {
      url = try HTTPURL(text)
      target = try HTTPURL(text + "?wait=true" + (threadID.map { "&thread_id=\($0)" } ?? ""))
    } catch {
      throw Self.fault(error.message)
    }
    guard let start = url.text.firstRange(of: "://")?.upperBound, let slash = url.text[start...].firstIndex(of: "/"),
      let id = Self.id(url.text[slash...])
    else { throw Self.fault("must be https://discord.com/api/webhooks/ID/TOKEN") }
    self.id = id
  }

  /// Of `/api/webhooks/{id}/{token}`, with or without a version; nil for another path.
  private static func id(_ path: Substring) -> String? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard parts.popFirst() == "api" else { return nil }
    if let version = parts.first, version.hasPrefix("v"), Int(version.dropFirst()) != nil { parts.removeFirst() }
    guard parts.popFirst() == "webhooks", let id = parts.popFirst(), let token = parts.popFirst(), parts.isEmpty,
      (1...20).contains(id.utf8.count), id.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !token.isEmpty
    else { return nil }
    return String(id)
  }

  private static func fault(_ message: String) -> PluginError {
    PluginError(.invalid, "the webhook's address \(message)")
  }
}
