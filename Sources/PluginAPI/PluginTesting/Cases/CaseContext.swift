import CPluginAPI
import PluginHost

/// What a case has at hand, and where it tells what it found.
final class CaseContext {
  /// Faults and warnings of one case that are told.
  private static let maximumFindings = 16
  /// Longest text of a finding, in characters.
  private static let maximumCharacters = 1_000

  let request: CheckRequest
  let calls: Calls
  var random: SeededGenerator
  private let tell: (String) -> Void
  private(set) var faults = 0
  private var told = 0
  private var opened: OpenPlugin?
  /// The tickets of the sink that a case uses.
  var used: TicketBook?

  init(_ request: CheckRequest, calls: Calls, tell: @escaping (String) -> Void) {
    self.request = request
    self.calls = calls
    self.tell = tell
    random = SeededGenerator(seed: request.seed, for: request.caseName)
  }

  // MARK: what is found

  /// The plugin breaks a rule.
  func fault(_ text: String) {
    faults += 1
    line("fault", text)
  }

  /// It breaks a rule that is about time: a bound that was missed. Told apart, as a busy machine may be at fault.
  func late(_ text: String) {
    faults += 1
    line("late", text)
  }

  /// A fault unless it was in time.
  func expectInTime(_ isSo: Bool, _ text: @autoclosure () -> String) { if !isSo { late(text()) } }

  /// It is allowed, and will make trouble.
  func warn(_ text: String) { line("warning", text) }

  /// Something that the reader of the report should know.
  func note(_ text: String) { line("note", text) }

  /// A fault unless it is so.
  func expect(_ isSo: Bool, _ text: @autoclosure () -> String) { if !isSo { fault(text()) } }

  /// What must be the same in every process.
  func answer(_ value: String) { tell("value\t" + Self.oneLine(value)) }

  func line(_ kind: String, _ text: String) {
    told += 1
    guard told <= Self.maximumFindings else { return }
    tell("\(kind)\t" + Self.oneLine(String(text.prefix(Self.maximumCharacters))))
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  // MARK: the plugin

  /// The library, loaded once.
  func library() throws(CaseEnd) -> OpenPlugin {
    if let opened { return opened }
    let library = try OpenPlugin.load(request.file, calls)
    opened = library
    return library
  }

  func manifest() throws(CaseEnd) -> PluginManifest {
    let bytes = try OpenPlugin.manifestBytes(
      try library().table(), atMost: CheckingParts.maximumManifestBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .failed("the manifest is no UTF-8") }
    do throws(PluginHostError) { return try CheckingParts.manifest(text) } catch {
      throw .failed(error.description)
    }
  }

  /// Starts the plugin with a host.
  func start(_ variation: TestHost.Variation = .init()) throws(CaseEnd) -> StartedPlugin {
    let library = try library()
    let table = try library.table()
    guard table.start != nil, table.stop != nil, table.interface != nil else {
      throw .failed("start, stop and interface must not be NULL")
    }
    let started = StartedPlugin(
      calls: calls, table: table, manifest: try manifest(), host: TestHost.make(variation))
    let answer = started.start()
    guard answer.isOK else { throw .failed("start answered \(answer.text)") }
    return started
  }

  /// The documents that this check uses.
  func documents(_ manifest: PluginManifest) -> Documents { Documents(request, manifest) }
}
