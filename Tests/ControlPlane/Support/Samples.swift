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

  static func mask(_ paths: String...) -> Google_Protobuf_FieldMask { .with { $0.paths = paths } }
}
