/// What a result asks the host to give back with the next attempt: the slot that an event was told, and the message that it
/// was in. Text: `slot:RUN:TIME again:MESSAGE:PLACE:COUNT`, either part may be absent; what is not understood is ignored.
struct DiscordCarry: Sendable, Hashable {
  /// A time to come back at.
  struct Slot: Sendable, Hashable {
    /// Which process' clock it is by.
    var run: UInt64
    var time: Int64
  }

  /// A message that may stand in the channel already, and where in it the event was.
  struct Again: Sendable, Hashable {
    static let maximumNameBytes = 40

    var message: String
    var place: Int
    var count: Int
  }

  var slot: Slot?
  var again: Again?

  init(slot: Slot? = nil, again: Again? = nil) {
    self.slot = slot
    self.again = again
  }

  init(_ text: String) {
    for word in text.split(separator: " ").prefix(4) {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      switch (parts.first, parts.count) {
      case ("slot", 3):
        if let run = UInt64(parts[1]), let time = Int64(parts[2]) { slot = Slot(run: run, time: time) }
      case ("again", 4):
        if let place = Int(parts[2]), let count = Int(parts[3]), 1...DiscordLimits.embeds ~= count, 0..<count ~= place,
          1...Again.maximumNameBytes ~= parts[1].utf8.count
        {
          again = Again(message: String(parts[1]), place: place, count: count)
        }
      default: break
      }
    }
  }

  var text: String {
    let words = [
      slot.map { "slot:\($0.run):\($0.time)" }, again.map { "again:\($0.message):\($0.place):\($0.count)" },
    ]
    return words.compactMap { $0 }.joined(separator: " ")
  }
}
