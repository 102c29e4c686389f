import Occasions
import PluginKit0
import Testing

@Suite struct EnglishTests {
  /// How the numbers 0 to 19 and the tens are said, as ordinals: the independent way to find ending and article. What
  /// begins with "first" for "one" begins with a consonant alike.
  private static let small = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
  ]
  private static let tens = ["", "", "twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"]

  private static func spoken(_ number: Int) -> String {
    switch number {
    case 1_000...: "\(small[number / 1_000]) thousand \(number % 1_000 == 0 ? "th" : spoken(number % 1_000))"
    case 100...: "\(small[number / 100]) hundred\(number % 100 == 0 ? "th" : " and \(spoken(number % 100))")"
    case 20...: number % 10 == 0 ? "\(tens[number / 10])ieth" : "\(tens[number / 10])y-\(small[number % 10])"
    default: small[number]
    }
  }

  @Test func ordinalsAndArticlesAreThoseOfTheSpokenWordsFrom0To1200() {
    for number in 0...1_200 {
      let spoken = Self.spoken(number)
      #expect(English.ordinal(number).hasSuffix(String(spoken.suffix(2))), "\(number) \(spoken)")
      let article = "aeiou".contains(spoken.prefix(1)) ? "an" : "a"
      #expect(English.article(before: number) == article, "\(number) \(spoken)")
      let digits = English.ordinal(number).dropLast(2)
      #expect(digits.filter { $0 != "," } == "\(number)")
      #expect(digits.contains(",") == (number >= 1_000))
    }
  }

  @Test(arguments: [
    (0, "a 0th"), (1, "a 1st"), (2, "a 2nd"), (3, "a 3rd"), (4, "a 4th"), (7, "a 7th"), (8, "an 8th"), (9, "a 9th"),
    (10, "a 10th"), (11, "an 11th"), (12, "a 12th"), (13, "a 13th"), (18, "an 18th"), (19, "a 19th"),
    (21, "a 21st"), (22, "a 22nd"), (23, "a 23rd"), (28, "a 28th"), (79, "a 79th"), (80, "an 80th"),
    (81, "an 81st"), (89, "an 89th"), (90, "a 90th"), (100, "a 100th"), (101, "a 101st"), (108, "a 108th"),
    (111, "a 111th"), (112, "a 112th"), (113, "a 113th"), (121, "a 121st"), (180, "a 180th"), (800, "an 800th"),
    (811, "an 811th"), (899, "an 899th"), (1_000, "a 1,000th"), (1_011, "a 1,011th"), (1_100, "a 1,100th"),
    (8_000, "an 8,000th"), (11_000, "an 11,000th"), (12_345_671, "a 12,345,671st"),
  ])
  func ordinals(number: Int, text: String) {
    #expect("\(English.article(before: number)) \(English.ordinal(number))" == text)
  }

  @Test(arguments: [
    ("Ada", "Ada's"), ("James", "James'"), ("JAMES", "JAMES'"), ("Max", "Max's"), ("Ada and Bob", "Ada and Bob's"),
    ("Zoë", "Zoë's"), ("さくら", "さくら's"), ("\u{2068}שרה\u{2069}", "\u{2068}שרה\u{2069}'s"),
  ])
  func possessives(name: String, text: String) {
    #expect(English.possessive(name) == text)
  }

  @Test(arguments: [
    (0, "today"), (1, "tomorrow"), (2, "in 2 days"), (7, "in 7 days"), (366, "in 366 days"),
  ])
  func days(days: Int, text: String) {
    #expect(English.inDays(days) == text)
  }

  @Test(arguments: [(0, "0 years"), (1, "one year"), (2, "2 years"), (1_000, "1,000 years")])
  func years(years: Int, text: String) {
    #expect(English.years(years) == text)
  }

  @Test(arguments: [
    ("2026-05-04", "Monday 4 May", "4 May 2026"), ("2000-02-29", "Tuesday 29 February", "29 February 2000"),
    ("1970-01-01", "Thursday 1 January", "1 January 1970"), ("1969-12-31", "Wednesday 31 December", "31 December 1969"),
    ("0001-01-01", "Monday 1 January", "1 January 1"), ("9999-12-31", "Friday 31 December", "31 December 9999"),
  ])
  func dates(written: String, weekdayAndDay: String, whole: String) throws {
    #expect(try English.weekdayAndDay(date(written)) == weekdayAndDay)
    #expect(try English.date(date(written)) == whole)
  }
}
