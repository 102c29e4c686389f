import ArgumentParser

/// How fast many calls are made: `50/s`, `600/m`.
struct PaceArgument: ExpressibleByArgument, Sendable, Equatable {
  static let maxPerSecond = 1_000.0
  static let standard = PaceArgument(perSecond: 50, text: "50/s")

  var perSecond: Double
  /// As it was written.
  var text: String

  private init(perSecond: Double, text: String) {
    self.perSecond = perSecond
    self.text = text
  }

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    let seconds: Double? = parts.count == 1 || parts.last == "s" ? 1 : parts.last == "m" ? 60 : nil
    guard parts.count <= 2, let seconds, let count = Double(parts[0]), count.isFinite else { return nil }
    guard count > 0, count / seconds <= Self.maxPerSecond else { return nil }
    perSecond = count / seconds
    text = parts.count == 1 ? argument + "/s" : argument
  }

  var defaultValueDescription: String { text }

  /// When call number `index`, from 0, may be made, after the first.
  func delay(before index: Int) -> Duration { .milliseconds(Int64(Double(index) * 1_000 / perSecond)) }
}
