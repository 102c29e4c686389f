import CPluginAPI

/// Every ticket that was given out, and what became of it.
final class TicketBook: Sendable {
  /// Sizes of a result (`sink.h`): what is longer is cut, a longer carry is dropped.
  private static let bounds: [(name: String, field: @Sendable (carillon_result) -> carillon_str, bytes: Int)] = [
    ("code", { $0.code }, 64), ("detail", { $0.detail }, 1_024), ("receipt", { $0.receipt }, 256),
    ("carry", { $0.carry }, 16 * 1_024),
  ]

  struct Contents {
    var next: UInt64 = 0x0001_0000_0001
    var open: Set<UInt64> = []
    /// Outcome by ticket.
    var done: [UInt64: Int32] = [:]
    var refused: Set<UInt64> = []
    /// Completions of tickets that were never given out.
    var invented = 0
    var doubles = 0
    /// Completions of tickets whose deliver answered an error.
    var afterError = 0
    /// Completions while the sink is not active.
    var whileInactive = 0
    var isActive = true
    var faults: [String] = []
    var warnings: [String] = []
  }

  let contents = Gate(Contents())

  /// Gives out tickets.
  func open(_ count: Int) -> [carillon_ticket] {
    contents.with { contents in
      (0..<count).map { _ in
        contents.next += 0x1_0000_0001  // as slot and generation
        contents.open.insert(contents.next)
        return contents.next
      }
    }
  }

  /// Their `deliver` answered an error, so that none of them was taken.
  func refuse(_ tickets: [carillon_ticket]) {
    contents.with { contents in
      for ticket in tickets {
        if contents.open.remove(ticket) == nil { contents.afterError += 1 }
        contents.refused.insert(ticket)
      }
    }
  }

  func openCount(of tickets: [carillon_ticket]) -> Int {
    contents.with { contents in tickets.count { contents.open.contains($0) } }
  }

  /// Waits until all of these are completed, at most until then.
  func wait(for tickets: [carillon_ticket], until end: Int64) -> Bool {
    contents.wait(until: end) { contents in tickets.allSatisfy { !contents.open.contains($0) } }
  }

  /// `carillon_host_delivery_1.complete`
  func complete(
    _ tickets: UnsafePointer<carillon_ticket>?, _ results: UnsafePointer<UnsafePointer<carillon_result>?>?, _ count: Int
  ) -> carillon_status {
    guard count > 0 else { return CARILLON_OK }
    guard let tickets, let results else {
      contents.with { $0.faults.append("complete was called with \(count) tickets and a NULL pointer") }
      return CARILLON_INVALID
    }
    var answer = CARILLON_OK
    for index in 0..<count {
      let isTaken = contents.with { Self.take(tickets[index], results[index], &$0) }
      if !isTaken { answer = CARILLON_STALE }
    }
    return answer
  }

  private static func take(
    _ ticket: carillon_ticket, _ result: UnsafePointer<carillon_result>?, _ contents: inout Contents
  ) -> Bool {
    if !contents.isActive { contents.whileInactive += 1 }
    guard contents.open.remove(ticket) != nil else {
      if contents.done[ticket] != nil {
        contents.doubles += 1
      } else if contents.refused.contains(ticket) {
        contents.afterError += 1
      } else {
        contents.invented += 1
      }
      return false
    }
    guard let result else {
      contents.done[ticket] = 0
      contents.faults.append("a ticket was completed with a NULL result")
      return true
    }
    let value = Foreign.read(result, zero: carillon_result())
    contents.done[ticket] = value.outcome
    note(value, &contents)
    return true
  }

  private static func note(_ value: carillon_result, _ contents: inout Contents) {
    func fault(_ what: String) { if contents.faults.count < 8 { contents.faults.append(what) } }
    if value.struct_size < 8 { fault("a result has a struct_size of \(value.struct_size)") }
    if !(CARILLON_DELIVERED...CARILLON_UNKNOWN).contains(value.outcome) {
      fault("a result has the outcome \(value.outcome), which does not exist")
    }
    for (name, field, bytes) in bounds {
      let text = field(value)
      if String(validating: text.copied, as: UTF8.self) == nil { fault("a result's \(name) is no UTF-8") }
      guard text.len > bytes else { continue }
      let what = "a result's \(name) has \(text.len) bytes; at most \(bytes) are kept"
      if name == "carry" {
        fault(what)
      } else if contents.warnings.count < 8 {
        contents.warnings.append(what)
      }
    }
  }
}
