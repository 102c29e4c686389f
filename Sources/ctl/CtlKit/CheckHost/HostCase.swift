/// One way in which the hostile plugin breaks the contract, and what an agent must make of it.
struct HostCase: Sendable {
  /// Where the hostile plugin runs.
  enum Place: String, Sendable, CaseIterable {
    /// In a process of its own.
    case process
    /// In the agent's: only for attacks that break rules and no memory.
    case inProcess = "in-process"
  }

  /// What becomes of a delivery to the hostile sink.
  enum Ending: Sendable, Equatable {
    /// It is delivered by its first attempt.
    case delivered
    /// Its first attempt fails, and a later one delivers it, with the same key.
    case again
    /// It is neither delivered nor given up, and tried again later.
    case waits
    /// It is not delivered: it waits, or is kept as a dead letter with the reason.
    case kept
    /// Any of the first three: the process that it was in ended with others in it.
    case any
  }

  /// What is tried.
  enum Kind: Sendable, Equatable {
    /// Deliveries to the hostile sink.
    case deliveries(Ending)
    /// The library is refused.
    case refusedLibrary
    /// A schedule of the hostile event type: it is not planned, and says why.
    case schedule
    /// The same, where none is planned and the plugin is not to blame.
    case quietSchedule
    /// A definition is refused.
    case definition
    /// Events of the hostile type, to the healthy sink; whether they arrive there.
    case messages(arrive: Bool)
  }

  /// Its name, as the hostile plugin knows it.
  var name: String
  /// What the plugin does, one sentence.
  var attack: String
  /// What the agent must do.
  var duty: String
  /// What is tried.
  var kind: Kind
  /// Where.
  var places: [Place] = [.process, .inProcess]
  /// What the host must answer the plugin, by the name under which the plugin tells it.
  var answers: [String: Int] = [:]
  /// Whether the plugin must be in quarantine at the end.
  var isQuarantined = false
  /// Whether it takes longer than a few seconds: a call's time limit must run out.
  var isSlow = false

  /// What the host must answer there.
  ///
  /// The process of an isolated plugin does not learn when the agent gives a ticket up: a late result is answered OK, and
  /// dropped by the agent, which is what counts.
  func answers(in place: Place) -> [String: Int] {
    place == .inProcess ? answers : answers.filter { $0.key != "late" }
  }

  /// All cases, in the order in which they are told.
  static let all = tickets + results + hostCalls + lives + crashes + system + eventTypes

  /// The case of this name.
  static func named(_ name: String) -> HostCase? { all.first { $0.name == name } }
}
