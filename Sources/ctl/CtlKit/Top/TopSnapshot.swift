/// All that `ctl top` shows at one moment.
struct TopSnapshot: Sendable, Equatable {
  struct Agent: Sendable, Equatable {
    var name: String
    var state: String
    var style: Style?
    /// Milliseconds.
    var uptime: Int64?
    var version = ""
    var loaded: Int64 = 0
    var inFlight: Int64 = 0
    var unrecorded: Int64 = 0
    /// Why it is not ready or not reached.
    var problem = ""
  }

  struct Queue: Sendable, Equatable {
    var name: String
    var priority: Int32 = 0
    var isPaused = false
    var due: Int64 = 0
    var open: Int64 = 0
    var inFlight: Int64 = 0
    /// Milliseconds that the oldest is due; nil when nothing is.
    var oldestAge: Int64?
    /// Delivered a second, over all agents; nil before the second look.
    var rate: Double?
    /// The same of the last looks, the newest last.
    var history: [Double] = []
    /// Milliseconds of lateness that 99 of 100 sends of the last minutes kept, at the sink where it is worst.
    var lateness: Int64?
    var limit: Double?
  }

  struct Sink: Sendable, Equatable {
    var name: String
    var plugin = ""
    var circuit = ""
    var reopensInSeconds: Int64?
    var disabledReason = ""
    var inFlight: Int64 = 0
    var maxInFlight: Int64 = 0
    var waiting: Int64 = 0
    var openEndpoints: Int64 = 0
    var goneEndpoints: Int64 = 0
    var delivered: Int64 = 0
    var failed: Int64 = 0
  }

  struct Problem: Sendable, Equatable {
    var text: String
    var style: Style?
  }

  /// Milliseconds since 1970.
  var time: Int64
  var context = ""
  var namespace = ""
  var agents: [Agent] = []
  var queues: [Queue] = []
  var sinks: [Sink] = []
  var problems: [Problem] = []

  /// Delivered a second in all; nil before the second look.
  var rate: Double? {
    let rates = queues.compactMap(\.rate)
    return rates.isEmpty ? nil : rates.reduce(0, +)
  }
}
