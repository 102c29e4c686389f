import CPluginAPI

/// What a plugin says about why a call fails. Lives for that call, on its thread.
final class ErrorCollector {
  /// Longest message that is kept, in bytes.
  static let maximumMessageBytes = 4_096
  /// Longest pointer or code of a violation that is kept, in bytes.
  static let maximumPointerBytes = 1_024

  private var message = ""
  private var violations: [PluginHostError.Violation] = []

  /// Calls into a plugin with a collector; answers its status, or the error that it stands for.
  /// - Parameter call: what was called, for the message: `create of the instance "mail"`.
  static func check(
    _ plugin: String, _ call: @autoclosure () -> String, _ body: (OpaquePointer) -> carillon_status
  ) throws(PluginHostError) {
    let collector = ErrorCollector()
    let status = withExtendedLifetime(collector) {
      body(OpaquePointer(Unmanaged.passUnretained(collector).toOpaque()))
    }
    guard status != CARILLON_OK else { return }
    throw collector.error(status, plugin, call())
  }

  private func error(_ status: carillon_status, _ plugin: String, _ call: String) -> PluginHostError {
    let why = message.isEmpty ? "answered \(Status.name(status))" : message
    let code: PluginHostError.Code =
      switch status {
      case CARILLON_INVALID: violations.isEmpty ? .refused : .invalidDocument
      case CARILLON_BUSY: .busy
      case CARILLON_UNSUPPORTED: .refused
      default: .failed
      }
    return PluginHostError(code, "plugin \(plugin), \(call): \(why)", violations: violations)
  }

  private static func of(_ error: OpaquePointer?) -> ErrorCollector? {
    error.map { Unmanaged<ErrorCollector>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  /// `carillon_host.fail`
  static let fail: @convention(c) (OpaquePointer?, carillon_status, carillon_str) -> Void = { error, _, message in
    of(error)?.message = PlainText.oneLine(message.text(maximumBytes: maximumMessageBytes))
  }

  /// `carillon_host.violation`
  static let violation: @convention(c) (OpaquePointer?, carillon_str, carillon_str, carillon_str) -> Void = {
    error, pointer, code, message in
    guard let collector = of(error), collector.violations.count < PluginHostError.maximumViolations else { return }
    collector.violations.append(
      .init(
        pointer: PlainText.oneLine(pointer.text(maximumBytes: maximumPointerBytes)),
        code: PlainText.oneLine(code.text(maximumBytes: maximumPointerBytes)),
        message: PlainText.oneLine(message.text(maximumBytes: maximumMessageBytes))))
  }
}

/// Text from a plugin that goes into a log or a message.
enum PlainText {
  /// The text with every control character, line breaks among them, as a space: nobody forges a log line.
  static func oneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isControl(scalar) ? " " : scalar) }
    return String(result)
  }

  /// The same for a plugin's text of whatever length.
  static func oneLine(_ text: carillon_str) -> String {
    if text.len == 0 { return "" }
    var isPlain = true  // printable ASCII, nearly always, and much cheaper to see in the bytes
    for byte in text.bytes where byte &- 0x20 >= 0x5f { isPlain = false }
    let result = String(decoding: text.bytes, as: UTF8.self)
    return isPlain ? result : oneLine(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
