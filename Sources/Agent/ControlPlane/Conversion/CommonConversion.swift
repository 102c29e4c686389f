import ControlAPI
import EventModel
import SwiftProtobuf

extension GapRule {
  init(_ value: Carillon_V1_GapRule, field: String) throws(ModelError) {
    switch value {
    case .unspecified, .shiftForward: self = .shiftForward
    case .before: self = .before
    case .skip: self = .skip
    case .UNRECOGNIZED(let number): throw ModelError(field: field, "\(number) is no value of GapRule")
    }
  }

  var proto: Carillon_V1_GapRule {
    switch self {
    case .shiftForward: .shiftForward
    case .before: .before
    case .skip: .skip
    }
  }
}

extension FoldRule {
  init(_ value: Carillon_V1_FoldRule, field: String) throws(ModelError) {
    switch value {
    case .unspecified, .first: self = .first
    case .second: self = .second
    case .both: self = .both
    case .UNRECOGNIZED(let number): throw ModelError(field: field, "\(number) is no value of FoldRule")
    }
  }

  var proto: Carillon_V1_FoldRule {
    switch self {
    case .first: .first
    case .second: .second
    case .both: .both
    }
  }
}

extension CatchUp {
  /// Longest window: what the longest queue expiry allows.
  static let maximumWindow = TimeSpan.hours(60 * 24)

  /// Nil when the message says nothing: then the event type's standard counts, now and when it changes.
  static func policy(
    _ value: Carillon_V1_CatchUp, eventType: String, field: String
  ) throws(ModelError) -> CatchUp? {
    if value.mode == .unspecified && !value.hasWindow { return nil }
    let mode = try Mode(value.mode, eventType: eventType, field: field + ".mode")
    guard value.hasWindow else { return CatchUp(mode: mode, window: nil) }
    let window = try TimeSpan(value.window, field: field + ".window")
    guard window > .zero, window <= maximumWindow else {
      throw ModelError(field: field + ".window", "must be over 0 and at most 60 days")
    }
    return CatchUp(mode: mode, window: window)
  }

  var proto: Carillon_V1_CatchUp {
    .with { message in
      message.mode =
        switch mode {
        case .all: .all
        case .latest: .latest
        case .skip: .skip
        case .merge: .merge
        }
      if let window { message.window = Google_Protobuf_Duration(window) }
    }
  }
}

extension CatchUp.Mode {
  fileprivate init(_ value: Carillon_V1_CatchUp.Mode, eventType: String, field: String) throws(ModelError) {
    switch value {
    case .unspecified: self = CatchUp.standard(eventType: eventType).mode
    case .all: self = .all
    case .latest: self = .latest
    case .skip: self = .skip
    case .merge: self = .merge
    case .UNRECOGNIZED(let number): throw ModelError(field: field, "\(number) is no value of Mode")
    }
  }
}
