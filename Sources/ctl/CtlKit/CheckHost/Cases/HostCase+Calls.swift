extension HostCase {
  /// What a plugin asks of the host.
  static let hostCalls: [HostCase] = [
    .init(
      name: "log-flood", attack: "writes 20,000 lines to the log at once in each delivery",
      duty: "drop what is over the bound, and say how many", kind: .deliveries(.delivered)),
    .init(
      name: "log-odd",
      attack: "logs at levels that do not exist, forged lines, escape codes, 10 MB and NULL with a length",
      duty: "write one clean, bounded line for each", kind: .deliveries(.delivered)),
    .init(
      name: "interface-odd", attack: "asks for 10,000 interfaces that do not exist, one with a name of 10 MB",
      duty: "answer NULL", kind: .deliveries(.delivered), answers: ["found": 0]),
    .init(
      name: "secrets-of-others", attack: "asks for the healthy sink's secret, in its name, and for files of the system",
      duty: "answer DENIED to each", kind: .deliveries(.delivered), answers: ["taken": 0]),
    .init(
      name: "metrics-odd", attack: "defines metrics too late, and counts NaN in ones that it made up",
      duty: "answer STALE and INVALID, and show none of it", kind: .deliveries(.delivered), answers: ["taken": 0]),
    .init(
      name: "time-odd", attack: "asks for the time in zones named ../../../etc/passwd, at dates that do not exist",
      duty: "answer an error", kind: .deliveries(.delivered)),
    .init(
      name: "json-odd", attack: "has 5 MB of brackets read as JSON, and malformed UTF-8, with malformed pointers",
      duty: "answer INVALID", kind: .deliveries(.delivered)),
  ]

  /// From the file to the end of an instance.
  static let lives: [HostCase] =
    refusals + [
      .init(
        name: "table-long", attack: "says that its entry's structure is longer than any there is",
        duty: "read no further than it knows", kind: .deliveries(.delivered)),
      .init(
        name: "sink-table-long", attack: "says that its sink's table is longer than any there is",
        duty: "read no further than it knows", kind: .deliveries(.delivered)),
      .init(
        name: "thread-model-unknown", attack: "asks for a thread model that does not exist",
        duty: "make one call at a time", kind: .deliveries(.delivered)),
      .init(
        name: "create-null", attack: "answers OK to create, without an instance",
        duty: "keep what is for it: waiting, or as dead letters",
        kind: .deliveries(.kept)),
      .init(
        name: "create-odd", attack: "answers a status of create that does not exist",
        duty: "keep what is for it: waiting, or as dead letters",
        kind: .deliveries(.kept)),
      .init(
        name: "create-violations", attack: "finds 100,000 faults in its configuration, some told in 10 MB",
        duty: "keep 64 of them, bounded, and keep what is for it", kind: .deliveries(.kept)),
      .init(
        name: "activate-fails", attack: "fails to activate, the first time, with a status that does not exist",
        duty: "try again", kind: .deliveries(.any)),
      .init(
        name: "threads-left", attack: "leaves threads that call the host for ever, after stop too",
        duty: "answer them, and end all the same", kind: .deliveries(.delivered)),
      .init(
        name: "drain-blocks", attack: "never returns from drain", duty: "end all the same",
        kind: .deliveries(.delivered),
        isSlow: true),
      .init(
        name: "deactivate-blocks", attack: "never returns from deactivate", duty: "end all the same",
        kind: .deliveries(.delivered), isSlow: true),
      .init(
        name: "destroy-blocks", attack: "never returns from destroy", duty: "end all the same",
        kind: .deliveries(.delivered), isSlow: true),
      .init(
        name: "stop-blocks", attack: "never returns from stop", duty: "end all the same", kind: .deliveries(.delivered),
        isSlow: true),
      .init(
        name: "stop-crashes", attack: "crashes in stop", duty: "end as usual", kind: .deliveries(.delivered),
        places: [.process]),
    ]

  private static let refuse = "refuse it, say why, and go on without it"

  private static let refusals: [HostCase] = [
    .init(name: "entry-null", attack: "answers NULL from its entry", duty: refuse, kind: .refusedLibrary),
    .init(name: "other-major", attack: "was made for another major version", duty: refuse, kind: .refusedLibrary),
    .init(
      name: "table-empty", attack: "says that its entry's structure has no bytes", duty: refuse, kind: .refusedLibrary),
    .init(
      name: "table-short", attack: "says that its entry's structure ends before the functions", duty: refuse,
      kind: .refusedLibrary),
    .init(
      name: "functions-null", attack: "has NULL for a function that must be there", duty: refuse, kind: .refusedLibrary),
    .init(
      name: "interface-null", attack: "answers NULL for what its manifest provides", duty: refuse, kind: .refusedLibrary
    ),
    .init(
      name: "sink-table-short", attack: "says that its sink's table ends before cancel", duty: refuse,
      kind: .refusedLibrary),
    .init(name: "sink-table-null", attack: "has NULL for deliver", duty: refuse, kind: .refusedLibrary),
    .init(
      name: "manifest-other", attack: "answers another manifest than stands in its file", duty: refuse,
      kind: .refusedLibrary),
    .init(
      name: "manifest-endless", attack: "answers a manifest of twice the longest length", duty: refuse,
      kind: .refusedLibrary),
    .init(
      name: "start-refuses", attack: "fails to start, with a reason of 10 MB that is no UTF-8",
      duty: "refuse it, with a bounded reason", kind: .refusedLibrary),
    .init(
      name: "start-odd", attack: "answers a status of start that does not exist", duty: refuse, kind: .refusedLibrary),
    .init(
      name: "load-crashes", attack: "crashes while the library is opened", duty: refuse, kind: .refusedLibrary,
      places: [.process]),
    .init(
      name: "load-exits", attack: "ends the process while the library is opened", duty: refuse, kind: .refusedLibrary,
      places: [.process]),
    .init(
      name: "start-crashes", attack: "crashes in start", duty: refuse, kind: .refusedLibrary, places: [.process]),
    .init(
      name: "load-blocks", attack: "never returns from its constructor",
      duty: "refuse it when its time is over, and start",
      kind: .refusedLibrary, places: [.process], isSlow: true),
    .init(
      name: "start-blocks", attack: "never returns from start", duty: "refuse it when its time is over, and start",
      kind: .refusedLibrary, isSlow: true),
  ]
}
