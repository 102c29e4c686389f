extension HostCase {
  private static let unplanned = "plan none of it, and say why at the schedule"
  private static let unsent = "fail these events alone, and say why"

  /// When and what.
  static let eventTypes: [HostCase] = [
    schedule("next-flood", "emits 3,000,000 occurrences, though it is told to stop"),
    schedule("next-stranger", "emits for requests that were not made, and NULL"),
    schedule("next-order", "emits occurrences from the last to the first"),
    schedule("next-date", "emits day 0 of month 13 of the year 2,147,483,647"),
    schedule("next-instant", "emits the earliest instant that 64 bits can hold"),
    schedule("next-kind", "emits a kind of occurrence that does not exist"),
    schedule("next-ordinal", "emits the largest ordinal twice"),
    schedule("next-short", "emits occurrences whose struct_size ends before the date"),
    schedule("next-key-long", "emits a key of 10 MB"),
    schedule("next-key-odd", "emits a key with line breaks, NULs and malformed UTF-8"),
    schedule("next-key-null", "emits NULL with a length for a key"),
    schedule("next-fails", "answers a status of next that does not exist, with a reason of 10 MB"),
    HostCase(
      name: "next-crashes", attack: "crashes in next", duty: "go on, and try again later", kind: .quietSchedule,
      places: [.process]),
    HostCase(
      name: "next-spins", attack: "never returns from next", duty: "end the call at its limit, and go on",
      kind: .quietSchedule, places: [.process], isSlow: true),
    HostCase(
      name: "emit-later", attack: "keeps emit, and calls it from a thread when next has returned",
      duty: "go on, and plan none of it", kind: .quietSchedule, places: [.process]),
    definition("validate-violations", "finds 100,000 faults in a definition, some told in 10 MB"),
    definition("validate-odd", "answers a status of validate that does not exist"),
    definition("validate-null", "refuses a definition without a reason"),
    messages("render-none", "emits no message", unsent, arrive: false),
    messages("render-twice", "emits 100,000 messages for one event", unsent, arrive: false),
    messages("render-long", "emits a title and data of 10 MB", unsent, arrive: false),
    messages("render-stranger", "emits for events that it was not asked for, and NULL", unsent, arrive: false),
    messages("render-odd-status", "answers a status of render that does not exist", unsent, arrive: false),
    messages("render-odd", "emits texts of malformed UTF-8 and escape codes", "send them repaired", arrive: true),
    messages("render-null", "emits NULL with a length for parts of a message", "take them as empty", arrive: true),
    HostCase(
      name: "render-crashes", attack: "crashes in render", duty: "go on, and lose no other event",
      kind: .messages(arrive: false), places: [.process]),
  ]

  private static func schedule(_ name: String, _ attack: String) -> HostCase {
    HostCase(name: name, attack: attack, duty: unplanned, kind: .schedule)
  }

  private static func definition(_ name: String, _ attack: String) -> HostCase {
    HostCase(
      name: name, attack: attack, duty: "refuse the definition, with a bounded answer", kind: .definition)
  }

  private static func messages(_ name: String, _ attack: String, _ duty: String, arrive: Bool) -> HostCase {
    HostCase(name: name, attack: attack, duty: duty, kind: .messages(arrive: arrive))
  }
}
