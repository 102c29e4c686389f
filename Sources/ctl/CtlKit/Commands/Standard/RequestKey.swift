import ArgumentParser

/// The key of a create, so that a script that is not sure may say it again.
struct RequestKey: ParsableArguments {
  @Option(help: "Your key: the same one again answers the same again, and creates nothing more, for a day.")
  var requestId = ""
}
