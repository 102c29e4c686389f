import ArgumentParser
import ControlAPI

/// `ctl api`
struct APICommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "api", abstract: "Call a method of the API with JSON, and get JSON.",
    discussion: """
      The proto's JSON goes in and out; each answer of a stream is a document. A method that takes a stream takes a JSON
      array. Methods are those that this ctl was built with.

      Examples:
        ctl api --list
        ctl api Agents/GetStatus
        ctl api Queues/PauseQueue -d @queue.json
      """)

  static let maxBytes = 16 * 1024 * 1024

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The method, such as Queues/GetQueue.") var method: String?
  @Option(name: [.short, .long], help: "The request as JSON, or @FILE, or @- (default: {}).") var data = "{}"
  @Flag(help: "List the methods, with the role and scope that each asks for.") var list = false

  func validate() throws {
    if list != (method == nil) { throw ValidationError("give a method, or --list") }
  }

  mutating func run() async throws {
    guard list else { return try await runConnected() }
    let around = Surroundings.current
    try Self.showList(try global.printer(around))
    around.output.flush()
  }

  func perform(_ session: Session) async throws {
    let method = try APIMethod.named(method ?? "", among: APIMethods.all)
    let documents = try Self.documents(data, session.around)
    let printer = session.printer
    try await method.call(session.client, documents) { answer in
      switch printer.format {
      case .jsonl: printer.sink.line(answer.compact)
      default: printer.sink.line(answer.pretty)
      }
      printer.sink.flush()
    }
  }

  private static func documents(_ text: String, _ around: Surroundings) throws(CtlError) -> [JSONValue] {
    let bytes =
      text.hasPrefix("@")
      ? try InputFile(String(text.dropFirst()), surroundings: around).readAll(maxBytes: maxBytes) : Array(text.utf8)
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw .invalid("--data", "is not JSON: \(error.reason) at byte \(error.offset)")
    }
    if case .array(let items) = value { return items }
    return [value]
  }

  private static func showList(_ printer: Printer) throws(CtlError) {
    let methods = MethodAccess.all.sorted { $0.key < $1.key }
    let json = methods.map { name, access in
      JSONValue.object([
        ("name", .string(name)), ("role", .string(EnumText.label(access.role))),
        ("scope", .string(EnumText.label(access.scope))),
      ])
    }
    try printer.document(.array(json), names: methods.map(\.key)) {
      printer.lines(
        Table(
          columns: [.init("METHOD"), .init("ROLE"), .init("SCOPE")],
          rows: methods.map { name, access in
            [.init(name), .init(EnumText.label(access.role)), .init(EnumText.label(access.scope))]
          }))
    }
  }
}
