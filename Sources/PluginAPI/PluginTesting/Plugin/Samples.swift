import CPluginAPI
import EventModel
import PluginHost

/// How the structures differ from those of this header.
struct Shape: Sendable {
  /// Bytes from the future at the end of each structure.
  var furtherBytes = 0
  /// Whether structures end where they ended in the first minor version.
  var isOld = false

  static let newer = Shape(furtherBytes: 48)
  static let older = Shape(isOld: true)

  func bytes<T>(_ type: T.Type) -> Int { MemoryLayout<T>.size + furtherBytes }

  /// `templates_json` came with minor version 2.
  var eventBytes: Int {
    isOld ? MemoryLayout<carillon_event>.offset(of: \.templates_json) ?? 0 : bytes(carillon_event.self)
  }
}

extension carillon_civil {
  init(_ fields: CivilFields) {
    self.init()
    (year, month, day) = (fields.year, fields.month, fields.day)
    (hour, minute, second, fold) = (fields.hour, fields.minute, fields.second, fields.fold)
  }
}

/// Where a series is asked to go on.
struct CursorSample: Sendable {
  var isStart: Bool
  var civil: CivilFields
  var instant: Int64
  var ordinal: UInt64 = 0
  var key: [UInt8] = []

  /// The start of a series.
  static func start(_ civil: CivilFields, _ zone: String) -> CursorSample {
    CursorSample(isStart: true, civil: civil, instant: NextRequest.instant(of: civil, zone))
  }

  /// Behind an occurrence.
  static func after(_ seen: SeenOccurrence, _ zone: String) -> CursorSample {
    if seen.kind == CARILLON_OCCURRENCE_INSTANT {
      let civil =
        Zones.service.civil(zone, Timestamp(microseconds: seen.instant / 1_000))
        ?? CivilFields(year: 1970, month: 1, day: 1)
      return CursorSample(isStart: false, civil: civil, instant: seen.instant, ordinal: seen.ordinal, key: seen.key)
    }
    let civil = CivilFields(
      year: seen.civil[0], month: UInt8(clamping: seen.civil[1]), day: UInt8(clamping: seen.civil[2]),
      hour: UInt8(clamping: seen.civil[3]), minute: UInt8(clamping: seen.civil[4]),
      second: UInt8(clamping: seen.civil[5]), fold: UInt8(clamping: seen.civil[6]))
    return CursorSample(
      isStart: false, civil: civil, instant: NextRequest.instant(of: civil, zone), ordinal: seen.ordinal, key: seen.key)
  }
}

/// One request to `next`.
struct NextRequest: Sendable {
  var definition: String
  var user: String
  var zone: String
  var after: CursorSample
  var maximum: UInt32

  /// Nanoseconds since 1970; what does not fit is the nearest that does.
  static func instant(of civil: CivilFields, _ zone: String) -> Int64 {
    let instant = Zones.service.instant(zone, civil, .shiftForward, .first)
    let (value, overflow) = (instant?.microseconds ?? 0).multipliedReportingOverflow(by: 1_000)
    return overflow ? (civil.year < 1970 ? .min : .max) : value
  }

  func write(_ memory: CallMemory, _ shape: Shape) -> UnsafePointer<carillon_next_request> {
    let cursor = carillon_cursor(
      struct_size: 0, flags: after.isStart ? CARILLON_CURSOR_START : 0, civil: carillon_civil(after.civil), reserved: 0,
      instant_ns: after.instant, ordinal: after.ordinal, key: memory.text(after.key))
    let request = carillon_next_request(
      struct_size: 0, max: maximum, definition_json: memory.text(definition), user_json: memory.text(user),
      time_zone: memory.text(zone), after: memory.structure(cursor, bytes: shape.bytes(carillon_cursor.self)))
    return memory.structure(request, bytes: shape.bytes(carillon_next_request.self))
  }
}

/// One event.
struct EventSample: Sendable {
  var id = "evt_check_1"
  var type = "check"
  var schedule = "schedule-1"
  var key = "2031-05-04"
  var zone = "Europe/London"
  var locale = "en-GB"
  var user = "{}"
  var definition = "{}"
  var templates = ""
  var local = CivilFields(year: 2031, month: 5, day: 4, hour: 9)
  var due: Int64 = 1_935_640_800_000_000_000
  var isTest = false
  /// Empty texts as {NULL, 0}.
  var isEmptyNull = false

  func write(_ memory: CallMemory, _ shape: Shape) -> UnsafePointer<carillon_event> {
    let text = { (value: String) in isEmptyNull && value.isEmpty ? carillon_str() : memory.text(value) }
    let event = carillon_event(
      struct_size: 0, flags: isTest ? CARILLON_EVENT_TEST : 0, id: text(id), namespace_: text("default"),
      type: text(type), schedule_id: text(schedule), occurrence_key: text(key), time_zone: text(zone),
      locale: text(locale), user_json: text(user), definition_json: text(definition), data_json: text("{}"),
      local: carillon_civil(local), reserved: 0, due_ns: due, templates_json: text(templates))
    return memory.structure(event, bytes: shape.eventBytes)
  }
}

/// The message of a delivery.
struct MessageSample: Sendable {
  var title = "A title"
  var text = "A text."
  var html = "<p>A text.</p>"
  var contentType = "application/json"
  var data = "{\"n\":1}"
  var isEmptyNull = false

  func write(_ memory: CallMemory, _ shape: Shape) -> UnsafePointer<carillon_message> {
    let copy = { (value: String) in isEmptyNull && value.isEmpty ? carillon_str() : memory.text(value) }
    let message = carillon_message(
      struct_size: 0, flags: 0, title: copy(title), text: copy(text), html: copy(html),
      content_type: copy(contentType), data: copy(data))
    return memory.structure(message, bytes: shape.bytes(carillon_message.self))
  }
}
