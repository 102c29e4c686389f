import CPluginAPI
import EventModel
import Logging
import Synchronization
import Testing

@testable import PluginHost

@Suite("What a plugin may ask of the host")
struct HostInterfaceTests {
  static func host(_ lines: LogLines = LogLines(), time: TimeService? = nil) -> carillon_host {
    let none = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
    return HostContext.make(
      log: PluginLog(logger: lines.logger), time: time ?? none,
      secrets: SecretTable(resolver: SecretResolver(environment: { _ in nil })), tickets: TicketTable(grace: .zero)
    ).pointee
  }

  static func table<T>(_ host: carillon_host, _ id: String, _ type: T.Type) throws -> T {
    try #require(host.interface(host.context, id)).assumingMemoryBound(to: T.self).pointee
  }

  @Test("Every interface that a manifest may require is there, and no other")
  func interfaces() {
    let host = Self.host()
    for id in HostContext.interfaces { #expect(host.interface(host.context, id) != nil, "\(id)") }
    #expect(host.interface(host.context, "carillon.host.log/2") == nil)
    #expect(host.interface(host.context, nil) == nil)
    #expect(host.struct_size == 40 && host.abi_minor == CARILLON_ABI_MINOR)
  }

  @Test("A line is one line, of bounded length, at the level that was asked for")
  func log() throws {
    let lines = LogLines()
    let host = Self.host(lines)
    let log = try Self.table(host, CARILLON_HOST_LOG_1, carillon_host_log_1.self)
    #expect(log.enabled(log.context, CARILLON_LOG_DEBUG) == 1)
    let long = "a\nb\u{1b}[31m" + String(repeating: "é", count: 4_000)
    carillon_str.with(long) { log.write(log.context, CARILLON_LOG_INFO, carillon_str(), $0) }
    let line = try #require(lines.all.first)
    #expect(line.hasPrefix("info a b [31mé") && line.utf8.count <= PluginLog.maximumLineBytes + 5)
    #expect(!line.contains("\u{fffd}"))
  }

  @Test("A plugin that floods the log is cut off, and that is told")
  func flood() {
    let lines = LogLines()
    let clock = Mutex<Int64>(0)
    let log = PluginLog(logger: lines.logger, now: { clock.withLock { $0 } })
    for line in 0..<PluginLog.burst + 10 { log.write(.error, instance: "", "line \(line)") }
    #expect(lines.all.count == PluginLog.burst && lines.all.last == "error line \(PluginLog.burst - 1)")
    clock.withLock { $0 = 1_000_000_000 / PluginLog.linesPerSecond }
    log.write(.error, instance: "", "again")
    log.write(.error, instance: "", "too soon")
    #expect(
      lines.all.suffix(2) == ["warning 10 lines of this plugin were dropped: more than 100/s", "error again"])
  }

  @Test("Time zones are the host's; a date that does not exist is refused before anybody is asked")
  func time() throws {
    let service = TimeService(
      instant: { zone, fields, gap, fold in
        zone == "Europe/London" && fields.hour == 9 && gap == .before && fold == .second ? Timestamp(seconds: 60) : nil
      },
      civil: { zone, at in zone == "UTC" ? CivilFields(year: 1970, month: 1, day: 1, second: UInt8(at.seconds)) : nil })
    let host = Self.host(time: service)
    let time = try Self.table(host, CARILLON_HOST_TIME_1, carillon_host_time_1.self)
    var civil = carillon_civil(CivilFields(year: 2026, month: 3, day: 9, hour: 9))
    var instant: Int64 = 0
    func ask(_ zone: String, gap: Int32 = CARILLON_GAP_BEFORE, fold: Int32 = CARILLON_FOLD_SECOND) -> carillon_status {
      carillon_str.with(zone) { time.instant(time.context, $0, &civil, gap, fold, &instant) }
    }
    #expect(ask("Europe/London") == CARILLON_OK && instant == 60_000_000_000)
    #expect(ask("Mars/Base") == CARILLON_NOT_FOUND)
    #expect(ask("Europe/London", gap: 9) == CARILLON_INVALID && ask("Europe/London", fold: 2) == CARILLON_INVALID)
    #expect(ask(String(repeating: "z", count: 1_000)) == CARILLON_INVALID)
    for (month, day) in [(2, 29), (13, 1), (4, 31), (0, 1), (1, 0)] as [(UInt8, UInt8)] {
      (civil.month, civil.day) = (month, day)
      #expect(ask("Europe/London") == CARILLON_INVALID, "\(month)-\(day)")
    }
    var back = carillon_civil()
    #expect(carillon_str.with("UTC") { time.civil(time.context, $0, 7_000_000_001, &back) } == CARILLON_OK)
    #expect(back.second == 7 && back.year == 1970)
    #expect(carillon_str.with("X") { time.civil(time.context, $0, 0, &back) } == CARILLON_NOT_FOUND)
  }

  @Test("Tickets that never were are stale, whatever their bits")
  func madeUpTickets() throws {
    let host = Self.host()
    let delivery = try Self.table(host, CARILLON_HOST_DELIVERY_1, carillon_host_delivery_1.self)
    var random = SeededGenerator(seed: 7)
    var result = carillon_result()
    result.struct_size = carillon_result.fullSize
    try withUnsafePointer(to: result) { pointer in
      for _ in 0..<1_000 {
        var ticket = random.next()
        var results: UnsafePointer<carillon_result>? = pointer
        let complete = try #require(delivery.complete)
        #expect(complete(delivery.context, &ticket, &results, 1) == CARILLON_STALE)
      }
    }
  }

  @Test("A result that is not taken is told once, not each time")
  func staleIsTold() throws {
    let lines = LogLines()
    let clock = Mutex<Int64>(0)
    let log = PluginLog(logger: lines.logger) { clock.withLock { $0 } }
    for _ in 0..<3 { log.stale() }
    #expect(lines.all == ["warning \(PluginLog.staleLine)"])
    clock.withLock { $0 = PluginLog.staleSeconds * 1_000_000_000 }
    log.stale()
    #expect(lines.all.count == 2)
  }

  @Test("Violations and messages are bounded, and a call without a collector does nothing")
  func errors() {
    let host = Self.host()
    carillon_str.with("x") { host.fail(nil, CARILLON_FAILED, $0) }
    let error = #expect(throws: PluginHostError.self) {
      try ErrorCollector.check("p", "validate") { collector in
        for _ in 0..<200 { carillon_str.with("/a") { host.violation(collector, $0, $0, $0) } }
        carillon_str.with(String(repeating: "m", count: 10_000)) { host.fail(collector, CARILLON_INVALID, $0) }
        return CARILLON_INVALID
      }
    }
    #expect(
      error?.violations.count == 64 && (error?.message.utf8.count ?? 0) < 4_200 && error?.code == .invalidDocument)
  }
}
