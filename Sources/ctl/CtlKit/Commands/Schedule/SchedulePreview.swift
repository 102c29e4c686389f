import ArgumentParser
import ControlAPI

/// `ctl schedule preview`: what will it say.
struct SchedulePreview: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Show the words of coming occurrences, sink by sink. Nothing is sent.",
    discussion: """
      Examples:
        ctl schedule preview ada-birthday
        ctl schedule preview ada-birthday --sink mail --html --locale pt-BR
        ctl schedule preview ada-birthday --user-sample name=Zoë --user-sample birth=2000-02-29
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String
  @Option(help: "Key of one occurrence (default: the next ones).") var occurrence: String?
  @OptionGroup var fields: PreviewFields
  @Flag(help: "Show the HTML too.") var html = false

  func validate() throws {
    if occurrence != nil, fields.count != nil { throw ValidationError("--occurrence and --count exclude each other") }
  }

  func perform(_ session: Session) async throws {
    var request = try fields.request(session)
    request.name = try session.name(.schedules, id)
    request.occurrenceKey = occurrence ?? ""
    try await PreviewText.ask(request, session, showsHTML: html)
  }
}

/// What the previews of schedules and of templates share.
struct PreviewFields: ParsableArguments {
  static let counts: ClosedRange<Int32> = 1...20

  @Option(help: "So many occurrences, 1 to 20 (default: 1).") var count: Int32?
  @Option(help: "As it would go to this sink (default: to all that are subscribed).") var sink: String?
  @Option(help: "In this language, such as pt-BR (default: the person's).") var locale = ""
  @OptionGroup var sample: SampleUserFields

  func validate() throws {
    if let count, !Self.counts.contains(count) { throw ValidationError("--count: must be 1 to 20") }
  }

  func request(_ session: Session) throws(CtlError) -> Carillon_V1_PreviewScheduleRequest {
    var request = Carillon_V1_PreviewScheduleRequest()
    request.parent = session.parent(.schedules)
    request.count = count ?? 0
    request.sink = try ResourceKind.sinks.optionalName(sink, namespace: session.namespace)
    request.locale = locale
    if let user = try sample.message() { request.sampleUser = user }
    return request
  }
}

/// Somebody to try words on, as the flags of `ctl user create` would say.
struct SampleUserFields: ParsableArguments {
  static let names = ["name", "given", "locale", "zone", "birth", "date.NAME", "attribute.NAME"]

  @Option(
    help: """
      Try it on somebody else: name=, given=, locale=, zone=, birth=, date.NAME= or attribute.NAME=; repeatable.
      """)
  var userSample: [PairArgument] = []

  /// Nil where nothing was said.
  func message() throws(CtlError) -> Carillon_V1_SampleUser? {
    guard !userSample.isEmpty else { return nil }
    var user = Carillon_V1_SampleUser()
    for pair in userSample { try Self.set(pair, &user) }
    return user
  }

  private static func set(_ pair: PairArgument, _ user: inout Carillon_V1_SampleUser) throws(CtlError) {
    let parts = pair.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("name", 1): user.displayName = pair.value
    case ("given", 1): user.givenName = pair.value
    case ("locale", 1): user.locale = pair.value
    case ("zone", 1): user.timeZone = pair.value
    case ("birth", 1): user.dates["birth"] = pair.value
    case ("date", 2) where !parts[1].isEmpty: user.dates[parts[1]] = pair.value
    case ("attribute", 2) where !parts[1].isEmpty: user.attributes[parts[1]] = pair.value
    default:
      throw .invalid(
        "--user-sample",
        "\(Excerpt.of(pair.name)) is none of \(names.joined(separator: ", "))"
          + NearestName.suggestion(pair.name, in: names))
    }
  }
}
