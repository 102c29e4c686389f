import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// People that events are for.
struct UsersService: Carillon_V1_Users.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a user stand in a request.
  static let path = FieldPath("user", renamed: ["id": "user_id", "namespace": "parent"])

  func createUser(
    request: Carillon_V1_CreateUserRequest, context: ServerContext
  ) async throws -> Carillon_V1_User {
    let namespace = try ResourceName.namespace(request.parent)
    let user = User(request.user, namespace: namespace, id: request.userID)
    try check(user)
    let name = ResourceName(kind: .user, namespace: namespace, id: user.id)
    let made = try await environment.create(
      .putUser(user, .absent), request, about: name, path: Self.path, context: context)
    guard !request.validateOnly else { return Carillon_V1_User(user) }
    environment.pipeline.kickPlanner()
    return try await made.answer(Carillon_V1_User(user), stored)
  }

  func getUser(request: Carillon_V1_GetUserRequest, context: ServerContext) async throws -> Carillon_V1_User {
    try await stored(ResourceName(request.name, kind: .user, field: "name"))
  }

  func listUsers(
    request: Carillon_V1_ListUsersRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListUsersResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try ListFilter<Carillon_V1_User>(request.filter)
    let listing = ["users", namespace, request.filter]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.listed(asked, filter) { request in
      try await environment.page(request) { try await store.users(namespace: namespace, page: $0) }
    } show: {
      Carillon_V1_User($0)
    }
    return .with {
      $0.users = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateUser(
    request: Carillon_V1_UpdateUserRequest, context: ServerContext
  ) async throws -> Carillon_V1_User {
    let name = try ResourceName(request.user.name, kind: .user, field: "user.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_User.maskFields,
      maps: Carillon_V1_User.maskMaps)
    let etag = request.user.etag
    return try await environment.retryingConflicts(etag: etag) {
      let old = try await existing(name, allowMissing: request.allowMissing && etag.isEmpty)
      var user = old ?? User(namespace: name.namespace, id: name.id)
      user.apply(request.user, mask: mask)
      try check(user)
      let condition = try Etag.precondition(
        etag, otherwise: old.map { .revision($0.revision) } ?? .absent, name: name)
      return try await put(user, condition, name: name, dryRun: request.validateOnly, context: context)
    }
  }

  func deleteUser(
    request: Carillon_V1_DeleteUserRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .user, field: "name")
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteUser(namespace: name.namespace, id: name.id, condition), about: name, dryRun: false, context: context)
    environment.pipeline.kickPlanner()
    return Google_Protobuf_Empty()
  }

  func exportUser(
    request: Carillon_V1_ExportUserRequest, response: RPCWriter<Carillon_V1_ExportUserResponse>,
    context: ServerContext
  ) async throws {
    let name = try ResourceName(request.name, kind: .user, field: "name")
    guard environment.exports.enter() else {
      throw Failure.make(
        .resourceExhausted, "TOO_MANY_EXPORTS", "\(environment.limits.maximumExports) exports are open already")
    }
    defer { environment.exports.leave() }
    try await UserExport(environment: environment, name: name).run(into: response)
  }

  func eraseUser(
    request: Carillon_V1_EraseUserRequest, context: ServerContext
  ) async throws -> Carillon_V1_EraseUserResponse {
    let name = try ResourceName(request.name, kind: .user, field: "name")
    return try await UserErasure(environment: environment, name: name, actor: environment.actor(context))
      .run(etag: request.etag, dryRun: request.validateOnly)
  }

  func importUsers(
    request: RPCAsyncSequence<Carillon_V1_ImportUsersRequest, any Error>,
    response: RPCWriter<Carillon_V1_ImportUsersResponse>, context: ServerContext
  ) async throws {
    try await UserImport(environment: environment, actor: environment.actor(context)).run(request, into: response)
  }

  private func existing(_ name: ResourceName, allowMissing: Bool) async throws -> User? {
    let found = try await ifFound { () throws(StoreError) in
      try await store.user(namespace: name.namespace, id: name.id)
    }
    if found == nil, !allowMissing { throw Failure.notFound(name) }
    return found
  }

  private func check(_ user: User) throws {
    var violations = Violations()
    violations.collect(under: Self.path) { () throws(ModelError) in try user.check() }
    environment.checkZone(user.timeZone, field: "user.time_zone", &violations)
    try violations.check()
  }

  private func put(
    _ user: User, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_User {
    _ = try await environment.commit(
      .putUser(user, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    guard !dryRun else { return Carillon_V1_User(user) }
    environment.pipeline.kickPlanner()
    return try await stored(name)
  }

  private func stored(_ name: ResourceName) async throws -> Carillon_V1_User {
    try await environment.naming(name) {
      Carillon_V1_User(try await store.user(namespace: name.namespace, id: name.id))
    }
  }
}
