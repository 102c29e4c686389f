import PluginKit0
import Recurrence
import ReminderPlugin
import Testing

@Suite struct ValidateTests {
  @Test(
    arguments: [
      #"{"text":"x","start":"2026-11-23"}"#, #"{"title":"x","rdate":["2026-11-23"]}"#,
      #"{"title":"x","repeat":"rate(1 day)"}"#, #"{"title":"x","repeat":"cron(0 9 * * 1)","end":"2030-01-01"}"#,
      #"{"title":"x","start":"2026-11-23T09:30:00","repeat":"RRULE:FREQ=WEEKLY;BYDAY=MO;"}"#,
      #"{"title":"x","start":"2026-11-23T09:30","repeat":"freq=monthly;byday=+1mo,-1fr;wkst=su"}"#,
      #"{"title":"{{user.name}}","html":"<b>{{start_text}}</b>","templates":{"text":"{{text}}!"},"start":"2026-11-23T00:00Z"}"#,
      #"{"title":"x","start":"2026-11-23T23:00","repeat":"FREQ=DAILY;UNTIL=20261123T100000Z"}"#,
      #"{"title":"x","start":"2028-02-29","repeat":"FREQ=YEARLY;INTERVAL=4"}"#,
      #"{"title":"x","start":"2026-11-23","repeat":"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"}"#,
    ] as [JSONText])
  func goodDefinitionsPass(definition: JSONText) {
    #expect(Series.violations(definition).isEmpty)
  }

  @Test(
    arguments: [
      (#"{}"#, [" required", " required"]), (#"{"title":"x"}"#, [" required"]),
      (#"{"start":"2026-11-23"}"#, [" required"]), (#"{"title":"x","start":"23.11.2026"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-02-30"}"#, ["/start format"]), (#"{"title":"x","start":5}"#, ["/start type"]),
      (#"{"title":"x","start":"2026-11-23T24:00"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-11-23T09:30+01:00"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-11-23T09:30[]"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-11-23T09:30[a b]"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-11-23T09:30z"}"#, ["/start format"]),
      (#"{"title":"x","start":"1699-12-31"}"#, ["/start format"]),
      (#"{"title":"x","start":"2261-01-01"}"#, ["/start format"]),
      (#"{"title":"x","start":"2026-11-23","at":"9:00"}"#, ["/at format"]),
      (#"{"title":"x","repeat":"FREQ=DAILY"}"#, ["/start required"]),
      (#"{"title":"x","start":"2026-11-23","repeat":"FREQ=DAILY","end":"2027-01-01"}"#, ["/end unexpected"]),
      (#"{"title":"x","start":"2026-11-23","end":"2027-01-01"}"#, ["/end unexpected"]),
      (#"{"title":"x","start":"2027-11-23","repeat":"cron(0 0 * * *)","end":"2027-01-01"}"#, ["/repeat never"]),
      (#"{"title":"x","start":"2026-11-23","rdate":"2026-11-24"}"#, ["/rdate type"]),
      (#"{"title":"x","start":"2026-11-23","rdate":["2026-11-24",7,"x"]}"#, ["/rdate/1 type", "/rdate/2 format"]),
      (#"{"title":"x","start":"2026-11-23","exdate":[null]}"#, ["/exdate/0 type"]),
      (#"{"title":"x","start":"2026-11-23","lead_minutes":525601}"#, ["/lead_minutes range"]),
      (#"{"title":"x","start":"2026-11-23","lead_minutes":-40321}"#, ["/lead_minutes range"]),
      (#"{"title":"x","start":"2026-11-23","lead_minutes":1.5}"#, ["/lead_minutes type"]),
      (#"{"title":"x","start":"2026-11-23","when":1}"#, ["/when unknown"]),
      (#"{"title":"{{#x}}","start":"2026-11-23"}"#, ["/title template"]),
      (#"{"title":"x","start":"2026-11-23","templates":{"html":"{{"}}"#, ["/templates/html template"]),
      (#"{"title":"x","start":"2026-11-23","templates":{"body":"x"}}"#, ["/templates/body unknown"]),
    ] as [(JSONText, [String])])
  func faultsAreNamedWhereTheyAre(definition: JSONText, expected: [String]) {
    #expect(Series.violations(definition).map { "\($0.pointer) \($0.code)" } == expected)
  }

  @Test func tooManyTimes() {
    let many = JSONValue.array(.init(repeating: "2026-11-23", count: 501))
    #expect(
      Series(start: "2026-11-23").with("rdate", many).with("exdate", many).faults == ["/rdate count", "/exdate count"])
  }

  /// Each refusal says what is wrong, and what is allowed.
  @Test(
    arguments: [
      ("FREQ=SECONDLY", "SECONDLY, which is not taken; the shortest is MINUTELY"),
      ("FREQ=FORTNIGHTLY", "one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY"), ("BYDAY=MO", "no FREQ"),
      ("FREQ=DAILY;FREQ=DAILY", "FREQ twice"), ("FREQ=DAILY;;COUNT=1", "without \"=\""),
      ("FREQ=DAILY;X-NAME=1", "X-NAME"),
      ("FREQ=DAILY;COUNT", "without \"=\""), ("FREQ=DAILY;BYEASTER=0", "BYEASTER, which is not known"),
      ("RSCALE=HEBREW;FREQ=YEARLY", "Gregorian"), ("FREQ=YEARLY;SKIP=FORWARD", "Gregorian"),
      ("FREQ=DAILY;COUNT=5;UNTIL=20300101", "COUNT and UNTIL"),
      ("FREQ=DAILY;INTERVAL=0", "1 to 10000"), ("FREQ=DAILY;INTERVAL=10001", "1 to 10000"),
      ("FREQ=DAILY;INTERVAL=-1", "1 to 10000"), ("FREQ=DAILY;COUNT=0", "1 to 100000"),
      ("FREQ=DAILY;COUNT=100001", "1 to 100000"), ("FREQ=DAILY;COUNT=99999999999999999999", "1 to 100000"),
      ("FREQ=DAILY;UNTIL=2026-12-24", "20261223T170000Z"), ("FREQ=DAILY;UNTIL=20260230", "must be a date"),
      ("FREQ=DAILY;UNTIL=20270101T240000", "must be a date"), ("FREQ=DAILY;BYHOUR=24", "0 to 23"),
      ("FREQ=DAILY;BYMINUTE=60", "0 to 59"), ("FREQ=DAILY;BYSECOND=60", "0 to 59"),
      ("FREQ=DAILY;BYHOUR=", "nothing in BYHOUR"),
      ("FREQ=DAILY;BYHOUR=-1", "0 to 23"), ("FREQ=DAILY;BYMONTH=13", "1 to 12"), ("FREQ=DAILY;BYMONTH=5L", "1 to 12"),
      ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"), ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
      ("FREQ=YEARLY;BYYEARDAY=367", "1 to 366"),
      ("FREQ=YEARLY;BYWEEKNO=54", "1 to 53"), ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "1 to 366"),
      ("FREQ=WEEKLY;BYDAY=MON", "MO, TU"), ("FREQ=MONTHLY;BYDAY=54MO", "1 to 53"),
      ("FREQ=MONTHLY;BYDAY=+MO", "1 to 53"),
      ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=10001", "10000 at most"), ("FREQ=WEEKLY;WKST=1", "one of MO"),
      ("FREQ=MONTHLY;BYDAY=6MO", "no month reaches"),
      ("FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY and FREQ=YEARLY only"),
      ("FREQ=DAILY;BYDAY=1MO", "FREQ=MONTHLY and FREQ=YEARLY only"),
      ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "do not go together"), ("FREQ=WEEKLY;BYMONTHDAY=1", "do not go together"),
      ("FREQ=MONTHLY;BYYEARDAY=1", "FREQ=YEARLY only"), ("FREQ=MONTHLY;BYWEEKNO=1", "FREQ=YEARLY only"),
      ("FREQ=MONTHLY;BYSETPOS=1", "without another BY part"), ("FREQ=HOURLY;BYDAY=MO", "narrowed with BYHOUR"),
      ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "BYMONTH with FREQ=HOURLY"),
      ("FREQ=MINUTELY;BYYEARDAY=1", "BYYEARDAY with"),
      ("FREQ=MINUTELY;BYWEEKNO=1", "BYWEEKNO with"), ("FREQ=HOURLY;BYMINUTE=1;BYSETPOS=1", "BYSETPOS with"),
      ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no occurrence"), ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "no occurrence"),
      ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "no occurrence"), ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "no occurrence"),
      ("FREQ=HOURLY;INTERVAL=24;BYHOUR=10", "no occurrence"), ("FREQ=DAILY;UNTIL=20200101", "no occurrence"),
      ("FREQ=DAILY;INTERVAL=7;BYDAY=SU", "no occurrence"), ("FREQ=MINUTELY;BYHOUR=9;COUNT=10000", "intervals to reach"),
      (
        "FREQ=DAILY;BYSECOND=\((0...59).map(String.init).joined(separator: ","));BYMINUTE=\((0...30).map(String.init).joined(separator: ","))",
        "1440 times a day"
      ),
      ("FREQ=DAILY;\(String(repeating: "X", count: 2_048))=1", "longer than 2048"), ("FREQ=DÄILY", "printable ASCII"),
      ("FREQ=DAILY\u{0}", "printable ASCII"), ("", "must be an RRULE"), ("daily", "must be an RRULE"),
    ])
  func refusals(rule: String, says: String) {
    // 30 November 2026 is a Monday.
    let definition = Series(rule, start: "2026-11-30T09:30").definition
    let violations = Series.violations(JSONText(JSONValue.object(definition).serialized()))
    #expect(violations.map(\.pointer) == ["/repeat"])
    #expect(violations.first?.message.contains(says) == true, "\(violations)")
  }

  @Test func randomBytesHarmNothing() {
    var generator = SplitMix(state: 7)
    let alphabet = Array("FREQ=DAILYWKMONTHUBSECP;,:+-0123456789()*?/#L TZ[]ratecron minutes".utf8)
    for round in 0..<4_000 {
      let count = round % 50 == 0 ? 65_536 : Int.random(in: 0...80, using: &generator)
      let bytes = (0..<count).map { _ in
        round.isMultiple(of: 2)
          ? alphabet.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let prefix = ["", "FREQ=DAILY;", "FREQ=YEARLY;BYDAY=", "cron(", "rate(", "FREQ=MONTHLY;BYMONTHDAY="][round % 6]
      let value = JSONValue.string(prefix + text + (prefix.hasSuffix("(") ? ")" : ""))
      var definition = Series(start: "2026-11-23T09:30").definition
      definition[["repeat", "start", "end", "at", "repeat", "repeat"][(round / 6) % 6]] = value
      definition["rdate"] = [value]
      for fault in Series.violations(JSONText(JSONValue.object(definition).serialized())) {
        #expect(fault.message.utf8.count < 500)
      }
    }
  }

  @Test func junkIsRefusedWhole() {
    for junk in [String(repeating: "[", count: 65_536), String(repeating: "x", count: 65_536), "[]", "null", "7"] {
      #expect(throws: PluginError.self) { try Reminder(host: ZoneHost.host()).validate(JSONText(junk)) }
    }
  }
}
