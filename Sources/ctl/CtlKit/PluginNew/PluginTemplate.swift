/// A language that plugins are made in.
enum PluginLanguage: String, Sendable, CaseIterable {
  case c
  case cpp
  case rust
  case swift

  /// As people write it.
  var title: String {
    switch self {
    case .c: "C"
    case .cpp: "C++"
    case .rust: "Rust"
    case .swift: "Swift"
    }
  }

  /// What its tools are, beside make and pkg-config.
  var tools: String {
    switch self {
    case .c: "a C compiler"
    case .cpp: "a C++17 compiler"
    case .rust: "cargo"
    case .swift: "swift 6.3"
    }
  }

  fileprivate var files: [TemplateFile] {
    switch self {
    case .c: TemplateTexts.c
    case .cpp: TemplateTexts.cpp
    case .rust: TemplateTexts.rust
    case .swift: TemplateTexts.swift
    }
  }
}

/// What a new plugin is to be.
enum NewPluginKind: String, Sendable, CaseIterable {
  case sink
  case eventType = "event-type"

  /// As people write it.
  var title: String {
    switch self {
    case .sink: "a sink"
    case .eventType: "an event type"
    }
  }

  /// What `make run` hands to `ctl plugin run`.
  fileprivate var runArguments: String {
    switch self {
    case .sink: "--config config.json --events events.jsonl"
    case .eventType: "--definition definition.json --from 2026-01-01T00:00 --count 5 --render"
    }
  }
}

extension NewPluginKind {
  /// What `make check` adds to `ctl plugin check`: a folder of the case's own, where a sink may write.
  fileprivate var checkArguments: String {
    switch self {
    case .sink: #" --config '{"path": "@FOLDER@/messages.jsonl"}'"#
    case .eventType: ""
    }
  }
}

/// One file of a template.
struct TemplateFile: Sendable {
  /// `shared`, or the kind whose file it is.
  let part: String
  /// Where it goes, below the plugin's folder.
  let path: String
  /// Its text, with placeholders.
  let text: String
}

/// The texts of all templates; see Sources/ctl/PluginTemplates, where they are written.
enum TemplateTexts {}

/// A template of one language and kind.
struct PluginTemplate: Sendable {
  let language: PluginLanguage
  let kind: NewPluginKind

  /// Its files for a plugin, by path, nothing left open in them.
  func files(for name: PluginName) -> [(path: String, text: String)] {
    let values = [
      ("__NAME__", name.text), ("__TYPE__", name.typeName), ("__CRATE__", name.crateName),
      ("__RUN__", kind.runArguments), ("__CHECK__", kind.checkArguments),
    ]
    return language.files.filter { $0.part == "shared" || $0.part == kind.rawValue }
      .map { file in
        (file.path, values.reduce(file.text) { $0.replacing($1.0, with: $1.1) })
      }
      .sorted { $0.path < $1.path }
  }
}
