import AnniversaryPlugin
import Occasions
import PluginKit0
import Testing

/// What `next` answers, against a search through every day of almost half a century that shares no arithmetic with it.
@Suite struct YearlySearchTests {
  /// The days of 1990 to 2035, counted one by one.
  private struct Calendar {
    struct Day: Equatable {
      var year: Int
      var month: Int
      var day: Int

      var text: String { "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }
    }
    private(set) var days: [Day] = []

    init() {
      for year in 1990...2035 {
        let february = year % 4 == 0 ? 29 : 28  // 2000 is a leap year, and no other century is in reach
        for (index, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
          days += (1...length).map { Day(year: year, month: index + 1, day: $0) }
        }
      }
    }
  }

  private struct Problem {
    var since: Calendar.Day
    var knowsYear: Bool
    var leapDay: String
    var leads: [Int]
    var milestones: [Int]?
    var every: Int?
    var hour: Int

    init(using random: inout SplitMix, _ calendar: Calendar) {
      since = calendar.days[Int.random(in: 0..<10_000, using: &random)]
      if Int.random(in: 0..<3, using: &random) == 0 {
        since = .init(year: 1992 + 4 * Int.random(in: 0..<7, using: &random), month: 2, day: 29)
      }
      knowsYear = Int.random(in: 0..<4, using: &random) > 0
      leapDay = ["feb-28", "mar-1", "leap-years-only"].randomElement(using: &random) ?? "feb-28"
      let count = Int.random(in: 1...10, using: &random)
      let pool = [0, 1, 2, 7, 28, 29, 30, 59, 60, 180, 364, 365, 366] + (0...366)
      leads = Array(Set((0..<count).compactMap { _ in pool.randomElement(using: &random) }))
      hour = [0, 9, 23].randomElement(using: &random) ?? 9
      guard knowsYear else { return }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: every = Int.random(in: 1...9, using: &random)
      case 1: milestones = Array(Set((0..<6).map { _ in Int.random(in: 1...60, using: &random) }))
      default: break
      }
    }

    var definition: JSONText {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      let date = "\(knowsYear ? "\(since.year)" : "-")-\(two(since.month))-\(two(since.day))"
      var members = [
        #""since":"\#(date)""#, #""feb29":"\#(leapDay)""#, #""at":"\#(two(hour)):00""#, #""lead_days":\#(leads)"#,
      ]
      if let milestones { members.append(#""milestones":\#(milestones)"#) }
      if let every { members.append(#""milestones":{"every":\#(every)}"#) }
      return JSONText("{\(members.joined(separator: ","))}")
    }

    private func isCelebrated(_ day: Calendar.Day) -> Bool {
      let isMovedLeapDay = since.month == 2 && since.day == 29 && day.year % 4 != 0
      let onDay =
        switch (isMovedLeapDay, leapDay) {
        case (false, _): day.month == since.month && day.day == since.day
        case (true, "feb-28"): day.month == 2 && day.day == 28
        case (true, "mar-1"): day.month == 3 && day.day == 1
        case (true, _): false
        }
      guard onDay, knowsYear else { return onDay }
      let years = day.year - since.year
      return years >= 1 && every.map { years % $0 == 0 } ?? true && milestones?.contains(years) ?? true
    }

    /// The events before the last two years, from which leads reach beyond the days: as `key @ time`.
    func solution(_ calendar: Calendar) -> [String] {
      let days = calendar.days
      let origin = knowsYear ? days.firstIndex(of: since) ?? 0 : -1
      var leadOfDay: [Int: Int] = [:]
      for index in days.indices where days[index].month <= 3 || days[index].month == since.month {
        guard isCelebrated(days[index]) else { continue }
        for lead in leads where index - lead > origin && index - lead < days.count - 2 * 366 {
          leadOfDay[index - lead] = min(lead, leadOfDay[index - lead] ?? lead)
        }
      }
      return leadOfDay.sorted { $0.key < $1.key }.map { index, lead in
        let key = days[index + lead].text + (lead == 0 ? "" : "-\(lead)d")
        return "\(key) @ \(days[index].text)T\(hour < 10 ? "0" : "")\(hour):00:00"
      }
    }
  }

  @Test func randomSeriesAreThoseOfASearchDayByDay() throws {
    let anniversary = Anniversary()
    let calendar = Calendar()
    var random = SplitMix(state: 2026)
    var compared = 0
    for _ in 0..<100 {
      let problem = Problem(using: &random, calendar)
      let solution = problem.solution(calendar)
      let given = try anniversary.shownOccurrences(
        problem.definition, after: .start("1990-01-01T00:00"), max: solution.count + 1)
      guard Array(given.prefix(solution.count)) == solution else {
        Issue.record("\(problem.definition.text): \(given) instead of \(solution)")
        return
      }
      compared += solution.count
      try checkCursors(anniversary, problem, solution, &random)
    }
    #expect(compared > 2_000)
  }

  /// From any place, and by any step, the rest of the series is the same.
  private func checkCursors(
    _ anniversary: Anniversary, _ problem: Problem, _ solution: [String], _ random: inout SplitMix
  ) throws {
    for _ in 0..<10 where solution.count > 1 {
      let place = Int.random(in: 0..<(solution.count - 1), using: &random)
      let (key, time) = try split(solution[place])
      let max = Int.random(in: 1...7, using: &random)
      let rest = Array(solution.dropFirst(place + 1).prefix(max))
      let ordinal = UInt64.random(in: 0...100, using: &random)
      var cursors = [try Cursor.after(time, key: key, ordinal: ordinal), try .after(time, key: "", ordinal: ordinal)]
      // The hour was another one when the last was given out.
      if problem.hour > 0 { cursors.append(try .after("\(time.prefix(10))T00:00", key: key, ordinal: ordinal)) }
      for cursor in cursors {
        let given = try anniversary.shownOccurrences(problem.definition, after: cursor, max: rest.count)
        #expect(given == rest, "\(problem.definition.text) after \(cursor)")
      }
      let here = try anniversary.shownOccurrences(problem.definition, after: .start(time))
      #expect(here == [solution[place]], "a start at the moment itself")
    }
  }

  private func split(_ shown: String) throws -> (key: String, time: String) {
    let parts = shown.split(separator: " @ ").map(String.init)
    return (try #require(parts.first), try #require(parts.last))
  }
}
