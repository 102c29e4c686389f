import EventModel
import Store

extension Session {
  /// A receipt of a row that may be an erased person's, as it may be kept; nil when it is somebody else's.
  func withoutPerson(_ receipt: Receipt) throws -> Receipt? {
    let isErased = try query(
      """
      SELECT s.is_erased FROM event e JOIN schedule s ON s.number = e.schedule WHERE e.bucket = ? AND e.seq = ?
      """
    ).first(receipt.ref.bucket, receipt.ref.sequence) { $0.bool(0) }
    guard isErased == true else { return nil }
    var kept = receipt
    kept.detail = ""
    kept.externalID = ""
    kept.followUp = nil
    kept.deadMessage = nil
    kept.digest = nil
    switch receipt.outcome {
    case .retry, .deferred, .moved, .dead:
      kept.outcome = .cancelled
      kept.code = SkipReason.erased.rawValue
    case .delivered, .merged, .cancelled, .expired, .skipped: break
    }
    return kept
  }
}
