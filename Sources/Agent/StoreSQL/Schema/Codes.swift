package import EventModel
import Store

/// An enumeration with stable small numbers in the tables. A number, once given, never changes its meaning.
package protocol Coded: CaseIterable, Hashable {
  var code: Int64 { get }
}

extension Coded {
  package init(stored code: Int64) throws {
    guard let value = Self.allCases.first(where: { $0.code == code }) else {
      throw StoreError(.corrupt, "the store holds \(code), which is no \(Self.self)")
    }
    self = value
  }
}

extension Outcome: Coded {
  package var code: Int64 {
    switch self {
    case .delivered: 0
    case .retry: 1
    case .deferred: 2
    case .merged: 3
    case .dead: 4
    case .cancelled: 5
    case .expired: 6
    case .skipped: 7
    case .moved: 8
    }
  }
}

extension Role: Coded {
  package var code: Int64 {
    switch self {
    case .viewer: 1
    case .operator: 2
    case .admin: 3
    }
  }
}

extension Schedule.State: Coded {
  package var code: Int64 {
    switch self {
    case .active: 0
    case .paused: 1
    case .ended: 2
    case .deleted: 3
    }
  }
}

extension GapRule: Coded {
  package var code: Int64 {
    switch self {
    case .shiftForward: 0
    case .before: 1
    case .skip: 2
    }
  }
}

extension FoldRule: Coded {
  package var code: Int64 {
    switch self {
    case .first: 0
    case .second: 1
    case .both: 2
    }
  }
}

extension CatchUp.Mode: Coded {
  package var code: Int64 {
    switch self {
    case .all: 0
    case .latest: 1
    case .skip: 2
    case .merge: 3
    }
  }
}

extension DomainEvent.Kind: Coded {
  package var code: Int64 {
    switch self {
    case .userCreated: 0
    case .userZoneChanged: 1
    case .userDateChanged: 2
    case .eventScheduled: 3
    case .eventCompleted: 4
    case .eventFailed: 5
    case .deadLetterCreated: 6
    case .sinkCircuitOpened: 7
    case .sinkDisabled: 8
    }
  }
}

extension Sink.OnUnknown: Coded {
  package var code: Int64 {
    switch self {
    case .resend: 0
    case .park: 1
    }
  }
}

/// Where a command stands.
enum CommandState: Int64 {
  case open = 0
  case done = 1
  case tooLate = 2
}

/// What a command asks.
enum CommandKind: Int64 {
  case cancel = 0
  case move = 1
  case withdraw = 2
}
