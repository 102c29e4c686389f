/// What the person at the screen chose. Pure: keys go in, the next view and what is to be done come out.
struct TopView: Sendable, Equatable {
  /// What queues are sorted by.
  enum Order: String, Sendable, CaseIterable {
    case priority
    case due
    case age
    case rate
    case name

    var next: Order {
      let all = Self.allCases
      return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
  }

  enum Action: Sendable, Equatable {
    case quit
    case enterNamespace(String)
  }

  /// Characters of a namespace that can be typed.
  static let maxInput = 63

  var order = Order.priority
  var isPaused = false
  var showsHelp = false
  /// Lines of the body that are above the screen.
  var scroll = 0
  /// What is being typed as a namespace; nil: nothing is.
  var input: String?

  /// Takes a key.
  mutating func press(_ key: Key) -> Action? {
    if let text = input { return type(key, text) }
    switch key {
    case .character("q"), .character("Q"): return .quit
    case .character("p"), .character(" "): isPaused.toggle()
    case .character("s"): order = order.next
    case .character("n"): input = ""
    case .character("?"), .character("h"): showsHelp.toggle()
    case .escape: showsHelp = false
    case .up, .character("k"): scroll = max(0, scroll - 1)
    case .down, .character("j"): scroll += 1
    case .pageUp: scroll = max(0, scroll - 10)
    case .pageDown: scroll += 10
    case .home: scroll = 0
    default: break
    }
    return nil
  }

  private mutating func type(_ key: Key, _ text: String) -> Action? {
    switch key {
    case .escape: input = nil
    case .enter:
      input = nil
      return text.isEmpty ? nil : .enterNamespace(text)
    case .backspace: input = String(text.dropLast())
    case .character(let character):
      let isPart = character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
      if isPart, text.count < Self.maxInput { input = text + String(character) }
    default: break
    }
    return nil
  }
}
