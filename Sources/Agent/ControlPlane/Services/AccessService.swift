import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Who may do what: tokens, grants, denials, and certificates.
struct AccessService: Carillon_V1_AccessControl.SimpleServiceProtocol {
  let environment: Environment
  var store: any Store { environment.store }

  func getCaller(request: Carillon_V1_GetCallerRequest, context: ServerContext) async throws -> Carillon_V1_Caller {
    Carillon_V1_Caller(try caller(context))
  }

  func createToken(
    request: Carillon_V1_CreateTokenRequest, context: ServerContext
  ) async throws -> Carillon_V1_CreateTokenResponse {
    let secret = TokenSecret.make(id: request.tokenID)
    let token = try draft(request, secret: secret)
    let name = ResourceName(kind: .token, id: token.id)
    let made = try await create(
      .createToken(token), request, about: name, path: Self.tokenPath, context)
    if request.validateOnly { return .with { $0.token = Carillon_V1_Token(token) } }
    guard !made.isRepeated else {
      throw Failure.make(
        .alreadyExists, "SECRET_GIVEN_BEFORE",
        "this call was made before, and its answer had the secret, which is kept nowhere; revoke \(name.text) and create "
          + "another one if that answer was lost")
    }
    let stored = try await environment.naming(name) { try await store.token(id: made.name.id) }
    return .with {
      $0.token = Carillon_V1_Token(stored)
      $0.secret = secret
    }
  }

  func getToken(request: Carillon_V1_GetTokenRequest, context: ServerContext) async throws -> Carillon_V1_Token {
    let name = try ResourceName(request.name, kind: .token, field: "name")
    return try await environment.naming(name) { Carillon_V1_Token(try await store.token(id: name.id)) }
  }

  func listTokens(
    request: Carillon_V1_ListTokensRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListTokensResponse {
    let listing = ["tokens"]
    let page = try await store.tokens(
      page: PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing))
    return .with {
      $0.tokens = page.items.map { Carillon_V1_Token($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func revokeToken(request: Carillon_V1_RevokeTokenRequest, context: ServerContext) async throws -> Carillon_V1_Token {
    let name = try ResourceName(request.name, kind: .token, field: "name")
    try await change(.revokeToken(id: name.id), about: name, context)
    return try await environment.naming(name) { Carillon_V1_Token(try await store.token(id: name.id)) }
  }

  func createGrant(request: Carillon_V1_CreateGrantRequest, context: ServerContext) async throws -> Carillon_V1_Grant {
    let grant = try draft(request)
    let name = ResourceName(kind: .grant, id: grant.id)
    let made = try await create(
      .createGrant(grant), request, about: name, path: Self.grantPath, context)
    if request.validateOnly { return Carillon_V1_Grant(grant) }
    return try await made.answer(Carillon_V1_Grant(grant)) { name in
      try await environment.naming(name) { Carillon_V1_Grant(try await store.grant(id: name.id)) }
    }
  }

  func getGrant(request: Carillon_V1_GetGrantRequest, context: ServerContext) async throws -> Carillon_V1_Grant {
    let name = try ResourceName(request.name, kind: .grant, field: "name")
    return try await environment.naming(name) { Carillon_V1_Grant(try await store.grant(id: name.id)) }
  }

  func listGrants(
    request: Carillon_V1_ListGrantsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListGrantsResponse {
    let listing = ["grants"]
    let page = try await environment.page(
      PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    ) { try await store.grants(page: $0) }
    return .with {
      $0.grants = page.items.map { Carillon_V1_Grant($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func deleteGrant(
    request: Carillon_V1_DeleteGrantRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .grant, field: "name")
    try await change(.deleteGrant(id: name.id), about: name, context)
    return Google_Protobuf_Empty()
  }

  func createDenial(
    request: Carillon_V1_CreateDenialRequest, context: ServerContext
  ) async throws -> Carillon_V1_Denial {
    let denial = try draft(request)
    let name = ResourceName(kind: .denial, id: denial.id)
    let made = try await create(
      .createDenial(denial), request, about: name, path: Self.denialPath, context)
    if request.validateOnly { return Carillon_V1_Denial(denial) }
    return try await made.answer(Carillon_V1_Denial(denial)) { name in
      try await environment.naming(name) { Carillon_V1_Denial(try await store.denial(id: name.id)) }
    }
  }

  func listDenials(
    request: Carillon_V1_ListDenialsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListDenialsResponse {
    let listing = ["denials"]
    let page = try await environment.page(
      PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    ) { try await store.denials(page: $0) }
    return .with {
      $0.denials = page.items.map { Carillon_V1_Denial($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func deleteDenial(
    request: Carillon_V1_DeleteDenialRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .denial, field: "name")
    try await change(.deleteDenial(id: name.id), about: name, context)
    return Google_Protobuf_Empty()
  }
}
