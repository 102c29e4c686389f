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
