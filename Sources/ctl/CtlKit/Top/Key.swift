/// A key, as a terminal sends it.
enum Key: Sendable, Equatable {
  case character(Character)
  case enter
  case backspace
  case escape
  case up
  case down
  case left
  case right
  case pageUp
  case pageDown
  case home

  /// The keys in a piece of input; what is not known is left out. An escape sequence comes in one piece.
  static func read(_ bytes: some Collection<UInt8>) -> [Key] {
    var keys: [Key] = []
    var rest = Array(bytes)[...]
    while let first = rest.first {
      if first == 0x1B, let (key, length) = sequence(rest) {
        if let key { keys.append(key) }
        rest = rest.dropFirst(length)
        continue
      }
      rest = rest.dropFirst()
      switch first {
      case 0x1B: keys.append(.escape)
      case 0x0D, 0x0A: keys.append(.enter)
      case 0x7F, 0x08: keys.append(.backspace)
      case 0x20..<0x7F: keys.append(.character(Character(Unicode.Scalar(first))))
      default: break
      }
    }
    return keys
  }

  /// A control sequence (ECMA-48, 5.4): parameters, then one final byte.
  private static func sequence(_ bytes: ArraySlice<UInt8>) -> (key: Key?, length: Int)? {
    let start = bytes.startIndex
    guard bytes.count >= 3, bytes[start + 1] == UInt8(ascii: "[") || bytes[start + 1] == UInt8(ascii: "O"),
      let end = bytes[(start + 2)...].firstIndex(where: { 0x40...0x7E ~= $0 })
    else { return nil }
    let text = String(decoding: bytes[(start + 2)...end], as: UTF8.self)
    let key: Key? =
      switch text {
      case "A": .up
      case "B": .down
      case "C": .right
      case "D": .left
      case "H", "1~": .home
      case "5~": .pageUp
      case "6~": .pageDown
      default: nil
      }
    return (key, end - start + 1)
  }
}
