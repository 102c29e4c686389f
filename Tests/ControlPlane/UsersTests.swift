import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct UsersTests {
  @Test func whatIsCreatedCanBeGot() async throws {
    try await withRig { rig in
      let made = try await rig.users.createUser(Sample.createUser("ada"))
      #expect(made.name == "namespaces/test/users/ada")
      #expect(made.etag == "1")
      #expect(made.hasCreateTime)
      let got = try await rig.users.getUser(.with { $0.name = made.name })
      #expect(got == made)
      #expect(got.dates == ["birth": "1990-05-04"])
      #expect(rig.pipeline.kicks == 1)
    }
  }

  @Test func creatingTwiceIsRefused() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      let refusal = try await refused(.alreadyExists) { try await rig.users.createUser(Sample.createUser("ada")) }
      #expect(refusal.reason == "ALREADY_EXISTS")
      #expect(refusal.resource == "namespaces/test/users/ada")
    }
  }

  struct BadUser: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateUserRequest) -> Void
  }

  static let badUsers: [BadUser] = [
    BadUser(testDescription: "no parent", fields: ["parent"]) { $0.parent = "" },
    BadUser(testDescription: "parent of another kind", fields: ["parent"]) { $0.parent = "queues/high" },
    BadUser(testDescription: "namespace in capitals", fields: ["parent"]) { $0.parent = "namespaces/Test" },
    BadUser(testDescription: "no id", fields: ["user_id"]) { $0.userID = "" },
    BadUser(testDescription: "space in the id", fields: ["user_id"]) { $0.userID = "a b" },
    BadUser(testDescription: "slash in the id", fields: ["user_id"]) { $0.userID = "a/b" },
    BadUser(testDescription: "unknown zone", fields: ["user.time_zone"]) { $0.user.timeZone = "Europe/Lodnon" },
    BadUser(testDescription: "a day that does not exist", fields: ["user.dates.birth"]) {
      $0.user.dates["birth"] = "1990-02-30"
    },
    BadUser(testDescription: "text too long", fields: ["user.nickname"]) {
      $0.user.nickname = String(repeating: "n", count: 1_025)
    },
    BadUser(testDescription: "too many attributes", fields: ["user.attributes"]) {
      for index in 0...64 { $0.user.attributes["k\(index)"] = "v" }
    },
    BadUser(
      testDescription: "several faults at once",
      fields: ["user_id", "user.time_zone", "user.dates.birth", "user.dates.wedding"]
    ) {
      $0.userID = "a b"
      $0.user.timeZone = "Mars/Olympus"
      $0.user.dates = ["birth": "yesterday", "wedding": "2020-13-01"]
    },
  ]

  @Test(arguments: badUsers)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadUser) async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.users.createUser(request) }
      let left = try await rig.users.listUsers(.with { $0.parent = Rig.parent })
      #expect(left.users.isEmpty)
      #expect(rig.pipeline.kicks == 0)
    }
  }

  @Test func anUnknownZoneIsToldWithTheNearestOne() async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      request.user.timeZone = "Europe/Lodnon"
      let refusal = try await refused(.invalidArgument) { try await rig.users.createUser(request) }
      #expect(refusal.message.contains("Europe/London"))
    }
  }

  @Test func manyFaultsAreCutToWhatFitsTheTrailers() async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      for index in 0..<60 { request.user.dates["date-\(index)"] = String(repeating: "x", count: 900) }
      let refusal = try await refused(.invalidArgument) { try await rig.users.createUser(request) }
      #expect((10...21).contains(refusal.fields.count))
      #expect(refusal.fields.last == "")
      #expect(refusal.headerBytes < 8_192)
      #expect(refusal.message.utf8.count <= 480)
    }
  }

  @Test func missingUsersAreNamed() async throws {
    try await withRig { rig in
      let name = "namespaces/test/users/nobody"
      let get = try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = name }) }
      #expect(get.resource == name)
      let update = try await refused(.notFound) {
        try await rig.users.updateUser(.with { $0.user = Sample.user("nobody") })
      }
      #expect(update.resource == name)
      try await refused(.notFound) { try await rig.users.deleteUser(.with { $0.name = name }) }
      try await refused(.invalidArgument, fields: ["name"]) { try await rig.users.getUser(.with { $0.name = "ada" }) }
    }
  }

  @Test func namespacesAreApart() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = "namespaces/other/users/ada" }) }
      let other = try await rig.users.listUsers(.with { $0.parent = "namespaces/other" })
      #expect(other.users.isEmpty)
    }
  }

  @Test func aMaskChangesOnlyWhatItNames() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      let changed = try await rig.users.updateUser(
        .with {
          $0.user = .with {
            $0.name = "namespaces/test/users/ada"
            $0.nickname = "Countess"
            $0.displayName = "not taken"
            $0.dates = ["wedding": "1835-07-08"]
          }
          $0.updateMask = Sample.mask("nickname", "dates.wedding", "attributes.floor")
        })
      #expect(changed.nickname == "Countess")
      #expect(changed.displayName == "Ada ada")
      #expect(changed.dates == ["birth": "1990-05-04", "wedding": "1835-07-08"])
      #expect(changed.attributes == ["team": "red"])
      #expect(changed.etag == "2")
    }
  }

  @Test func withoutAMaskEverythingIsTaken() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      let changed = try await rig.users.updateUser(
        .with {
          $0.user = .with {
            $0.name = "namespaces/test/users/ada"
            $0.displayName = "Ada"
          }
        })
      #expect(changed.displayName == "Ada")
      #expect(changed.dates.isEmpty && changed.timeZone.isEmpty && changed.attributes.isEmpty)
    }
  }

  @Test(arguments: ["name", "etag", "create_time", "shoe_size", "dates.", "locale.x"])
  func aMaskOfWhatCannotBeChangedIsRefused(_ path: String) async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      let refusal = try await refused(.invalidArgument, fields: ["update_mask"]) {
        try await rig.users.updateUser(
          .with {
            $0.user = Sample.user("ada")
            $0.updateMask = Sample.mask(path)
          })
      }
      #expect(refusal.message.contains("display_name"))
    }
  }

  @Test(arguments: ["7", "nonsense", "01", "-1"])
  func anEtagThatDoesNotMatchIsAConflict(_ etag: String) async throws {
    try await withRig { rig in
      let made = try await rig.users.createUser(Sample.createUser("ada"))
      var user = Sample.user("ada")
      user.etag = etag
      let refusal = try await refused(.aborted) { try await rig.users.updateUser(.with { $0.user = user }) }
      #expect(refusal.reason == "ETAG_MISMATCH")
      try await refused(.aborted) {
        try await rig.users.deleteUser(
          .with {
            $0.name = made.name
            $0.etag = etag
          })
      }
      #expect(try await rig.users.getUser(.with { $0.name = made.name }) == made)
    }
  }

  @Test func aMatchingEtagDeletes() async throws {
    try await withRig { rig in
      let made = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.users.deleteUser(
        .with {
          $0.name = made.name
          $0.etag = made.etag
        })
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = made.name }) }
    }
  }

  @Test func updatesWithoutAnEtagAllComeThrough() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<4 {
          group.addTask {
            _ = try await rig.users.updateUser(
              .with {
                $0.user = .with {
                  $0.name = "namespaces/test/users/ada"
                  $0.attributes = ["k\(index)": "v"]
                }
                $0.updateMask = Sample.mask("attributes.k\(index)")
              })
          }
        }
        try await group.waitForAll()
      }
      let user = try await rig.users.getUser(.with { $0.name = "namespaces/test/users/ada" })
      #expect(Set(user.attributes.keys) == ["team", "floor", "k0", "k1", "k2", "k3"])
    }
  }

  @Test func allowMissingCreates() async throws {
    try await withRig { rig in
      let made = try await rig.users.updateUser(
        .with {
          $0.user = Sample.user("ada")
          $0.allowMissing = true
        })
      #expect(made.etag == "1")
    }
  }

  @Test func validateOnlyChangesNothing() async throws {
    try await withRig { rig in
      var create = Sample.createUser("ada")
      create.validateOnly = true
      let draft = try await rig.users.createUser(create)
      #expect(draft.displayName == "Ada ada" && draft.etag.isEmpty)
      let name = "namespaces/test/users/ada"
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = name }) }
      let made = try await rig.users.createUser(Sample.createUser("ada"))
      try await refused(.alreadyExists) { try await rig.users.createUser(create) }
      _ = try await rig.users.updateUser(
        .with {
          $0.user = .with { $0.name = name }
          $0.validateOnly = true
        })
      #expect(try await rig.users.getUser(.with { $0.name = name }) == made)
      #expect(rig.pipeline.kicks == 1)
    }
  }

  @Test func pagingGoesThroughAllOfThemOnce() async throws {
    try await withRig { rig in
      let changes = (0..<2_500).map { index in
        Change.putUser(User(namespace: "test", id: "user-\(index)"), .absent)
      }
      for start in stride(from: 0, to: changes.count, by: 500) {
        _ = try await rig.store.commit(
          Array(changes[start..<start + 500]), actor: .agent, dryRun: false, now: rig.clock.now)
      }
      var seen: [String] = []
      var sizes: [Int] = []
      var request = Carillon_V1_ListUsersRequest.with {
        $0.parent = Rig.parent
        $0.pageSize = 1_000_000
      }
      repeat {
        let page = try await rig.users.listUsers(request)
        seen += page.users.map(\.name)
        sizes.append(page.users.count)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(sizes == [1_000, 1_000, 500])
      #expect(Set(seen).count == 2_500)
      #expect(seen == seen.sorted())
      let standard = try await rig.users.listUsers(.with { $0.parent = Rig.parent })
      #expect(standard.users.count == 100)
      try await refused(.invalidArgument, fields: ["page_token"]) {
        try await rig.users.listUsers(
          .with {
            $0.parent = "namespaces/other"
            $0.pageToken = standard.nextPageToken
          })
      }
    }
  }

  @Test(arguments: ["x", "zz", "00", String(repeating: "a", count: 5_000), "0123456789abcdef0123456789abcdef3132"])
  func aForgedPageTokenIsRefused(_ token: String) async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["page_token"]) {
        try await rig.users.listUsers(
          .with {
            $0.parent = Rig.parent
            $0.pageToken = token
          })
      }
      try await refused(.invalidArgument, fields: ["page_size"]) {
        try await rig.users.listUsers(
          .with {
            $0.parent = Rig.parent
            $0.pageSize = -1
          })
      }
    }
  }
}
