import CPluginAPI
import FoundationEssentials
import RunnerProtocol
import SwiftProtobuf

/// Lends the bytes of messages to code that takes borrowed texts of the ABI; they live as long as this does.
final class BorrowedBytes {
  private var copies: [UnsafeMutableRawBufferPointer] = []

  deinit { for copy in copies { copy.deallocate() } }

  /// The bytes as a borrowed text.
  func lend(_ data: Data) -> carillon_str {
    guard !data.isEmpty else { return carillon_str() }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 1)
    copies.append(copy)
    data.copyBytes(to: copy)
    return carillon_str(ptr: copy.baseAddress?.assumingMemoryBound(to: CChar.self), len: data.count)
  }
}

extension Data {
  /// The bytes of a text of the ABI.
  init(_ text: carillon_str) {
    guard let ptr = text.ptr, text.len > 0 else {
      self.init()
      return
    }
    self.init(bytes: ptr, count: text.len)
  }
}

extension Carillon_Runner_V1_Civil {
  init(_ civil: carillon_civil) {
    self.init()
    year = civil.year
    month = UInt32(civil.month)
    day = UInt32(civil.day)
    hour = UInt32(civil.hour)
    minute = UInt32(civil.minute)
    second = UInt32(civil.second)
    fold = UInt32(civil.fold)
  }
}

extension carillon_civil {
  /// What does not fit becomes what no date has, so that it is refused where dates are checked.
  init(_ civil: Carillon_Runner_V1_Civil) {
    self.init()
    year = civil.year
    month = UInt8(clamping: civil.month)
    day = UInt8(clamping: civil.day)
    hour = UInt8(clamping: civil.hour)
    minute = UInt8(clamping: civil.minute)
    second = UInt8(clamping: civil.second)
    fold = UInt8(clamping: civil.fold)
  }
}

extension Carillon_Runner_V1_Fault {
  static func text(_ status: carillon_status, _ message: String) -> Self {
    .with {
      $0.status = status
      $0.message = Data(message.utf8)
    }
  }

  /// Hands the plugin's words to the collector of the call that they belong to.
  func report(to error: OpaquePointer) {
    let borrowed = BorrowedBytes()
    withExtendedLifetime(borrowed) {
      ErrorCollector.fail(error, status, borrowed.lend(message))
      for violation in violations {
        ErrorCollector.violation(
          error, borrowed.lend(violation.pointer), borrowed.lend(violation.code), borrowed.lend(violation.message))
      }
    }
  }

  /// The plugin's words, for people.
  var text: String {
    PlainText.oneLine(String(decoding: message.prefix(ErrorCollector.maximumMessageBytes), as: UTF8.self))
  }
}
