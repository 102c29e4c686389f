import PluginHost

/// What the child that runs one case is told.
struct CheckRequest: Sendable {
  var file: String
  var caseName: String
  var seed: UInt64
  /// Documents that the author gave; empty for those that are to be made.
  var configuration = ""
  var definition = ""
  var user = ""
  var endpoint = ""
  /// How long one call may take, in milliseconds.
  var callLimit: Int64
  /// A folder of this case's own.
  var folder = ""
  /// Port on 127.0.0.1 where the program answers, for `@PORT@`.
  var port = 0

  private static let texts: [(name: String, field: any WritableKeyPath<CheckRequest, String> & Sendable)] = [
    ("file", \.file), ("case", \.caseName), ("configuration", \.configuration), ("definition", \.definition),
    ("user", \.user), ("endpoint", \.endpoint), ("folder", \.folder),
  ]

  init(file: String, caseName: String, seed: UInt64, callLimit: Int64) {
    (self.file, self.caseName, self.seed, self.callLimit) = (file, caseName, seed, callLimit)
  }

  /// Reads what `text` wrote; nil for anything else.
  init?(text: String) {
    guard let lines = Self.lines(text), let seed = lines["seed"].flatMap({ UInt64($0) }),
      let limit = lines["limit"].flatMap({ Int64($0) }), let port = lines["port"].flatMap({ Int($0) })
    else { return nil }
    self.init(file: "", caseName: "", seed: seed, callLimit: limit)
    self.port = port
    for (name, field) in Self.texts { self[keyPath: field] = lines[name] ?? "" }
  }

  /// As text: a line each of name, length and value, because documents may have line breaks.
  var text: String {
    let values = Self.texts.map { ($0.name, self[keyPath: $0.field]) }
    let numbers = [("seed", "\(seed)"), ("limit", "\(callLimit)"), ("port", "\(port)")]
    return (values + numbers).map { "\($0.0) \($0.1.utf8.count) \($0.1)\n" }.joined()
  }

  private static func lines(_ text: String) -> [String: String]? {
    var rest = Array(text.utf8)[...]
    var found: [String: String] = [:]
    while !rest.isEmpty {
      let name = rest.prefix { $0 != UInt8(ascii: " ") }
      rest = rest.dropFirst(name.count + 1)
      let length = rest.prefix { $0 != UInt8(ascii: " ") }
      rest = rest.dropFirst(length.count + 1)
      guard let count = Int(String(decoding: length, as: UTF8.self)), count <= rest.count else { return nil }
      found[String(decoding: name, as: UTF8.self)] = String(decoding: rest.prefix(count), as: UTF8.self)
      rest = rest.dropFirst(count + 1)
    }
    return found
  }
}
