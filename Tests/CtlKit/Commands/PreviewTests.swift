import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Previews of words")
struct PreviewTests {
  private let ada = "namespaces/default/schedules/birthday-ada"

  private func withAda(_ body: (FakeAgent, CtlRunner) async throws -> Void) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.schedules[ada] = .with { $0.name = ada }
        for sink in ["mail", "team"] {
          state.subscriptions[sink] = .with { $0.sink = "namespaces/default/sinks/\(sink)" }
        }
      }
      try await body(agent, ctl)
    }
  }

  @Test("the words are shown as a person reads them, with their source; sinks with the same words together")
  func schedule() async throws {
    try await withAda { agent, ctl in
      let shown = try await ctl("schedule", "preview", "birthday-ada")
      #expect(shown.status == 0, "\(shown.errors)")
      #expect(
        shown.output == """
          Mon 2026-06-01 09:00 Europe/London, in 3d  (occurrence 2026-06-01)

            to mail, team
            words: built in, en

              Happy birthday, Ada!

              Many happy returns.

              Carillon \\u{1b}[31m

          """)
      agent.with { $0.subscriptions = [:] }
      #expect(try await ctl("schedule", "preview", "birthday-ada").output.contains("no sink is subscribed"))
      let one = try await ctl("schedule", "preview", "birthday-ada", "--sink", "mail", "--html")
      #expect(one.output.contains("  to mail\n"))
      #expect(one.output.contains("    <p>Many happy returns.</p>"))
      #expect(try await ctl("schedule", "preview", "birthday-ada", "-o", "name").output == "2026-06-01\n")
    }
  }

  @Test("a language that is not had is noted where it is seen")
  func fallback() async throws {
    try await withAda { _, ctl in
      let shown = try await ctl("schedule", "preview", "birthday-ada", "--locale", "pt-BR")
      #expect(shown.output.contains("  note: no words for pt-BR: the built-in words in en\n"))
      let json = try await ctl("schedule", "preview", "birthday-ada", "--locale", "pt-BR", "-o", "json")
      #expect(json.output.contains(#""fallback": "no words for pt-BR: the built-in words in en""#))
      #expect(try await !ctl("schedule", "preview", "birthday-ada", "--locale", "en").output.contains("note:"))
    }
  }

  @Test("somebody else is tried by name; what is unknown of a person is refused")
  func sample() async throws {
    try await withAda { agent, ctl in
      let shown = try await ctl(
        "schedule", "preview", "birthday-ada", "--user-sample", "name=Zoë", "--user-sample", "birth=2000-02-29",
        "--user-sample", "date.wedding=2020-01-01", "--user-sample", "attribute.team=blue")
      #expect(shown.output.contains("Happy birthday, Zoë!"))
      let user = try #require(agent.requests(Carillon_V1_PreviewScheduleRequest.self).first?.sampleUser)
      #expect(user.dates == ["birth": "2000-02-29", "wedding": "2020-01-01"])
      #expect(user.attributes == ["team": "blue"])
      let wrong = try await ctl("schedule", "preview", "birthday-ada", "--user-sample", "nmae=Zoë")
      #expect(wrong.status == 64)
      #expect(wrong.errors.contains("did you mean \"name\"?"))
    }
  }

  @Test("what cannot be worded, and what is not coming, fails and says why")
  func problems() async throws {
    try await withAda { agent, ctl in
      agent.with { $0.wordingProblem = "templates.text: an unclosed section" }
      let shown = try await ctl("schedule", "preview", "birthday-ada")
      #expect(shown.status == 1)
      #expect(shown.output.contains("  problem: templates.text: an unclosed section"))
      #expect(shown.errors.contains("2 of 2 messages cannot be worded"))
      agent.with { $0.upcoming = [] }
      let none = try await ctl("schedule", "preview", "birthday-ada")
      #expect(none.status == 1)
      #expect(none.errors.contains("nothing is coming"))
      #expect(try await ctl("schedule", "preview", "nobody").status == 5)
      #expect(try await ctl("schedule", "preview", "birthday-ada", "--count", "21").status == 64)
      #expect(
        try await ctl("schedule", "preview", "birthday-ada", "--count", "2", "--occurrence", "k").status == 64)
      #expect(try await CtlRunner(socket: "/tmp/no-such-agent.sock")("schedule", "preview", "x").status == 3)
    }
  }

  @Test("a template is tried on a stored schedule, or on somebody made up, which is said")
  func template() async throws {
    try await withAda { agent, ctl in
      let made = try await ctl(
        "template", "preview", "--event-type", "birthday", "--title", "Alles Gute!", "--locale", "de", "--sink", "mail")
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.lines.first == "tried on Ada Example, who is made up; try it on a real one with --schedule")
      #expect(made.output.contains("words: the template tried\n"))
      #expect(made.output.contains("    Alles Gute!\n"))
      let first = try #require(agent.requests(Carillon_V1_PreviewScheduleRequest.self).first)
      #expect(first.schedule.eventType == "birthday" && first.locale == "de" && first.sampleUser.dates["birth"] != nil)

      let stored = "namespaces/default/templates/de"
      agent.with { state in
        state.templates[stored] = .with {
          $0.name = stored
          $0.eventType = "birthday"
          $0.locale = "de"
          $0.title = "Hoch!"
        }
      }
      let real = try await ctl("template", "preview", "de", "--schedule", "birthday-ada", "--text", "Neu")
      #expect(real.output.contains("words: the template tried\n"))
      #expect(!real.output.contains("made up"))
      let second = try #require(agent.requests(Carillon_V1_PreviewScheduleRequest.self).last)
      #expect(second.name == ada && second.locale == "")
      #expect(second.template.title == "Hoch!" && second.template.text == "Neu")
      #expect(agent.with { $0.templates[stored]?.text } == "")
    }
  }

  @Test("an event type without a sample asks for a definition")
  func unknownType() async throws {
    try await withAda { agent, ctl in
      let asked = try await ctl("template", "preview", "--event-type", "tide", "--title", "x")
      #expect(asked.status == 64)
      #expect(asked.errors.contains("--set"))
      let given = try await ctl("template", "preview", "--event-type", "tide", "--title", "x", "--set", "a.b=1")
      #expect(given.status == 0, "\(given.errors)")
      let sent = try #require(agent.requests(Carillon_V1_PreviewScheduleRequest.self).last)
      #expect(sent.schedule.definition.fields["a"]?.structValue.fields["b"]?.numberValue == 1)
      for arguments in [["de", "--event-type", "x"], ["--event-type", "x"], ["--title", "x"]] {
        #expect(try await ctl.run(["template", "preview"] + arguments).status == 64)
      }
    }
  }
}
