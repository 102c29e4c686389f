/// What ended and was not yet handed out, by session, so that a session's handler gets together what ended together.
struct Outbox {
  private var batches: [(session: HTTPSession, completions: [HTTPCompletion])] = []

  mutating func add(_ submission: Submission, _ result: HTTPResult) {
    let completion = HTTPCompletion(token: submission.request.token, result: result)
    if let index = batches.firstIndex(where: { $0.session === submission.session }) {
      batches[index].completions.append(completion)
    } else {
      batches.append((submission.session, [completion]))
    }
  }

  /// Calls the handlers; answers how many completions they got.
  mutating func deliver() -> Int {
    var count = 0
    for (session, completions) in batches {
      session.handler(completions)
      session.open.remove(completions.count)
      count += completions.count
    }
    batches.removeAll(keepingCapacity: true)
    return count
  }
}
