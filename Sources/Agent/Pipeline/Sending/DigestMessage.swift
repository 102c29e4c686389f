import EventModel

/// Puts the messages of several events together. Pure.
enum DigestMessage {
  /// One event of a digest.
  struct Part: Sendable {
    var facts: EventFacts
    var message: Message
  }

  /// One message of all; that of a single event is its own.
  static func message(_ parts: [Part]) -> Message {
    if parts.count == 1, let only = parts.first { return only.message }
    return Message(
      title: title(parts), text: text(parts), html: html(parts), contentType: "application/json", data: data(parts))
  }

  /// `3 events: Happy birthday, Ada!, …`
  private static func title(_ parts: [Part]) -> String {
    let first = parts.first.map(\.message.title) ?? ""
    return "\(parts.count) events: \(first)\(parts.count > 1 ? ", …" : "")"
  }

  private static func text(_ parts: [Part]) -> String {
    let whole = parts.map { part -> String in
      let (title, text) = (part.message.title, part.message.text)
      if title.isEmpty || text.hasPrefix(title) { return text }
      return text.isEmpty ? title : "\(title)\n\(text)"
    }
    let (pieces, rest) = bounded(whole, short: parts.map(\.message.title))
    return (pieces + (rest == 0 ? [] : ["… and \(rest) more"])).joined(separator: "\n\n")
  }

  /// Empty where none of them has any: sinks make their own of the text.
  private static func html(_ parts: [Part]) -> String {
    guard parts.contains(where: { !$0.message.html.isEmpty }) else { return "" }
    let whole = parts.map { part in
      part.message.html.isEmpty ? "<p>\(escaped(part.message.text))</p>" : part.message.html
    }
    let (pieces, rest) = bounded(whole, short: parts.map { "<p>\(escaped($0.message.title))</p>" })
    return (pieces + (rest == 0 ? [] : ["<p>… and \(rest) more</p>"])).joined(separator: "\n<hr>\n")
  }

  /// For machines: which events they are. What each of them says to machines stands as it is where it is JSON.
  private static func data(_ parts: [Part]) -> String {
    let events = parts.map { part -> String in
      let facts = part.facts
      let members = FlatJSON.object([
        "event_id": facts.id, "type": facts.type, "schedule_id": facts.scheduleID,
        "occurrence_key": facts.occurrenceKey, "title": part.message.title,
      ])
      guard part.message.contentType == "application/json", !part.message.data.isEmpty else { return members }
      return "\(members.dropLast()),\"details\":\(part.message.data)}"
    }
    return "{\"events\":[\(events.joined(separator: ","))]}"
  }

  /// Whole messages as long as there is room, then short ones, then how many there are more: bounded, and nothing goes
  /// unsaid.
  private static func bounded(_ whole: [String], short: [String]) -> (pieces: [String], rest: Int) {
    var pieces: [String] = []
    var left = Limits.longestDigest
    for (message, title) in zip(whole, short) {
      guard let piece = [message, title].first(where: { $0.utf8.count <= left }) else { break }
      left -= piece.utf8.count
      pieces.append(piece)
    }
    return (pieces, whole.count - pieces.count)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n": result += "<br>\n"
      default: result.append(character)
      }
    }
    return result
  }
}
