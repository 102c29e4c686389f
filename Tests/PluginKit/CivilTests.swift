import CPluginAPI
import PluginKit0
import Testing

@Suite struct CivilTests {
  @Test func everyDayOfTheCalendarHasANumberAndBack() throws {
    var number = CivilDate.min.dayNumber
    #expect(number == -719_162)
    for year in CivilDate.years {
      for month in 1...12 {
        for day in 1...CivilDate.days(inMonth: month, of: year) where day == 1 || day >= 28 {
          let date = try #require(CivilDate(year: year, month: month, day: day))
          if day == 1 { #expect(date.dayNumber == number) }
          #expect(CivilDate(dayNumber: date.dayNumber) == date)
        }
        number += CivilDate.days(inMonth: month, of: year)
      }
    }
    #expect(number - 1 == CivilDate.max.dayNumber)
  }

  @Test(arguments: [
    (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (0, 1, 1), (10_000, 1, 1),
  ])
  func datesThatDoNotExistAreRefused(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }

  @Test func theEdgesOfTheCalendarAreNotPassed() {
    #expect(CivilDate.max.adding(days: 1) == nil)
    #expect(CivilDate.min.adding(days: -1) == nil)
    #expect(CivilDate.max.adding(days: .max) == nil)
    #expect(CivilDate(year: 2024, month: 2, day: 28)?.adding(days: 2)?.description == "2024-03-01")
  }

  @Test func timesOrderAndPrint() throws {
    let date = try #require(CivilDate(year: 987, month: 3, day: 4))
    let time = try #require(CivilTimeOfDay(hour: 7, minute: 5, second: 9))
    #expect(Civil(date, time).description == "0987-03-04T07:05:09")
    #expect(Civil(date, time) < Civil(date, time, fold: 1))
    #expect(CivilTimeOfDay(hour: 24, minute: 0) == nil)
  }
}

/// A host that offers nothing, as a plugin's own tests may make one.
struct SilentServices: HostServices {
  func isLogged(_ level: LogLevel) -> Bool { false }
  func log(_ level: LogLevel, instance: String, message: String) {}
  func complete(_ completions: [Completion]) -> CompletionAnswer { .refused(.unsupported) }
  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret { Secret("s") }
  func instant(of civil: Civil, in timeZone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int64 {
    1
  }
  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    throw PluginError(.notFound, "no zone")
  }
}

@Suite struct HostTests {
  @Test func aMessageIsNotMadeWhenItsLevelIsOff() {
    var made = false
    let host = Host(instanceName: "x", services: SilentServices())
    func make() -> String {
      made = true
      return "m"
    }
    host.log(.error, make())
    #expect(!made)
  }

  @Test func aSecretShowsNothing() throws {
    let secret = Secret("hunter2")
    #expect("\(secret)" == "<secret>")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("hunter"))
    #expect(secret.withBytes { Array($0) } == Array("hunter2".utf8))
  }
}
