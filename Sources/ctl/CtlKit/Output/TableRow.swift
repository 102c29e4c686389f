import SwiftProtobuf

/// A message of the API that `ctl` shows: as a row for people, as itself for programs.
protocol TableRow: Message {
  /// The full resource name.
  var name: String { get }
  static var columns: [Table.Column] { get }
  /// As many as there are columns.
  func cells(_ show: ValueText) -> [Table.Cell]
  /// Without what changes though nothing has happened.
  var steady: Self { get }
}

extension TableRow {
  var steady: Self { self }
}

/// How single values read in a table.
struct ValueText: Sendable {
  /// What stands for nothing.
  static let none = "-"

  let zone: ZoneClock

  /// RFC 3339 in the zone of `--tz`.
  func time(_ time: Google_Protobuf_Timestamp, isSet: Bool) -> String {
    isSet ? zone.rfc3339(milliseconds: Self.milliseconds(time)) : Self.none
  }

  func id(_ name: String) -> String { name.isEmpty ? Self.none : ResourceName.id(name) }

  func text(_ text: String) -> String { text.isEmpty ? Self.none : text }

  func duration(_ duration: Google_Protobuf_Duration, isSet: Bool) -> String {
    guard isSet else { return Self.none }
    let (product, isTooLong) = duration.seconds.multipliedReportingOverflow(by: 1_000)
    guard !isTooLong else { return Self.none }
    return DurationText.text(milliseconds: product &+ Int64(duration.nanos) / 1_000_000)
  }

  static func milliseconds(_ time: Google_Protobuf_Timestamp) -> Int64 {
    let (product, isTooLong) = time.seconds.multipliedReportingOverflow(by: 1_000)
    return isTooLong ? (time.seconds < 0 ? .min : .max) / 2 : product &+ Int64(time.nanos) / 1_000_000
  }
}

/// Enum values by the last part of their names, as people write them: `boundary-time`.
enum EnumText {
  static func label(_ value: some Enum) -> String {
    let name = String(describing: value)
    guard !name.hasPrefix("UNRECOGNIZED") else { return "unknown-\(value.rawValue)" }
    return name.reduce(into: "") { label, character in
      label += character.isUppercase ? "-" + character.lowercased() : String(character)
    }
  }

  /// The value so called; `unspecified` cannot be asked for.
  static func value<Value: Enum & CaseIterable>(_ text: String, _ field: String) throws(CtlError) -> Value {
    let known = Value.allCases.filter { $0.rawValue != 0 }
    let wanted = text.lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
    if let value = known.first(where: { label($0) == wanted }) { return value }
    let labels = known.map(label)
    throw .invalid(
      field,
      "\(Excerpt.of(text)) is none of \(labels.joined(separator: ", "))"
        + NearestName.suggestion(wanted, in: labels))
  }
}
