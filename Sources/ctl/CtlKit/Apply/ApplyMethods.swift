import ControlAPI
import SwiftProtobuf

extension Users: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_User, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_User {
    let request = Carillon_V1_CreateUserRequest.with {
      $0.parent = kind.parent(namespace: document.namespace)
      $0.userID = document.id
      $0.user = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.users.createUser(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_User, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_User {
    let request = Carillon_V1_UpdateUserRequest.with {
      $0.user = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.users.updateUser(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_User, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_User) -> String { resource.etag }

  static func comparable(_ resource: Carillon_V1_User) -> Carillon_V1_User {
    var result = resource
    result.clearUpdateTime()
    return result
  }
}

extension Schedules: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_Schedule, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Schedule {
    let request = Carillon_V1_CreateScheduleRequest.with {
      $0.parent = kind.parent(namespace: document.namespace)
      $0.scheduleID = document.id
      $0.schedule = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.schedules.createSchedule(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_Schedule, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Schedule {
    let request = Carillon_V1_UpdateScheduleRequest.with {
      $0.schedule = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.schedules.updateSchedule(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_Schedule, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_Schedule) -> String { resource.etag }

  /// The planner moves a schedule on between two looks.
  static func comparable(_ resource: Carillon_V1_Schedule) -> Carillon_V1_Schedule {
    var result = resource
    result.clearUpdateTime()
    result.clearNextDueTime()
    result.planError = ""
    return result
  }
}

extension Sinks: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_Sink, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Sink {
    let request = Carillon_V1_CreateSinkRequest.with {
      $0.parent = kind.parent(namespace: document.namespace)
      $0.sinkID = document.id
      $0.sink = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.sinks.createSink(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_Sink, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Sink {
    let request = Carillon_V1_UpdateSinkRequest.with {
      $0.sink = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.sinks.updateSink(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_Sink, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_Sink) -> String { resource.etag }
}

extension Subscriptions: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_Subscription, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Subscription {
    let request = Carillon_V1_CreateSubscriptionRequest.with {
      $0.parent = kind.parent(namespace: document.namespace)
      $0.subscriptionID = document.id
      $0.subscription = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.subscriptions.createSubscription(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_Subscription, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Subscription {
    let request = Carillon_V1_UpdateSubscriptionRequest.with {
      $0.subscription = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.subscriptions.updateSubscription(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_Subscription, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_Subscription) -> String { resource.etag }
}

extension Queues: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_Queue, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Queue {
    let request = Carillon_V1_CreateQueueRequest.with {
      $0.queueID = document.id
      $0.queue = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.queues.createQueue(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_Queue, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Queue {
    let request = Carillon_V1_UpdateQueueRequest.with {
      $0.queue = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.queues.updateQueue(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_Queue, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_Queue) -> String { resource.etag }

  static func comparable(_ resource: Carillon_V1_Queue) -> Carillon_V1_Queue {
    var result = resource
    result.clearStatus()
    return result
  }
}

extension Queues: DeletableNoun {
  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteQueueRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.queues.deleteQueue(message, options: $0) }
  }
}
