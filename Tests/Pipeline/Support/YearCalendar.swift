import EventModel

@testable import Pipeline

/// One schedule of the year test.
struct YearSeries {
  var id: String
  var userID: String?
  var eventType: String
  var zone: String
  var definition: String
  /// The user's date that it is about; empty for a reminder.
  var date = ""

  /// As the oracle reads it.
  var line: String { "\(id)\t\(eventType)\t\(zone)\t\(date)\t\(definition)" }

  func schedule(from start: Timestamp) -> Schedule {
    Schedule(
      namespace: "default", id: id, userID: userID, eventType: eventType, definitionJSON: definition,
      timeZone: userID == nil ? zone : nil, startAt: start)
  }
}

/// Random people with their birthdays and anniversaries, and random reminders.
struct YearCalendar {
  struct Person {
    var user: User
    var series: [YearSeries]
  }

  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  static let zones = [
    "America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
    "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "America/St_Johns", "Europe/Dublin", "Asia/Gaza",
    "America/Sao_Paulo", "Asia/Tehran", "Pacific/Chatham", "UTC", "America/Los_Angeles", "Europe/Lisbon",
  ]

  private mutating func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[draw(values.count)] }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Many at hours at which clocks change.
  private mutating func time() -> String {
    "\(Self.two(draw(3) == 0 ? draw(4) : draw(24))):\(Self.two(draw(4) * 15))"
  }

  mutating func people(_ count: Int) -> [Person] {
    (0..<count).map { index in
      let zone = pick(Self.zones)
      let leap = pick(["feb-28", "mar-1", "leap-years-only"])
      let day = index % 20 == 0 ? "02-29" : "\(Self.two(draw(12) + 1))-\(Self.two(draw(28) + 1))"
      let born = index % 20 == 0 ? "\(1940 + draw(20) * 4)-\(day)" : pick(["\(1940 + draw(90))-\(day)", "--\(day)"])
      let wedding =
        index % 30 == 0 ? "2020-02-29" : "\(2000 + draw(29))-\(Self.two(draw(12) + 1))-\(Self.two(draw(28) + 1))"
      let user = User(
        namespace: "default", id: "p\(index)", timeZone: zone, dates: ["birth": born, "wedding": wedding])
      let lead = pick(["0", "7", "[0, 14]", "[0, 1, 366]"])
      let birthday = YearSeries(
        id: "b\(index)", userID: user.id, eventType: "birthday", zone: zone,
        definition: #"{"at": "\#(time())", "feb29": "\#(leap)", "lead_days": \#(lead)}"#, date: born)
      let milestones = pick(["", #", "milestones": {"every": 5}"#, #", "milestones": [1, 2, 3, 10, 25]"#])
      let anniversary = YearSeries(
        id: "a\(index)", userID: user.id, eventType: "anniversary", zone: zone,
        definition:
          #"{"of": "wedding", "at": "\#(time())", "feb29": "\#(leap)", "lead_days": \#(pick(["0", "[0, 3]"]))\#(milestones)}"#,
        date: wedding)
      return Person(user: user, series: [birthday, anniversary])
    }
  }

  mutating func reminders(_ count: Int) -> [YearSeries] {
    (0..<count).map { index in
      let start = "\(pick([2026, 2027]))-\(Self.two(draw(12) + 1))-\(Self.two(draw(28) + 1))T\(time())"
      var members = [#""title": "x""#, #""start": "\#(start)""#, #""repeat": "\#(rule())""#]
      if draw(3) == 0 {
        let days = (0..<15).map { _ in "\"\(pick([2027, 2028]))-\(Self.two(draw(12) + 1))-\(Self.two(draw(28) + 1))\"" }
        members.append("\"exdate\": [\(days.joined(separator: ", "))]")
      } else if draw(3) == 0 {
        // At a minute that no rule has.
        let local = "\"2027-\(Self.two(draw(6) + 7))-\(Self.two(draw(28) + 1))T12:07\""
        let instant = "\"2028-0\(draw(5) + 1)-\(Self.two(draw(28) + 1))T12:08Z\""
        members.append("\"rdate\": [\(local), \(instant)]")
      }
      if draw(4) == 0 { members.append("\"lead_minutes\": \(pick([15, 1_440, -30]))") }
      return YearSeries(
        id: "r\(index)", userID: nil, eventType: "reminder", zone: pick(Self.zones),
        definition: "{\(members.joined(separator: ", "))}")
    }
  }

  private mutating func rule() -> String {
    let ends = ["", ";COUNT=\(draw(60) + 1)", ";UNTIL=2028\(Self.two(draw(5) + 1))15T120000"]
    let rule = pick([
      "FREQ=DAILY;INTERVAL=\(draw(9) + 2)", "FREQ=DAILY;BYMONTH=3,10,11", "FREQ=DAILY;BYDAY=SU,MO",
      "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH;WKST=SU", "FREQ=WEEKLY",
      "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=2TU,-1SU", "FREQ=MONTHLY;BYMONTHDAY=31",
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-2", "FREQ=MONTHLY",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=1,100,-1",
      "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    ])
    let dense = [
      "FREQ=HOURLY;INTERVAL=\(draw(40) + 83)", "FREQ=HOURLY;COUNT=2000;INTERVAL=97",
      "FREQ=MINUTELY;INTERVAL=\(5_041 + draw(4_000))",
    ]
    return draw(8) == 0 ? pick(dense) : rule + pick(ends)
  }
}

/// A small generator with a seed, for tests that must be the same every time (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
