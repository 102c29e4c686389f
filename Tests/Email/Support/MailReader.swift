import Foundation

/// A mail as Python's email package reads it.
struct ReadMail: Decodable {
  struct Part: Decodable, Equatable {
    let type: String
    let text: String

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      type = try list.decode(String.self)
      text = try list.decode(String.self)
    }
  }

  let headers: [[String]]
  let parts: [Part]
  let type: String
  let boundary: String
  let defects: [String]
  let longest: Int
  let lineEnds: Bool
  let leadingDots: Bool
  /// By header: display name, local part, domain of each.
  let addresses: [String: [[String]]]
  let date: Int

  /// The field's value; nil when there is none, or several.
  func header(_ name: String) -> String? {
    let values = headers.filter { $0.first == name }
    return values.count == 1 ? values[0][1] : nil
  }

  /// The text of the part, its last line's end not counted and line ends as LF.
  func text(_ type: String) -> String? {
    parts.first { $0.type == type }.map { part in
      let text = part.text.replacingOccurrences(of: "\r\n", with: "\n")
      return text.hasSuffix("\n") ? String(text.unicodeScalars.dropLast()) : text
    }
  }
}

enum MailReader {
  /// Reads mails, all in one process.
  static func read(_ mails: [[UInt8]]) throws -> [ReadMail] {
    let file = Tools.temporaryFile("mails")
    try Data(mails.map { Data($0).base64EncodedString() }.joined(separator: "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try Tools.run([Tools.python, Tools.folder.appendingPathComponent("read_mails.py").path, file.path])
    return try output.split(separator: 0x0A).map { try JSONDecoder().decode(ReadMail.self, from: $0) }
  }

  static func read(_ mail: [UInt8]) throws -> ReadMail {
    guard let read = try read([mail]).first else { throw ToolError(what: "read_mails.py read nothing") }
    return read
  }
}
