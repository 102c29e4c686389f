import CPluginAPI

/// What a plugin says about why one call fails. Never freed, so that a plugin that keeps the pointer does no harm, and is
/// found out.
final class ErrorBook: @unchecked Sendable {
  // Unchecked: everything is behind the gate.
  struct Contents {
    var status: carillon_status?
    var message: [UInt8] = []
    var violations: [(pointer: [UInt8], code: [UInt8])] = []
    /// Calls made after the call that it was for.
    var late = 0
    var isOver = false
  }

  let contents = Gate(Contents())

  /// The pointer to be passed to the plugin.
  func pointer() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  private static func of(_ error: OpaquePointer?) -> ErrorBook? {
    error.map { Unmanaged<ErrorBook>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  static let fail: CFunctions.Fail = { error, status, message in
    of(error)?.contents.with { contents in
      if contents.isOver { contents.late += 1 }
      (contents.status, contents.message) = (status, message.copied)
    }
  }

  static let violation: CFunctions.Violation = { error, pointer, code, message in
    of(error)?.contents.with { contents in
      if contents.isOver { contents.late += 1 }
      if contents.message.isEmpty { contents.message = message.copied }
      contents.violations.append((pointer.copied, code.copied))
    }
  }
}

/// How a call ended.
struct Answer: Sendable {
  let status: carillon_status
  let book: ErrorBook

  var isOK: Bool { status == CARILLON_OK }
  /// What the plugin said, for messages: the status, and its sentence.
  var text: String {
    let message = book.contents.with { $0.message }
    return Status.name(status) + (message.isEmpty ? "" : " (\(Excerpt.of(message)))")
  }
  /// Whether it said why.
  var isExplained: Bool { book.contents.with { !$0.message.isEmpty || !$0.violations.isEmpty } }
}
