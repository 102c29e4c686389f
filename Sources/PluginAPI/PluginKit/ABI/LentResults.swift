import CPluginAPI

/// Lends a batch of completions as the ABI's arrays: all strings in one block, so that a batch costs four
/// allocations, whatever its size.
enum LentResults {
  static func withPointers<Result>(
    to completions: [Completion],
    _ body: (UnsafePointer<carillon_ticket>?, UnsafePointer<UnsafePointer<carillon_result>?>?) -> Result
  ) -> Result {
    let tickets = completions.map(\.ticket.rawValue)
    var block: [CChar] = []
    block.reserveCapacity(completions.count * 32)
    let spans = completions.map { completion in
      let result = completion.result
      return (
        append(result.code, to: &block), append(result.detail, to: &block), append(result.receipt, to: &block),
        append(result.carry, to: &block)
      )
    }
    return block.withUnsafeBufferPointer { block in
      let results = zip(completions, spans).map { completion, spans in
        carillon_result(
          struct_size: UInt32(MemoryLayout<carillon_result>.size), outcome: completion.result.outcome.rawValue,
          retry_after_ms: completion.result.retryAfterMilliseconds, code: borrowed(spans.0, of: block),
          detail: borrowed(spans.1, of: block), receipt: borrowed(spans.2, of: block),
          carry: borrowed(spans.3, of: block))
      }
      return results.withUnsafeBufferPointer { results in
        tickets.withUnsafeBufferPointer { tickets in
          let addresses: [UnsafePointer<carillon_result>?] = results.indices.map { index in
            results.baseAddress.map { $0 + index }
          }
          return addresses.withUnsafeBufferPointer { body(tickets.baseAddress, $0.baseAddress) }
        }
      }
    }
  }

  private static func append(_ text: String, to block: inout [CChar]) -> Range<Int> {
    let start = block.count
    if !text.isEmpty { block.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) }) }
    return start..<block.count
  }

  private static func borrowed(_ span: Range<Int>, of block: UnsafeBufferPointer<CChar>) -> carillon_str {
    guard !span.isEmpty, let base = block.baseAddress else { return .empty }
    return carillon_str(ptr: base + span.lowerBound, len: span.count)
  }
}
