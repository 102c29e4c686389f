import Foundation
import Testing

@testable import StoreSQL

@Suite struct JSONTextTests {
  @Test("a map is written as an encoder writes it")
  func sameAsAnEncoder() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let texts = [
      "", "a", "B", "b-1", "b_1", "b.1", "a10", "a2", "é", "e\u{301}", "z/", "\"", "\\", "\n", "\u{0}", "\u{7f}",
      "\u{2028}", "😀",
    ]
    var random = SplitMix(seed: 1)
    for _ in 0..<2_000 {
      var map: [String: String] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        map[texts[Int.random(in: 0..<texts.count, using: &random)]] =
          texts[Int.random(in: 0..<texts.count, using: &random)]
      }
      let text = try JSONText.map(map)
      #expect(text == String(decoding: try encoder.encode(map), as: UTF8.self))
      #expect(try JSONText.map(text) == map)
    }
  }
}
