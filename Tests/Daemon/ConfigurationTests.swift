import EventModel
import Testing

@testable import Daemon

private func configuration(
  _ yaml: String? = nil, environment: [String: String] = [:], flags: [String] = []
) throws(ConfigurationError) -> Configuration {
  try Configuration(
    file: yaml.map { ("agent.yaml", $0) }, environment: environment, flags: flags, programFolder: "/opt/c/bin",
    hostName: "host.example")
}

@Suite("Configuration")
struct ConfigurationTests {
  @Test func standardsHoldWhenNobodySaysAnything() throws {
    let standard = try configuration()
    #expect(standard.agentName == "host-example")
    #expect(standard.store.kind == "sqlite:/var/lib/carillon/carillon.db")
    #expect(standard.pluginFolders == ["/opt/c/bin/../lib/carillon/plugins"])
    #expect(standard.ops == ListenAddress(host: "127.0.0.1", port: 9464))
    #expect(standard.tcp == nil)
    #expect(standard.horizon == .hours(2))
  }

  @Test func laterSourcesWin() throws {
    let yaml = "store:\n  path: /file.db\nplanner:\n  horizon: 1h\nlog:\n  level: debug\n"
    let read = try configuration(
      yaml, environment: ["CARILLON_STORE_PATH": "/env.db", "CARILLON_PLANNER_HORIZON": "3h"],
      flags: ["store.path=/flag.db"])
    #expect(read.store.kind == "sqlite:/flag.db")
    #expect(read.horizon == .hours(3))
    #expect(read.logLevel == "debug")
    let origins = Dictionary(uniqueKeysWithValues: read.entries.map { ($0.path, $0.origin) })
    #expect(origins["store.path"] == "--set")
    #expect(origins["planner.horizon"] == "environment CARILLON_PLANNER_HORIZON")
    #expect(origins["log.level"] == "agent.yaml:6")
    #expect(origins["log.format"] == "default")
  }

  @Test func listsAreListsInEverySource() throws {
    let fromFile = try configuration("plugins:\n  folders: [/a, /b]\n")
    #expect(fromFile.pluginFolders == ["/a", "/b"])
    let fromEnvironment = try configuration(environment: ["CARILLON_PLUGINS_FOLDERS": "/c,/d"])
    #expect(fromEnvironment.pluginFolders == ["/c", "/d"])
  }

  @Test(arguments: [
    ("stor:\n  path: x\n", "did you mean store.path"),
    ("store:\n  pth: x\n", "agent.yaml:2: unknown key store.pth; did you mean store.path?"),
    ("zebra: 1\n", "unknown key zebra"),
    ("store: x\n", "store must hold settings of its own"),
    ("plugins:\n  folders: /a\n", "plugins.folders must be a list of values"),
    ("store:\n  path: [a]\n", "store.path must be one value"),
    ("planner:\n  horizon: soon\n", "planner.horizon must be a time such as 90s, 2h or 30d from 60 s"),
    ("planner:\n  horizon: 31d\n", "planner.horizon must be a time"),
    ("rehearsal:\n  speed: 0\n", "rehearsal.speed must be a number from 1 to 1000"),
    ("rehearsal:\n  speed: 60\n", "rehearsal.from must be set"),
    ("log:\n  level: loud\n", "log.level must be one of trace, debug"),
    ("listen:\n  tcp: 0.0.0.0:7400\n", "listen.tcp must be a loopback address and port"),
    ("plugins:\n  allow_writable: maybe\n", "plugins.allow_writable must be true or false"),
    ("agent:\n  prefers: [europe/77]\n", "agent.prefers must be all, a zone group"),
    ("a: [", "not valid YAML"),
    ("agent:\n  name: \"a b\"\n", "agent.name"),
  ])
  func faultsNameTheKeyAndWhatIsAllowed(yaml: String, expected: String) {
    let error = #expect(throws: ConfigurationError.self) { try configuration(yaml) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func allFaultsAreToldAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration("log:\n  level: loud\n  format: xml\n", flags: ["nonsense", "store.pat=/x"])
    }
    #expect(error?.faults.count == 4)
  }

  @Test(arguments: [
    ("90s", TimeSpan.seconds(90)), ("2h", .hours(2)), ("500ms", .milliseconds(500)), ("7", .seconds(7)),
    ("30d", .hours(720)), ("15m", .minutes(15)),
  ])
  func durationsAreReadWithTheirUnit(text: String, expected: TimeSpan) {
    #expect(SettingValues.duration(text) == expected)
  }

  @Test(arguments: ["", "s", "-1s", "1.5h", "1w", "99999999999999999999d", "1 h", "１h"])
  func whatIsNoDurationIsRefused(text: String) {
    #expect(SettingValues.duration(text) == nil)
  }
}
