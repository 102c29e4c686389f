import BirthdayPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct BirthdayValidateTests {
  private let birthday = Birthday(today: { CivilDate(year: 2026, month: 5, day: 4) ?? .min })

  @Test(
    arguments: [
      "{}", #"{"born":"1990-05-04"}"#, #"{"born":"--02-29","feb29":"leap-years-only"}"#,
      #"{"born":"2026-05-05"}"#, #"{"at":"23:59:59","lead_days":366}"#, #"{"lead_days":7.0}"#,
      #"{"lead_days":[0,7,366]}"#,
      #"{"templates":{"title":"{{user.name}}","text":"{{#age}}{{age}}{{/age}}","html":"<b>{{age}}</b>"}}"#,
    ] as [JSONText])
  func goodDefinitionsPass(definition: JSONText) {
    #expect(birthday.faults(definition).isEmpty)
  }

  @Test(
    arguments: [
      (#"{"born":"1990-02-29"}"#, ["/born format"]), (#"{"born":"--02-30"}"#, ["/born format"]),
      (#"{"born":"--00-10"}"#, ["/born format"]), (#"{"born":"90-05-04"}"#, ["/born format"]),
      (#"{"born":"1990-05-04T00:00"}"#, ["/born format"]), (#"{"born":19900504}"#, ["/born type"]),
      (#"{"born":"2026-05-06"}"#, ["/born future"]), (#"{"born":"0000-01-01"}"#, ["/born format"]),
      (#"{"at":"24:00"}"#, ["/at format"]), (#"{"at":"9:00"}"#, ["/at format"]),
      (#"{"at":"09:00:60"}"#, ["/at format"]),
      (#"{"at":"09:00Z"}"#, ["/at format"]), (#"{"at":null}"#, ["/at type"]),
      (#"{"feb29":"never"}"#, ["/feb29 format"]),
      (#"{"lead_days":-1}"#, ["/lead_days range"]), (#"{"lead_days":367}"#, ["/lead_days range"]),
      (#"{"lead_days":1.5}"#, ["/lead_days type"]), (#"{"lead_days":1e300}"#, ["/lead_days type"]),
      (#"{"lead_days":"7"}"#, ["/lead_days type"]), (#"{"bron":"1990-05-04"}"#, ["/bron unknown"]),
      (#"{"lead_days":[7,"x",7]}"#, ["/lead_days/1 type", "/lead_days/2 duplicate"]),
      (#"{"a/b~c":1}"#, ["/a~1b~0c unknown"]),
      (#"{"templates":"x"}"#, ["/templates type"]), (#"{"templates":{"titel":"x"}}"#, ["/templates/titel unknown"]),
      (#"{"templates":{"title":1}}"#, ["/templates/title type"]),
      (#"{"templates":{"text":"{{#a}}"}}"#, ["/templates/text template"]),
      (#"{"templates":{"html":"{{user.name}"}}"#, ["/templates/html template"]),
      (
        #"{"born":"x","at":"y","feb29":"z","lead_days":999}"#,
        [
          "/born format", "/at format", "/feb29 format", "/lead_days range",
        ]
      ),
    ] as [(JSONText, [String])])
  func everyFaultIsNamedWithItsPointer(definition: JSONText, faults: [String]) {
    #expect(birthday.faults(definition) == faults)
  }

  @Test(arguments: ["[]", "{", "1", #"{"a":1,"a":1}"#] as [JSONText])
  func whatIsNoObjectIsInvalid(definition: JSONText) {
    let error = #expect(throws: PluginError.self) { try birthday.validate(definition) }
    #expect(error?.status == .invalid)
    #expect(error?.message.contains("definition") == true)
  }

  @Test func theManifestsAreJSONAndNameWhatThePluginProvides() throws {
    let manifest = try JSONValue(parsing: Birthday.manifest).object
    #expect(manifest?["id"] == "org.carillon.birthday")
    #expect(manifest?["provides"] == ["carillon.event-type/1"])
    let known = manifest?["schemas"]?.object?["definition"]?.object?["properties"]?.object?.members.map(\.name)
    #expect(known == ["born", "at", "feb29", "lead_days", "templates"])
  }

  /// Definitions of random members: an error or occurrences in order, and never anything else.
  @Test func randomDefinitionsNeverTrap() throws {
    var random = SplitMix(state: 4)
    let values: [JSONValue] = [
      .null, true, 0, 7, 366, -1, .integer(.max), .integer(.min), .number(1e300), "", "09:00", "1990-05-04", "--02-29",
      "9999-12-31", "0001-01-01", "feb-28", "mar-1", "leap-years-only", [], [:], ["title": "{{x}}"], "\u{0}",
      "２０２６-05-04",
    ]
    let names = ["born", "at", "feb29", "lead_days", "templates", "other", ""]
    let starts = ["0001-01-01T00:00", "2026-02-28T23:59:59", "9999-12-31T23:59:59", "1900-03-01T12:00"]
    var series = 0
    for _ in 0..<20_000 {
      var object = JSONObject()
      for name in names where Int.random(in: 0..<3, using: &random) == 0 {
        object[name] = values[Int.random(in: 0..<values.count, using: &random)]
      }
      let definition = JSONText(object.serialized())
      _ = birthday.faults(definition)
      let cursor = Cursor(
        isStart: Bool.random(using: &random), civil: try civil(starts.randomElement(using: &random) ?? starts[0]),
        instantNanoseconds: .max, ordinal: Bool.random(using: &random) ? .max : 0,
        key: ["", "x", "2026-02-28", "9999-12-31-366d", "0001-01-01"].randomElement(using: &random) ?? "")
      guard let given = try? birthday.occurrences(definition, after: cursor, max: 3) else { continue }
      series += given.isEmpty ? 0 : 1
      let times = given.compactMap { if case .civil(let civil) = $0.when { civil } else { nil } }
      #expect(times == times.sorted())
      #expect(given.allSatisfy { Occurrence.isKey($0.key) && $0.ordinal > 0 })
      #expect(Set(given.map(\.key)).count == given.count)
      if cursor.isStart { #expect(times.allSatisfy { $0 >= cursor.civil }) }
    }
    #expect(series > 100)
  }
}
