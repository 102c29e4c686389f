import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite struct TemplatesTests {
  @Test func whatIsCreatedCanBeGotChangedAndDeleted() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var request = Sample.createTemplate("german")
      request.template.sink = "\(Rig.parent)/sinks/hook"
      let made = try await rig.templates.createTemplate(request)
      #expect(made.name == "namespaces/test/templates/german" && made.etag == "1")
      #expect(made.sink == request.template.sink && made.title == request.template.title)
      #expect(try await rig.templates.getTemplate(.with { $0.name = made.name }) == made)
      // An agent reads a change of its words at once.
      #expect(rig.pipeline.refreshes == 2)
      let changed = try await rig.templates.updateTemplate(
        .with {
          $0.template = .with {
            $0.name = made.name
            $0.text = "Alles Gute!"
            $0.etag = made.etag
          }
          $0.updateMask = Sample.mask("text", "sink")
        })
      #expect(changed.text == "Alles Gute!" && changed.sink.isEmpty && changed.title == made.title)
      try await refused(.aborted) {
        try await rig.templates.deleteTemplate(
          .with {
            $0.name = made.name
            $0.etag = made.etag
          })
      }
      _ = try await rig.templates.deleteTemplate(.with { $0.name = made.name })
      try await refused(.notFound) { try await rig.templates.getTemplate(.with { $0.name = made.name }) }
      #expect(rig.pipeline.refreshes == 4)
    }
  }

  @Test func twoForTheSameAreNamed() async throws {
    try await withRig { rig in
      _ = try await rig.templates.createTemplate(Sample.createTemplate("one"))
      let same = try await refused(.alreadyExists) {
        try await rig.templates.createTemplate(Sample.createTemplate("one"))
      }
      #expect(same.resource == "namespaces/test/templates/one")
      let other = try await refused(.alreadyExists) {
        try await rig.templates.createTemplate(Sample.createTemplate("two"))
      }
      #expect(other.message.contains("namespaces/test/templates/one has this event type, locale and sink"))
    }
  }

  struct BadTemplate: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateTemplateRequest) -> Void
  }

  static let badTemplates: [BadTemplate] = [
    BadTemplate(testDescription: "no parent", fields: ["parent"]) { $0.parent = "" },
    BadTemplate(testDescription: "no id", fields: ["template_id"]) { $0.templateID = "" },
    BadTemplate(testDescription: "no event type", fields: ["template.event_type"]) { $0.template.eventType = "" },
    BadTemplate(testDescription: "unknown event type", fields: ["template.event_type"]) {
      $0.template.eventType = "brithday"
    },
    BadTemplate(testDescription: "an event type without templates", fields: ["template.event_type"]) {
      $0.template.eventType = "notification"
    },
    BadTemplate(testDescription: "no language", fields: ["template.locale"]) { $0.template.locale = "d!" },
    BadTemplate(testDescription: "unknown sink", fields: ["template.sink"]) {
      $0.template.sink = "namespaces/test/sinks/none"
    },
    BadTemplate(testDescription: "sink not by name", fields: ["template.sink"]) { $0.template.sink = "hook" },
    BadTemplate(testDescription: "no words at all", fields: ["template.text"]) {
      $0.template.title = ""
      $0.template.text = ""
    },
    BadTemplate(testDescription: "too many words", fields: ["template.html"]) {
      $0.template.html = String(repeating: "x", count: MessageTemplate.maximumPartBytes + 1)
    },
    BadTemplate(testDescription: "a title that cannot be rendered", fields: ["template.title"]) {
      $0.template.title = "Hello {{name"
    },
    BadTemplate(testDescription: "two parts that cannot", fields: ["template.text", "template.html"]) {
      $0.template.text = "{{"
      $0.template.html = "<p>{{</p>"
    },
    BadTemplate(
      testDescription: "several faults at once",
      fields: ["template_id", "template.event_type", "template.locale", "template.sink"]
    ) {
      $0.templateID = "a b"
      $0.template.eventType = "party"
      $0.template.locale = "-"
      $0.template.sink = "x"
    },
  ]

  @Test(arguments: badTemplates)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadTemplate) async throws {
    try await withRig { rig in
      var request = Sample.createTemplate("german")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.templates.createTemplate(request) }
      #expect(try await rig.templates.listTemplates(.with { $0.parent = Rig.parent }).templates.isEmpty)
      #expect(rig.pipeline.refreshes == 0)
    }
  }

  @Test func wordsAreTriedOnASampleOfTheTemplatesLanguage() async throws {
    try await withRig { rig in
      _ = try await rig.templates.createTemplate(Sample.createTemplate("german"))
      let tried = try #require(rig.pipeline.previews.last)
      #expect(tried.template?.title == "Alles Gute, {{name}}!" && tried.user?.locale == "de")
      #expect(tried.schedule.eventType == "birthday" && tried.user?.dates["birth"] != nil)
      #expect(try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent }).schedules.isEmpty)
    }
  }

  @Test func anEventTypeWithoutASampleIsTakenUntried() async throws {
    try await withRig { rig in
      var request = Sample.createTemplate("riddle")
      request.template.eventType = "riddle"
      request.template.title = "{{ is never tried"
      let made = try await rig.templates.createTemplate(request)
      #expect(made.etag == "1" && rig.pipeline.previews.isEmpty)
    }
  }

  @Test func validateOnlyAndAllowMissing() async throws {
    try await withRig { rig in
      var request = Carillon_V1_UpdateTemplateRequest.with {
        $0.template = Sample.createTemplate("t").template
        $0.template.name = "\(Rig.parent)/templates/t"
        $0.allowMissing = true
        $0.validateOnly = true
      }
      #expect(try await rig.templates.updateTemplate(request).etag.isEmpty)
      try await refused(.notFound) { try await rig.templates.getTemplate(.with { $0.name = request.template.name }) }
      request.validateOnly = false
      #expect(try await rig.templates.updateTemplate(request).etag == "1")
      request.updateMask = Sample.mask("etag")
      try await refused(.invalidArgument, fields: ["update_mask"]) {
        try await rig.templates.updateTemplate(request)
      }
      request.updateMask = Sample.mask("html")
      request.template.html = "{{"
      try await refused(.invalidArgument, fields: ["template.html"]) {
        try await rig.templates.updateTemplate(request)
      }
      #expect(try await rig.templates.getTemplate(.with { $0.name = request.template.name }).etag == "1")
    }
  }

  @Test func listsAreFilteredAndPaged() async throws {
    try await withRig { rig in
      for locale in ["de", "en", "fr", "pt-BR"] {
        var request = Sample.createTemplate("t-\(locale)")
        request.template.locale = locale
        _ = try await rig.templates.createTemplate(request)
      }
      var request = Carillon_V1_ListTemplatesRequest.with {
        $0.parent = Rig.parent
        $0.eventType = "birthday"
        $0.pageSize = 3
      }
      let first = try await rig.templates.listTemplates(request)
      request.pageToken = first.nextPageToken
      let rest = try await rig.templates.listTemplates(request)
      #expect((first.templates + rest.templates).map(\.locale) == ["de", "en", "fr", "pt-BR"])
      request.eventType = "riddle"
      try await refused(.invalidArgument, fields: ["page_token"]) { try await rig.templates.listTemplates(request) }
      request.pageToken = ""
      #expect(try await rig.templates.listTemplates(request).templates.isEmpty)
    }
  }
}
