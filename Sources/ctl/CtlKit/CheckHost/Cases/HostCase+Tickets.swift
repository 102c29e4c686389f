extension HostCase {
  private static let isStale = 4
  private static let isInvalid = 1
  private static let once = "take the first, answer STALE to every other, and deliver once"

  /// Completions.
  static let tickets: [HostCase] = [
    .init(
      name: "double-complete", attack: "completes each ticket twice, with outcomes that differ", duty: once,
      kind: .deliveries(.delivered), answers: ["first": 0, "second": isStale]),
    .init(
      name: "double-in-one-call", attack: "names a ticket twice in one call of complete", duty: once,
      kind: .deliveries(.delivered), answers: ["both": isStale]),
    .init(
      name: "foreign-threads", attack: "completes a ticket from eight threads of its own at the same time", duty: once,
      kind: .deliveries(.delivered), answers: ["taken": 1]),
    .init(
      name: "invented-tickets", attack: "completes 20,000 tickets that it made up",
      duty: "answer STALE to each of them",
      kind: .deliveries(.delivered), answers: ["taken": 0]),
    .init(
      name: "late-complete", attack: "completes tickets seconds after the host gave them up",
      duty: "count them as unknown, answer STALE, and try again with the same key", kind: .deliveries(.again),
      answers: ["late": isStale]),
    .init(
      name: "never-complete", attack: "takes deliveries and never completes them, cancelled or not",
      duty: "count them as unknown at the deadline, and try again with the same key", kind: .deliveries(.again)),
    .init(
      name: "cancel-blocks", attack: "never completes, and never returns from cancel",
      duty: "count them as unknown all the same, and try again with the same key", kind: .deliveries(.again)),
    .init(
      name: "complete-then-refuse", attack: "completes a ticket inside deliver, and then answers an error",
      duty: "let the result stand, and deliver once", kind: .deliveries(.delivered), answers: ["first": 0]),
    .init(
      name: "refuse-then-complete", attack: "answers an error, and completes the ticket seconds later",
      duty: "try again, and answer STALE to the late result", kind: .deliveries(.again), answers: ["late": isStale]),
    .init(
      name: "odd-status", attack: "answers statuses of deliver that do not exist",
      duty: "count them as a failure, and try again",
      kind: .deliveries(.again)),
    .init(
      name: "long-error",
      attack: "explains an error with 10 MB of no UTF-8, a thousand violations and NULL with a length",
      duty: "keep a bounded text, and try again", kind: .deliveries(.again)),
    .init(
      name: "busy-for-ever", attack: "answers BUSY to every call of deliver",
      duty: "let the deliveries wait, at no cost",
      kind: .deliveries(.waits)),
    .init(
      name: "null-arguments", attack: "calls complete with NULL for the tickets, the results and a result",
      duty: "answer INVALID, and count a ticket without a result as to be tried again", kind: .deliveries(.again),
      answers: ["no-tickets": isInvalid, "no-results": isInvalid, "none": 0]),
  ]

  /// Results.
  static let results: [HostCase] = [
    .init(
      name: "unknown-outcome", attack: "gives outcomes that do not exist", duty: "count them as RETRY",
      kind: .deliveries(.again)),
    .init(
      name: "long-results", attack: "gives a code, detail, receipt and carry of 10 MB that are no UTF-8",
      duty: "keep bounded texts, and deliver once", kind: .deliveries(.delivered), answers: ["first": 0]),
    .init(
      name: "odd-results", attack: "gives texts with line breaks, NULs, malformed UTF-8 and a terminal's escape codes",
      duty: "keep one clean line of each", kind: .deliveries(.delivered), answers: ["first": 0]),
    .init(
      name: "null-results", attack: "gives NULL with a length for every text", duty: "take them as empty",
      kind: .deliveries(.delivered), answers: ["first": 0]),
    .init(
      name: "short-result", attack: "gives results whose struct_size ends before the outcome",
      duty: "read nothing beyond it, and try again", kind: .deliveries(.again)),
    .init(
      name: "long-structure", attack: "gives results with the largest struct_size there is",
      duty: "read no further than it knows", kind: .deliveries(.delivered), answers: ["first": 0]),
    .init(
      name: "endless-wait", attack: "asks for a retry in 584 million years",
      duty: "wait a day at most, and lose nothing",
      kind: .deliveries(.waits), answers: ["first": 0]),
    .init(
      name: "carry-too-long", attack: "asks for one byte more than 16 KiB to be carried", duty: "carry nothing",
      kind: .deliveries(.again)),
    .init(
      name: "carry-full", attack: "asks for exactly 16 KiB to be carried", duty: "give them back with the next attempt",
      kind: .deliveries(.again)),
  ]
}
