import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Templates")
struct TemplateTests {
  private let name = "namespaces/default/templates/de"

  @Test("a template is made of flags and files, listed, changed by mask, and deleted")
  func life() async throws {
    try await FakeAgent.serve { agent, ctl in
      let created = try await ctl(
        "template", "create", "de", "--event-type", "birthday", "--locale", "de", "--sink", "mail", "--title",
        "@@home", "--text", "@-", input: "Alles Gute,\n{{user.name}}!\n")
      #expect(created.status == 0, "\(created.errors)")
      let stored = try #require(agent.with { $0.templates[name] })
      #expect(stored.title == "@home")
      #expect(stored.text == "Alles Gute,\n{{user.name}}!\n")
      #expect(stored.sink == "namespaces/default/sinks/mail")
      #expect(created.lines.last == "de  birthday  de      mail  @home  title, text")
      #expect(try await ctl("template", "list", "--event-type", "reminder", "-o", "name").lines == [])
      #expect(try await ctl("template", "list", "-o", "name").lines == [name])

      let updated = try await ctl("template", "update", "de", "--title", "Hoch!", "--sink", "", "--text", "")
      #expect(updated.status == 0, "\(updated.errors)")
      let request = try #require(agent.requests(Carillon_V1_UpdateTemplateRequest.self).first)
      #expect(request.updateMask.paths == ["sink", "title", "text"])
      #expect(agent.with { $0.templates[name]?.sink } == "")
      #expect(try await ctl("template", "get", "de", "-o", "yaml").output.contains("title: Hoch!"))
      #expect(try await ctl("template", "delete", "de").output == "template de deleted\n")
      #expect(try await ctl("template", "get", "de").status == 5)
    }
  }

  @Test("what is taken, stale, empty or too long is refused")
  func failures() async throws {
    try await FakeAgent.serve { agent, ctl in
      let create = ["template", "create", "de", "--event-type", "birthday"]
      #expect(try await ctl.run(create + ["--title", "x"]).status == 0)
      #expect(try await ctl.run(create + ["--title", "x"]).status == 6)
      let same = try await ctl("template", "create", "other", "--event-type", "birthday", "--title", "y")
      #expect(same.status == 6)
      #expect(try await ctl("template", "update", "de", "--title", "z", "--etag", "old").status == 6)
      #expect(try await ctl("template", "update", "de").status == 64)
      #expect(try await ctl("template", "update", "nobody", "--title", "z").status == 5)
      #expect(try await ctl.run(create).status == 64)
      #expect(try await ctl("template", "create", "x", "--title", "y").status == 64)
      let long = try await ctl.run(create + ["--text", "@-"], input: String(repeating: "x", count: 16 * 1_024 + 1))
      #expect(long.status == 64)
      #expect(long.errors.contains("--text"))
      #expect(try await ctl.run(create + ["--text", "@/no/such/file"]).status == 64)
      #expect(agent.with { $0.templates.count } == 1)
    }
  }

  @Test("a dry run keeps nothing")
  func dryRun() async throws {
    try await FakeAgent.serve { agent, ctl in
      let dry = try await ctl("template", "create", "de", "--event-type", "birthday", "--title", "x", "--dry-run")
      #expect(dry.status == 0)
      #expect(agent.with { $0.templates.isEmpty })
    }
  }
}
