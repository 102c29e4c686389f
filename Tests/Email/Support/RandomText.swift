/// Random text of the kinds that break mails; the same for the same seed.
struct RandomText {
  private static let pieces = [
    "a", "word", " ", "  ", "\t", ".", "\r\n", "\n", "\r", "\n.\n", "\r\n.\r\n", "From ", "=", "=3D", "=?UTF-8?B?",
    "?=",
    "é", "e\u{301}", "ß", "Ω", "שלום", "مرحبا", "日本語", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "\u{200F}", "\u{2067}", "\u{FEFF}", "\u{A0}",
    "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "--", "=_", "<", ">", "@", ",", ";", ":", "\"", "\\",
    "(", ")",
    "\u{1F600}", "\u{10FFFD}", "0123456789",
    "averyveryveryverylongwordthatgoesonwithoutanyspaceforawhilesothatlinesgetlong",
  ]
  private static let bodyOnly = ["\0", "\u{1}", "\u{7F}", "\u{85}", "\u{2028}", "\u{B}"]

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// At most so many pieces; without control characters and line ends for a header.
  mutating func text(upTo most: Int, isHeader: Bool = false) -> String {
    let pieces =
      isHeader ? Self.pieces.filter { !$0.utf8.contains { $0 < 0x20 } } : Self.pieces + Self.bodyOnly
    var text = ""
    for _ in 0..<number(below: most) { text += pieces[number(below: pieces.count)] }
    return text
  }

  /// SplitMix64.
  private mutating func number(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(bound, 1)))
  }
}
