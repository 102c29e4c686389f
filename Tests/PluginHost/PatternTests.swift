import Testing

@testable import PluginHost

@Suite("Patterns: a subset of ECMA-262 in bounded time")
struct PatternTests {
  @Test(
    "A pattern occurs, or not",
    arguments: [
      ("^[a-z]+$", "abc", true), ("^[a-z]+$", "abC", false), ("b", "abc", true), ("^b", "abc", false),
      ("a{2,3}$", "caa", true), ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaaa", true), ("^a{2}$", "a", false),
      ("^(?:a|bc)*$", "abcbca", true), ("^(a|bc)*$", "ab", false), ("^$", "", true), ("^$", "x", false),
      ("\\d", "x٣", false), ("^\\w+\\s\\S$", "ab é", true), ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "scat", false),
      ("^.$", "\n", false), ("^.$", "😀", true), ("^\\u{1F600}$", "😀", true), ("^[^/]*$", "a/b", false),
      ("^[\\d.-]+$", "1.2-3", true), ("^\\x41\\u0042$", "AB", true), ("(a*)*b", "aaaa", false), ("a+?b", "aab", true),
      ("x*", "", true), ("^(|a)$", "a", true), ("$", "abc", true), ("[]", "a", false), ("[^]", "a", true),
    ] as [(String, String, Bool)])
  func occurs(source: String, text: String, expected: Bool) throws {
    #expect(try Pattern(source).occurs(in: text) == expected)
  }

  @Test(
    "What needs backtracking, or is malformed, is refused",
    arguments: [
      "(?=a)", "(?!a)", "(?<=a)", "(?<n>a)", "(a)\\1", "\\p{L}", "a{1001}", "(a{1000}){1000}", "[b-a]", "a{3,2}", "(",
      ")", "[", "*a", "^*", "a**", "\\", "\\ud800", "a{", "}", "]", "\\q",
    ])
  func refused(source: String) {
    #expect(throws: PatternError.self) { try Pattern(source) }
  }

  @Test("A pattern that explodes under backtracking takes linear time")
  func linear() throws {
    let pattern = try Pattern("^(a|a)*(a*)*$")
    #expect(!pattern.occurs(in: String(repeating: "a", count: 1_000) + "b"))
  }
}
