import AnniversaryPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct AnniversaryValidateTests {
  private let anniversary = Anniversary()

  @Test(
    arguments: [
      "{}", #"{"of":"wedding"}"#, #"{"since":"2015-06-20"}"#, #"{"since":"--02-29","feb29":"leap-years-only"}"#,
      #"{"of":"work","since":"2031-06-20","title":"day at Acme"}"#, #"{"lead_days":[0,1,7,30,366]}"#,
      #"{"lead_days":[0,1,2,3,4,5,6,7,8,9]}"#, #"{"milestones":[1,10,25,50,1000]}"#, #"{"milestones":{"every":5}}"#,
      #"{"since":"2015-06-20","milestones":[50,10]}"#, #"{"templates":{"title":"{{years_ordinal}}"}}"#,
    ] as [JSONText])
  func goodDefinitionsPass(definition: JSONText) {
    #expect(anniversary.faults(definition).isEmpty)
  }

  private static let many = "[\((1...65).map { String($0) }.joined(separator: ","))]"

  @Test(
    arguments: [
      (#"{"of":""}"#, ["/of format"]), (#"{"of":" wedding"}"#, ["/of format"]), (#"{"of":"a\nb"}"#, ["/of format"]),
      (#"{"of":7}"#, ["/of type"]), (#"{"title":""}"#, ["/title format"]),
      (#"{"title":"a\u0000b"}"#, ["/title format"]),
      (#"{"since":"2015-02-29"}"#, ["/since format"]), (#"{"since":"0000-01-01"}"#, ["/since format"]),
      (#"{"since":"06-20"}"#, ["/since format"]), (#"{"since":20150620}"#, ["/since type"]),
      (#"{"lead_days":[]}"#, ["/lead_days count"]),
      (#"{"lead_days":[0,1,2,3,4,5,6,7,8,9,10]}"#, ["/lead_days count"]),
      (#"{"lead_days":[7,7]}"#, ["/lead_days/1 duplicate"]),
      (#"{"lead_days":[1,7.0,7]}"#, ["/lead_days/2 duplicate"]),
      (
        #"{"lead_days":[1,-1,367,"7",1.5,null]}"#,
        [
          "/lead_days/1 range", "/lead_days/2 range", "/lead_days/3 type", "/lead_days/4 type", "/lead_days/5 type",
        ]
      ),
      (#"{"lead_days":{}}"#, ["/lead_days type"]), (#"{"lead_days":true}"#, ["/lead_days type"]),
      (#"{"milestones":[]}"#, ["/milestones count"]), (#"{"milestones":\#(many)}"#, ["/milestones count"]),
      (#"{"milestones":[0]}"#, ["/milestones/0 range"]), (#"{"milestones":[1001]}"#, ["/milestones/0 range"]),
      (#"{"milestones":[10,10]}"#, ["/milestones/1 duplicate"]), (#"{"milestones":10}"#, ["/milestones type"]),
      (#"{"milestones":{}}"#, ["/milestones/every required"]),
      (#"{"milestones":{"every":0}}"#, ["/milestones/every range"]),
      (#"{"milestones":{"every":5,"from":10}}"#, ["/milestones/from unknown"]),
      (#"{"milestones":{"every":"5"}}"#, ["/milestones/every type"]),
      (#"{"since":"--06-20","milestones":[10]}"#, ["/milestones year"]),
      (#"{"since":"--06-20","milestones":{"every":5}}"#, ["/milestones year"]),
      (#"{"born":"2015-06-20"}"#, ["/born unknown"]), (#"{"templates":{"titel":"x"}}"#, ["/templates/titel unknown"]),
      (#"{"templates":{"html":"{{#a}}"}}"#, ["/templates/html template"]),
      (#"{"at":"25:00","feb29":"x"}"#, ["/at format", "/feb29 format"]),
    ] as [(String, [String])])
  func everyFaultIsNamedWithItsPointer(definition: String, faults: [String]) {
    #expect(anniversary.faults(JSONText(definition)) == faults)
  }

  @Test(arguments: ["[]", "{", "1", #"{"a":1,"a":1}"#] as [JSONText])
  func whatIsNoObjectIsInvalid(definition: JSONText) {
    #expect(throws: PluginError.self) { try anniversary.validate(definition) }
  }

  @Test func theManifestIsJSONAndNamesEveryMember() throws {
    let manifest = try JSONValue(parsing: Anniversary.manifest).object
    #expect(manifest?["id"] == "org.carillon.anniversary")
    #expect(manifest?["name"] == "anniversary")
    #expect(manifest?["templates"]?.object?["locale"] == "en")
    let known = manifest?["schemas"]?.object?["definition"]?.object?["properties"]?.object?.members.map(\.name)
    #expect(known == ["of", "since", "title", "milestones", "at", "feb29", "lead_days", "templates"])
  }

  /// Definitions of random members: an error or occurrences in order, and never anything else.
  @Test func randomDefinitionsNeverTrap() throws {
    var random = SplitMix(state: 9)
    let values: [JSONValue] = [
      .null, true, 0, 7, 366, -1, .integer(.max), .integer(.min), .number(1e300), "", "09:00", "1990-05-04",
      "--02-29",
      "9999-12-31", "0001-01-01", "feb-28", "leap-years-only", [], [:], ["title": "{{x}}"], [0, 365, 366], [1, 7],
      [1000], [1, 9998, .integer(.min)], ["every": 1], ["every": 1000], ["every": 7], "\u{0}", [[1]],
    ]
    let names = ["of", "since", "title", "milestones", "at", "feb29", "lead_days", "templates", ""]
    let starts = ["0001-01-01T00:00", "2026-02-28T23:59:59", "9999-12-31T23:59:59", "1900-03-01T12:00"]
    let user: JSONText = #"{"id":"a","dates":{"anniversary":"1896-02-29","wedding":"--05-04"}}"#
    var series = 0
    for _ in 0..<20_000 {
      var object = JSONObject()
      for name in names where Int.random(in: 0..<4, using: &random) == 0 {
        object[name] = values[Int.random(in: 0..<values.count, using: &random)]
      }
      let definition = JSONText(object.serialized())
      _ = anniversary.faults(definition)
      let cursor = Cursor(
        isStart: Bool.random(using: &random), civil: try civil(starts.randomElement(using: &random) ?? starts[0]),
        instantNanoseconds: .max, ordinal: Bool.random(using: &random) ? .max : 0,
        key: ["", "x", "2026-02-28", "9999-12-31-366d", "0001-01-01-9d"].randomElement(using: &random) ?? "")
      guard let given = try? anniversary.occurrences(definition, user: user, after: cursor, max: 5) else { continue }
      series += given.isEmpty ? 0 : 1
      let times = given.compactMap { if case .civil(let civil) = $0.when { civil } else { nil } }
      let isAscending = zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
      let areKeys = given.allSatisfy { Occurrence.isKey($0.key) && $0.ordinal > 0 }
      guard isAscending, areKeys, Set(given.map(\.key)).count == given.count else {
        Issue.record("\(definition.text) from \(cursor): \(given)")
        return
      }
    }
    #expect(series > 100)
  }
}
