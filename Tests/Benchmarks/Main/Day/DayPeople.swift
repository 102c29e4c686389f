import AgentHarness
import ControlAPI
import SwiftProtobuf

/// The people of the day. Each has a birthday and an anniversary at 09:00, dates spread over the year; each tenth a
/// reminder every day at a quarter of an hour between 07:00 and 22:00; each fourth a notification on this day, at any
/// second of those hours. All times are local.
struct DayPeople: Sendable {
  private static let nine = 9 * 3_600
  private static let (morning, evening) = (7 * 3_600, 22 * 3_600)
  private static let quarters = stride(from: morning, to: evening, by: 900).map { $0 }

  private let day: Rehearsal
  private let zones: DayZones
  /// By zone: the dates on which it is nine within the day.
  private let nines: [[String]]
  /// By zone and quarter: how often the clocks show it within the day.
  private let rings: [[Int]]

  init(_ day: Rehearsal) throws(HarnessError) {
    self.day = day
    zones = try DayZones(day)
    nines = zones.all.map { $0.dates(Self.nine) }
    rings = zones.all.map { zone in Self.quarters.map { zone.dates($0).count } }
  }

  /// One of them, and how many of their events fall due on the day.
  func person(_ number: Int) -> (item: Carillon_V1_ImportItem, due: Int) {
    let dice = Dice(number)
    let index = zones.index(dice.again)
    let zone = zones.all[index]
    let (birth, anniversary) = (Self.date(dice.again.again.again), Self.date(dice.again.again.again.again))
    var due = nines[index].count { $0 == birth } + nines[index].count { $0 == anniversary }
    var item = Carillon_V1_ImportItem()
    item.tag = Int64(number)
    item.user.name = "\(Control.namespace)/users/person-\(number)"
    item.user.displayName = "Person \(number)"
    item.user.timeZone = zone.name
    item.user.dates = ["birth": "1980-\(birth)", "anniversary": "2010-\(anniversary)"]
    item.schedules = [Self.schedule(number, "birthday"), Self.schedule(number, "anniversary")]
    if number % 10 == 0 {
      let quarter = dice.number(below: Self.quarters.count)
      due += rings[index][quarter]
      item.schedules.append(Self.reminder(number, "\(zone.firstDate)T\(Self.time(Self.quarters[quarter]))"))
    }
    if number % 4 == 0, let at = zone.first(Self.morning + dice.number(below: Self.evening - Self.morning)) {
      due += at < day.from + day.length ? 1 : 0
      item.schedules.append(Self.notification(number, at))
    }
    return (item, due)
  }

  private static func schedule(_ number: Int, _ type: String) -> Carillon_V1_Schedule {
    .with {
      $0.name = "\(Control.namespace)/schedules/\(type)-\(number)"
      $0.eventType = type
    }
  }

  private static func reminder(_ number: Int, _ start: String) -> Carillon_V1_Schedule {
    var schedule = schedule(number, "reminder")
    schedule.definition.fields["start"] = .with { $0.stringValue = start }
    schedule.definition.fields["repeat"] = .with { $0.stringValue = "FREQ=DAILY" }
    schedule.definition.fields["title"] = .with { $0.stringValue = "Reminder \(number)" }
    return schedule
  }

  private static func notification(_ number: Int, _ at: Int64) -> Carillon_V1_Schedule {
    var schedule = schedule(number, "notification")
    schedule.definition.fields["at"] = .with { $0.stringValue = Seed.rfc3339(at * 1_000_000) }
    schedule.definition.fields["title"] = .with { $0.stringValue = "Note \(number)" }
    return schedule
  }

  private static func time(_ second: Int) -> String {
    DayZones.text(second / 3_600, second / 60 % 60).replacing("-", with: ":")
  }

  /// `11-22`: each day of a year with 365 as likely as another.
  private static func date(_ dice: Dice) -> String {
    let january1981: Int64 = 347_155_200
    let instant = (january1981 + Int64(dice.number(below: 365)) * 86_400) * 1_000_000
    return String(Seed.rfc3339(instant).dropFirst("1981-".count).prefix("11-22".count))
  }
}
