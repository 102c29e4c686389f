import CPluginAPI

/// `carillon.host.json/1`
enum JSONInterface {
  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_json_1 {
    carillon_host_json_1(
      struct_size: UInt32(MemoryLayout<carillon_host_json_1>.size), reserved: 0, context: context, get: getValue,
      text: takeText, name: takeName, quote: takeQuoted)
  }

  private typealias Get =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_str, UnsafeMutablePointer<carillon_json>?, OpaquePointer?
    ) -> carillon_status

  private static let getValue: Get = { context, document, pointer, result, error in
    guard let result, result.pointee.struct_size >= MemoryLayout<UInt32>.size else { return CARILLON_INVALID }
    return found(context, document, pointer, error) { value in
      value.describe(into: result)
      return CARILLON_OK
    }
  }

  private typealias Text =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_str, carillon_take_text?, UnsafeMutableRawPointer?,
      OpaquePointer?
    ) -> carillon_status

  private static let takeText: Text = { context, document, pointer, take, takeContext, error in
    guard let take else { return CARILLON_INVALID }
    return found(context, document, pointer, error) { value in
      carillon_str.with(text(of: value)) { take(takeContext, $0) }
      return CARILLON_OK
    }
  }

  private typealias Name =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_str, UInt64, carillon_take_text?, UnsafeMutableRawPointer?,
      OpaquePointer?
    ) -> carillon_status

  private static let takeName: Name = { context, document, pointer, index, take, takeContext, error in
    guard let take else { return CARILLON_INVALID }
    return found(context, document, pointer, error) { value in
      guard let name = name(of: value, index) else { return CARILLON_NOT_FOUND }
      carillon_str.with(name) { take(takeContext, $0) }
      return CARILLON_OK
    }
  }

  private typealias Quote =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_take_text?, UnsafeMutableRawPointer?
    ) -> carillon_status

  private static let takeQuoted: Quote = { _, text, take, takeContext in
    guard let take, let quoted = quoted(text) else { return CARILLON_INVALID }
    carillon_str.with(quoted) { take(takeContext, $0) }
    return CARILLON_OK
  }

  /// A string as it is, any other value as JSON.
  static func text(of value: JSONValue) -> String {
    if case .string(let text) = value { text } else { JSONWriter.text(value) }
  }

  /// The name of an object's member; nil when there is none.
  static func name(of value: JSONValue, _ index: UInt64) -> String? {
    guard case .object(let object) = value, index < UInt64(object.count) else { return nil }
    return object.members[Int(index)].name
  }

  /// A text as a JSON string; nil when it is no UTF-8, or too long.
  static func quoted(_ text: carillon_str) -> String? {
    guard text.len <= JSONParser.maximumBytes, let text = String(validating: text.bytes, as: UTF8.self) else {
      return nil
    }
    return JSONWriter.text(.string(text))
  }

  private static func found(
    _ context: UnsafeMutableRawPointer?, _ document: carillon_str, _ pointer: carillon_str,
    _ collector: OpaquePointer?, _ body: (JSONValue) -> carillon_status
  ) -> carillon_status {
    guard let host = HostContext.of(context) else { return CARILLON_INVALID }
    do throws(PluginHostError) {
      guard let value = try host.json.find(document, pointer) else { return CARILLON_NOT_FOUND }
      return body(value)
    } catch {
      carillon_str.with(error.message) { ErrorCollector.fail(collector, CARILLON_INVALID, $0) }
      return CARILLON_INVALID
    }
  }
}

extension JSONValue {
  /// Fills what the plugin's structure has room for.
  fileprivate func describe(into result: UnsafeMutablePointer<carillon_json>) {
    let size = result.pointee.struct_size
    var full = described
    full.struct_size = size
    withUnsafeBytes(of: &full) { bytes in
      UnsafeMutableRawBufferPointer(start: result, count: Int(size))
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(size))))
    }
  }

  /// What the value is, in the ABI's terms.
  var described: carillon_json {
    var full = carillon_json()
    switch self {
    case .null: full.kind = CARILLON_JSON_NULL
    case .bool(let flag):
      full.kind = CARILLON_JSON_BOOL
      full.integer = flag ? 1 : 0
    case .integer(let number):
      full.kind = CARILLON_JSON_INTEGER
      (full.integer, full.number) = (number, Double(number))
    case .double(let number):
      full.kind = CARILLON_JSON_NUMBER
      full.number = number
    case .string(let text):
      full.kind = CARILLON_JSON_STRING
      full.count = UInt64(text.utf8.count)
    case .array(let items):
      full.kind = CARILLON_JSON_ARRAY
      full.count = UInt64(items.count)
    case .object(let object):
      full.kind = CARILLON_JSON_OBJECT
      full.count = UInt64(object.count)
    }
    return full
  }
}
