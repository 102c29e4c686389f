import ControlAPI
import SwiftProtobuf

/// Requests that are right, for tests to change.
enum Sample {
  static func user(_ id: String, zone: String = "Europe/London") -> Carillon_V1_User {
    .with {
      $0.name = "\(Rig.parent)/users/\(id)"
      $0.displayName = "Ada \(id)"
      $0.givenName = "Ada"
      $0.timeZone = zone
      $0.dates = ["birth": "1990-05-04"]
      $0.addresses = ["email": "\(id)@example.org"]
      $0.attributes = ["team": "red", "floor": "3"]
    }
  }

  static func createUser(_ id: String) -> Carillon_V1_CreateUserRequest {
    .with {
      $0.parent = Rig.parent
      $0.userID = id
      $0.user = user(id)
    }
  }

  static func schedule(_ id: String, user: String = "") -> Carillon_V1_Schedule {
    .with {
      $0.name = "\(Rig.parent)/schedules/\(id)"
      $0.user = user.isEmpty ? "" : "\(Rig.parent)/users/\(user)"
      $0.eventType = "birthday"
      $0.definition = ["at": "09:00", "lead_days": 7]
    }
  }

  static func createSchedule(_ id: String, user: String = "") -> Carillon_V1_CreateScheduleRequest {
    .with {
      $0.parent = Rig.parent
      $0.scheduleID = id
      $0.schedule = schedule(id, user: user)
    }
  }

  static func createSink(_ id: String) -> Carillon_V1_CreateSinkRequest {
    .with {
      $0.parent = Rig.parent
      $0.sinkID = id
      $0.sink = .with {
        $0.plugin = "webhook"
        $0.configuration = ["url": "https://example.org/hook", "secret": "hushhush"]
      }
    }
  }

  static func createSubscription(_ id: String, sink: String) -> Carillon_V1_CreateSubscriptionRequest {
    .with {
      $0.parent = Rig.parent
      $0.subscriptionID = id
      $0.subscription = .with {
        $0.eventType = "birthday"
        $0.sink = "\(Rig.parent)/sinks/\(sink)"
        $0.filter = ["attributes.team": "red"]
      }
    }
  }

  static func createEvent(_ requestID: String = "") -> Carillon_V1_CreateEventRequest {
    .with {
      $0.parent = Rig.parent
      $0.definition = ["title": "Hello"]
      $0.requestID = requestID
    }
  }

  static func createTemplate(_ id: String) -> Carillon_V1_CreateTemplateRequest {
    .with {
      $0.parent = Rig.parent
      $0.templateID = id
      $0.template = .with {
        $0.eventType = "birthday"
        $0.locale = "de"
        $0.title = "Alles Gute, {{name}}!"
        $0.text = "Herzlichen Glückwunsch."
      }
    }
  }

  static func preview(_ schedule: String) -> Carillon_V1_PreviewScheduleRequest {
    .with {
      $0.parent = Rig.parent
      $0.name = "\(Rig.parent)/schedules/\(schedule)"
    }
  }

  static func skip(_ schedule: String, _ key: String) -> Carillon_V1_SkipOccurrenceRequest {
    .with {
      $0.name = "\(Rig.parent)/schedules/\(schedule)"
      $0.occurrenceKey = key
      $0.reason = "on holiday"
    }
  }

  static func move(_ schedule: String, _ key: String, to localTime: String) -> Carillon_V1_MoveOccurrenceRequest {
    .with {
      $0.name = "\(Rig.parent)/schedules/\(schedule)"
      $0.occurrenceKey = key
      $0.localTime = localTime
    }
  }

  static func restore(_ schedule: String, _ key: String) -> Carillon_V1_RestoreOccurrenceRequest {
    .with {
      $0.name = "\(Rig.parent)/schedules/\(schedule)"
      $0.occurrenceKey = key
    }
  }

  static func run(_ schedule: String, requestID: String = "") -> Carillon_V1_RunScheduleRequest {
    .with {
      $0.name = "\(Rig.parent)/schedules/\(schedule)"
      $0.requestID = requestID
    }
  }

  static func mask(_ paths: String...) -> Google_Protobuf_FieldMask { .with { $0.paths = paths } }
}
