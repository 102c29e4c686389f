import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl sink`
struct SinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sink", abstract: "Where events are sent.",
    subcommands: [
      ListCommand<Sinks>.self, GetCommand<Sinks>.self, SinkCreate.self, SinkUpdate.self, DeleteCommand<Sinks>.self,
      SinkTest.self, SinkEndpoints.self, SinkEnableEndpoint.self,
    ], aliases: ["sinks"])
}

enum Sinks: DeletableNoun {
  static let kind = ResourceKind.sinks

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Sink {
    try await client.call { try await client.sinks.getSink(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Sink> {
    let message = Carillon_V1_ListSinksRequest.with {
      $0.parent = request.parent
      $0.pageSize = request.size
      $0.pageToken = request.token
      $0.filter = request.filter
    }
    let answer = try await client.call { try await client.sinks.listSinks(message, options: $0) }
    return Page(items: answer.sinks, next: answer.nextPageToken)
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteSinkRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.sinks.deleteSink(message, options: $0) }
  }
}

extension Carillon_V1_Sink: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("PLUGIN"), .init("STATE"), .init("ADDRESS"), .init("CIRCUIT", isWide: true),
    .init("IN FLIGHT", isWide: true, isRight: true), .init("WAITING", isWide: true, isRight: true),
    .init("RATE", isWide: true, isRight: true), .init("ENDPOINTS", isWide: true), .init("UNKNOWN", isWide: true),
    .init("CONFIGURATION", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(plugin),
      disabledReason.isEmpty ? .init("in use", .good) : .init("disabled: \(disabledReason)", .bad),
      .init(addressKind.isEmpty ? "its own" : "each user's \(addressKind)"), circuit,
      .init(hasStatus ? "\(status.inFlight)/\(maxInFlight)" : "\(maxInFlight)"), .init(String(status.waiting)),
      .init(limits.hasRatePerSecond ? "\(limits.ratePerSecond)/s" : ValueText.none), .init(endpoints),
      .init(EnumText.label(onUnknown)), .init((try? Printer.json(configuration).compact) ?? ValueText.none),
    ]
  }

  private var circuit: Table.Cell {
    guard hasStatus else { return .init(ValueText.none) }
    guard status.hasReopensIn else { return .init(status.circuit, status.circuit == "closed" ? .good : .bad) }
    return .init("\(status.circuit), probe in \(status.reopensIn.seconds) s", .bad)
  }

  /// `120 (3 open, 2 gone)`
  private var endpoints: String {
    if addressKind.isEmpty { return ValueText.none }
    var notes: [String] = []
    if status.openEndpoints > 0 { notes.append("\(status.openEndpoints) open") }
    if status.goneEndpoints > 0 { notes.append("\(status.goneEndpoints) gone") }
    return "\(status.endpoints)" + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }
}

struct SinkCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a sink.",
    discussion: """
      Example:
        ctl sink create partner --plugin webhook --set url=https://partner.example/hooks \\
          --set secret=file:/etc/carillon/partner.key
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new sink's id.") var id: String
  @Option(help: "Name of a sink plugin.") var plugin: String
  @OptionGroup var fields: SinkFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var sink = Carillon_V1_Sink()
    sink.plugin = plugin
    _ = try fields.apply(to: &sink)
    let complete = sink
    let request = Carillon_V1_CreateSinkRequest.with {
      $0.parent = session.parent(.sinks)
      $0.sinkID = id
      $0.sink = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call { try await session.client.sinks.createSink(request, options: $0) }
    try session.printer.one(answer)
  }
}

struct SinkUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a sink, or take it out of use.",
    discussion: "Examples:\n  ctl sink update partner --max-in-flight 100\n  ctl sink update partner --enable")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .sinks)) var id: String
  @OptionGroup var fields: SinkFields
  @Option(help: "Send nothing to it; the reason.") var disable: String?
  @Flag(help: "Use it again.") var enable = false
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func validate() throws {
    if enable, disable != nil { throw ValidationError("--enable and --disable exclude each other") }
    if disable == "" { throw ValidationError("--disable: give the reason") }
  }

  func perform(_ session: Session) async throws {
    var sink = Carillon_V1_Sink()
    sink.name = try session.name(.sinks, id)
    sink.etag = etag
    var paths = try fields.apply(to: &sink)
    try paths.set("disabled_reason", enable ? "" : disable) { sink.disabledReason = $0 }
    let complete = sink
    let mask = try paths.mask()
    let request = Carillon_V1_UpdateSinkRequest.with {
      $0.sink = complete
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call { try await session.client.sinks.updateSink(request, options: $0) }
    try session.printer.one(answer)
  }
}
