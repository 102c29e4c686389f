/// The short name of a plugin, as the manifest's rules have it, and what follows from it.
struct PluginName: Sendable, Equatable {
  /// Longest name, in bytes (`carillon/plugin.h`).
  static let maxBytes = 63

  let text: String

  /// - Throws: what is wrong with it, and what is allowed.
  init(_ text: String) throws(CtlError) {
    let isAllowed = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isAllowed, (1...Self.maxBytes).contains(text.utf8.count), !text.hasPrefix("-") else {
      throw .invalid(
        "NAME",
        "\(Excerpt.of(text)) is no plugin's name; it is 1 to \(Self.maxBytes) of a-z, 0-9 and -, and begins with no -")
    }
    self.text = text
  }

  private var words: [Substring] { text.split(separator: "-") }

  /// For types and modules: `pager-duty` gives PagerDuty.
  var typeName: String {
    let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return joined.first?.isNumber == true ? "Plugin" + joined : joined
  }

  /// For Rust's crates: `pager-duty` gives pager_duty.
  var crateName: String { words.joined(separator: "_") }
}
