import CivilTime
import Foundation
import Testing

@Suite("Time zone database")
struct TimeZoneDatabaseTests {
  @Test(
    "names that no zone has are refused before any file is touched",
    arguments: [
      "", "/", "/etc/passwd", "..", "../../etc/passwd", "Europe/../Europe/Lisbon", "Europe//Lisbon", "Europe/", "./UTC",
      "Europe/Lisbon\0", "Europe/Lis bon", "tzdata.zi", "-UTC", "+VERSION", "A/B/C/D/E", "Europe\\Lisbon",
      "Europ\u{E9}",
      "localtime", "posixrules", String(repeating: "A", count: 101), String(repeating: "A/", count: 100_000),
    ])
  func invalidNames(_ name: String) throws {
    let database = try TimeZoneDatabase()
    let error = try #require(throws: CivilTimeError.self) { try database.zone(named: name) }
    #expect(error.code == .invalidZoneName)
    #expect(error.message.utf8.count < 500)
    #expect(database.loadedNames.isEmpty)
  }

  @Test(
    "an unknown zone is named, with the nearest known name",
    arguments: [
      ("Europe/Lisbonn", "Europe/Lisbon"), ("Lisbon", "Europe/Lisbon"), ("europe/lisbon", "Europe/Lisbon"),
      ("America/NewYork", "America/New_York"), ("Asia/Kolkatta", "Asia/Kolkata"), ("Nowhere/Atlantis", nil),
      ("Europe", nil),
    ])
  func unknownNames(_ name: String, _ nearest: String?) throws {
    let database = try TimeZoneDatabase()
    let error = try #require(throws: CivilTimeError.self) { try database.zone(named: name) }
    #expect(error.code == .unknownZone)
    #expect(error.message.contains("\"\(name)\""))
    if let nearest {
      #expect(error.message.hasSuffix("; did you mean \"\(nearest)\"?"))
    } else {
      #expect(!error.message.contains("did you mean"))
    }
  }

  @Test("a name with a space gets the suggestion as well")
  func spaceInName() throws {
    let database = try TimeZoneDatabase()
    let error = try #require(throws: CivilTimeError.self) { try database.zone(named: "America/New York") }
    #expect(error.code == .invalidZoneName)
    #expect(error.message.hasSuffix("did you mean \"America/New_York\"?"))
  }

  @Test("every known name loads, from many tasks at a time, and is the same object for all")
  func knownNames() async throws {
    let database = try TimeZoneDatabase()
    let names = try database.knownNames()
    #expect(names.count > 300)
    #expect(names.contains("Europe/Lisbon") && names.contains("UTC") && names.contains("America/Argentina/Ushuaia"))
    #expect(!names.contains { $0.hasPrefix("right/") || $0.hasPrefix("posix/") || $0 == "localtime" })
    #expect(names == names.sorted())
    let sets = try await withThrowingTaskGroup(of: [ObjectIdentifier].self) { group in
      for _ in 0..<4 {
        group.addTask { try names.map { ObjectIdentifier(try database.zone(named: $0)) } }
      }
      return try await group.reduce(into: Set<[ObjectIdentifier]>()) { $0.insert($1) }
    }
    #expect(sets.count == 1)
    #expect(database.loadedNames == names)
  }

  @Test("a missing folder, or a file in its place, is an error")
  func missingFolder() {
    for folder in ["/nonexistent/zoneinfo", TimeZoneDatabase.systemFolder + "/UTC"] {
      #expect(errorCode { try TimeZoneDatabase(folder: folder) } == .inputOutput)
    }
  }

  @Test("files that are no zones are refused, and are not among the names")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    try folder.put("Test/Text", Array("not a zone".utf8))
    try folder.put("Test/Empty", [])
    try folder.put("Test/Huge", try bytes(ofZone: "UTC") + [UInt8](repeating: 0, count: 300_000))
    try folder.put("Test/Good", try bytes(ofZone: "UTC"))
    #expect(mkfifo(folder.path + "/Test/Pipe", 0o600) == 0)
    let database = try TimeZoneDatabase(folder: folder.path)
    #expect(errorCode { try database.zone(named: "Test/Text") } == .malformedFile)
    #expect(errorCode { try database.zone(named: "Test/Empty") } == .malformedFile)
    #expect(errorCode { try database.zone(named: "Test/Huge") } == .limitExceeded)
    #expect(errorCode { try database.zone(named: "Test/Pipe") } == .unknownZone)
    #expect(errorCode { try database.zone(named: "Test") } == .unknownZone)
    #expect(try database.knownNames() == ["Test/Good", "Test/Huge"])
  }
}

@Suite("Version and reload")
struct ReloadTests {
  @Test("the system's version is the release that tzdata.zi names")
  func systemVersion() throws {
    let path = TimeZoneDatabase.systemFolder + "/tzdata.zi"
    let line = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
    let version = try TimeZoneDatabase().version
    #expect("# version \(version.label)" == line)
    #expect(version.origin == .tzdataFile)
  }

  @Test("the version comes from tzdata.zi, else +VERSION, else a fingerprint that says so")
  func versionOrigins() throws {
    let folder = try TemporaryFolder()
    try folder.put("UTC", try bytes(ofZone: "UTC"))
    let database = try TimeZoneDatabase(folder: folder.path)
    let fingerprint = database.version
    #expect(fingerprint.origin == .fingerprint)
    #expect(fingerprint.label.hasPrefix("files-") && fingerprint.label.count == 22)
    #expect(try database.reload().versionAfter == fingerprint)
    try folder.put("Asia/Tokyo", try bytes(ofZone: "Asia/Tokyo"))
    #expect(try database.reload().versionAfter.label != fingerprint.label)
    try folder.put("+VERSION", Array("2025c\n".utf8))
    let report = try database.reload()
    #expect(report.versionBefore.origin == .fingerprint)
    #expect(report.versionAfter == database.version)
    #expect(database.version.description == "2025c (+VERSION)")
    try folder.put("tzdata.zi", Array("# version 2026a\nR A 1916 o - Jun 14 23s 1 S\n".utf8))
    #expect(try database.reload().versionAfter.description == "2026a (tzdata.zi)")
    // A first line that names no version is no version.
    try folder.put("tzdata.zi", Array("R A 1916 o - Jun 14 23s 1 S\n".utf8))
    #expect(try database.reload().versionAfter.origin == .versionFile)
  }

  @Test("a reload swaps the zones whose rules changed, names them, and leaves held rules as they were")
  func reload() throws {
    let folder = try TemporaryFolder()
    for name in ["Europe/Lisbon", "Europe/Berlin", "Asia/Tokyo"] { try folder.put(name, try bytes(ofZone: name)) }
    let database = try TimeZoneDatabase(folder: folder.path)
    let lisbon = try database.zone(named: "Europe/Lisbon")
    let tokyo = try database.zone(named: "Asia/Tokyo")
    #expect(try database.reload().changedZones.isEmpty)

    // Portugal joins Central European Time; Tokyo's file is written again as it was; Berlin is not in use.
    try folder.put("Europe/Lisbon", try bytes(ofZone: "Europe/Madrid"))
    try folder.put("Europe/Berlin", try bytes(ofZone: "Europe/Moscow"))
    try folder.put("Asia/Tokyo", try bytes(ofZone: "Asia/Tokyo"))
    let pending = try database.pendingChanges()
    #expect(pending.changedZones == ["Europe/Lisbon"])
    #expect(try database.zone(named: "Europe/Lisbon") === lisbon)

    let report = try database.reload()
    #expect(report.changedZones == ["Europe/Lisbon"])
    #expect(report.unusable.isEmpty)
    let changed = try database.zone(named: "Europe/Lisbon")
    #expect(changed === report.changed["Europe/Lisbon"])
    #expect(try database.zone(named: "Asia/Tokyo") === tokyo)
    let noon = try local("2026-01-15T12:00")
    #expect(lisbon.mapping(of: noon) == .unique(offsetSeconds: 0))
    #expect(changed.mapping(of: noon) == .unique(offsetSeconds: 3600))
    #expect(changed.digest != lisbon.digest && !changed.hasSameRules(as: lisbon))
    #expect(try database.reload().changedZones.isEmpty)
  }

  @Test("a link that leads elsewhere is a change")
  func relinked() throws {
    let folder = try TemporaryFolder()
    for name in ["Asia/Tokyo", "Asia/Seoul"] { try folder.put(name, try bytes(ofZone: name)) }
    let link = folder.path + "/Japan"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "Asia/Tokyo")
    let database = try TimeZoneDatabase(folder: folder.path)
    _ = try database.zone(named: "Japan")
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "Asia/Seoul")
    #expect(try database.reload().changedZones == ["Japan"])
  }

  @Test("a zone whose file is gone or damaged keeps its rules and is reported until it is mended")
  func damaged() throws {
    let folder = try TemporaryFolder()
    for name in ["Europe/Lisbon", "Asia/Tokyo"] { try folder.put(name, try bytes(ofZone: name)) }
    let database = try TimeZoneDatabase(folder: folder.path)
    let lisbon = try database.zone(named: "Europe/Lisbon")
    let tokyo = try database.zone(named: "Asia/Tokyo")
    try folder.put("Europe/Lisbon", Array(try bytes(ofZone: "Europe/Madrid").dropLast()))
    try FileManager.default.removeItem(atPath: folder.path + "/Asia/Tokyo")
    for _ in 0..<2 {
      let report = try database.reload()
      #expect(report.changedZones.isEmpty)
      #expect(report.unusable["Europe/Lisbon"]?.code == .malformedFile)
      #expect(report.unusable["Asia/Tokyo"]?.code == .unknownZone)
      #expect(try database.zone(named: "Europe/Lisbon") === lisbon)
      #expect(try database.zone(named: "Asia/Tokyo") === tokyo)
    }
    try folder.put("Europe/Lisbon", try bytes(ofZone: "Europe/Madrid"))
    try folder.put("Asia/Tokyo", try bytes(ofZone: "Asia/Tokyo"))
    let mended = try database.reload()
    #expect(mended.changedZones == ["Europe/Lisbon"])
    #expect(mended.unusable.isEmpty)
  }

  @Test("a reload of a folder that is gone fails and changes nothing")
  func folderGone() throws {
    let folder = try TemporaryFolder()
    try folder.put("UTC", try bytes(ofZone: "UTC"))
    let database = try TimeZoneDatabase(folder: folder.path)
    let (rules, version) = (try database.zone(named: "UTC"), database.version)
    try FileManager.default.removeItem(atPath: folder.path)
    #expect(errorCode { try database.reload() } == .inputOutput)
    #expect(try database.zone(named: "UTC") === rules)
    #expect(database.version == version)
  }

  @Test(
    "a repackaged file is not a changed zone: slim and full files come to the same rules",
    .enabled(if: SlimFolder.canCompile, "needs zic and tzdata.zi"))
  func repackaged() throws {
    let full = try TimeZoneDatabase()
    let slim = try TimeZoneDatabase(folder: SlimFolder.shared.get())
    let names = Set(try full.knownNames()).intersection(try slim.knownNames())
    #expect(names.count > 300)
    let different = try names.filter {
      let (left, right) = (try full.zone(named: $0), try slim.zone(named: $0))
      return !left.hasSameRules(as: right) || left.digest != right.digest
    }
    // zic 2.36 leaves out of these, when it compiles slim, the transitions from 2073 on: other data, not other form.
    let shortened: Set = ["Asia/Gaza", "Asia/Hebron"]
    #expect(Set(different).subtracting(shortened) == [])
  }
}
