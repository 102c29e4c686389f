import PluginHost

/// Makes strings that a schema allows.
struct TextMaker {
  /// A folder of this case's own, for what wants a path.
  let folder: String
  /// A port of 127.0.0.1.
  let port: Int

  /// What people usually mean by strings in configurations and definitions, the likeliest first.
  private var usual: [String] {
    [
      "2031-05-04T09:00", "2031-05-04", "2031-05-04T09:00:00Z", "09:00", "http://127.0.0.1:\(port)/",
      "https://127.0.0.1:\(port)/", "env:CARILLON_CHECK", folder, folder + "/file", "check@example.org", "127.0.0.1",
      "Europe/London", "check", "1",
    ]
  }

  private static let byFormat = [
    "date": "2031-05-04", "date-time": "2031-05-04T09:00:00Z", "time": "09:00:00Z", "email": "check@example.org",
    "hostname": "localhost", "ipv4": "127.0.0.1", "uuid": "0190b2a8-6a2f-7cc0-8000-000000000000",
  ]

  func text(_ schema: JSONObject, name: String, _ random: inout SeededGenerator) -> String {
    if case .string(let format) = schema["format"], let text = Self.byFormat[format] { return text }
    guard case .string(let pattern) = schema["pattern"] else { return plain(schema, name: name, &random) }
    let fitting = usual.filter { isAllowed($0, schema) }
    // Mostly what is meant, now and then only what is written.
    if let first = fitting.first, Int.random(in: 0..<10, using: &random) > 0 { return first }
    return CheckingParts.sample(pattern: pattern, &random) ?? fitting.first ?? ""
  }

  private func isAllowed(_ text: String, _ schema: JSONObject) -> Bool {
    guard let compiled = try? JSONSchema(.object(schema)) else { return false }
    return compiled.violations(in: .string(text)).isEmpty
  }

  private func plain(_ schema: JSONObject, name: String, _ random: inout SeededGenerator) -> String {
    let least = DocumentMaker.count(schema["minLength"]) ?? 0
    let most = DocumentMaker.count(schema["maxLength"]) ?? 4_096
    var candidates = ["check"]
    let hints: [(part: String, text: String)] = [
      ("zone", "Europe/London"), ("host", "127.0.0.1"), ("folder", folder), ("director", folder),
      ("path", folder + "/file"), ("file", folder + "/file"), ("mail", "check@example.org"),
      ("from", "check@example.org"),
      ("to", "check@example.org"), ("url", "http://127.0.0.1:\(port)/"), ("date", "2031-05-04"),
      ("command", "true"), ("repeat", "FREQ=DAILY"), ("rrule", "FREQ=DAILY"), ("cron", "0 9 * * *"),
    ]
    candidates += hints.filter { name.lowercased().contains($0.part) }.map(\.text)
    var text = candidates[candidates.count - 1]
    if Int.random(in: 0..<4, using: &random) == 0 { text = candidates[0] }
    while text.unicodeScalars.count < least { text += "x" }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
  }
}
