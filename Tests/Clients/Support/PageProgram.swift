import AgentHarness
import Foundation
import Testing

/// A program of `docs/clients.md`: a block with `example=NAME`.
struct PageProgram: Hashable, Sendable, CustomTestStringConvertible {
  let language: String
  let name: String
  let text: String

  var testDescription: String { "\(name) in \(language)" }

  /// All of the page's; none when the page cannot be read, which a test tells.
  static let all: [PageProgram] = {
    let data = FileManager.default.contents(atPath: "\(Programs.repository)/docs/clients.md") ?? Data()
    return read(String(decoding: data, as: UTF8.self))
  }()

  static func read(_ markdown: String) -> [PageProgram] {
    markdown.matches(of: #/(?ms)^```(\w+) example=(\w+)\n(.*?)^```$/#).map {
      PageProgram(language: String($0.1), name: String($0.2), text: String($0.3))
    }
  }
}
