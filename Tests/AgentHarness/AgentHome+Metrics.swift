extension AgentHome {
  /// The sum of a metric over all its labels, as `/metrics` says; nil while nobody answers or it has no value yet.
  public func metric(_ name: String) async -> Double? {
    guard let answer = await LoopbackHTTP.get("/metrics", port: opsPort), answer.status == 200 else { return nil }
    let values = answer.body.split(whereSeparator: \.isNewline).compactMap { line -> Double? in
      guard line.hasPrefix(name), let next = line.dropFirst(name.count).first, next == " " || next == "{" else {
        return nil
      }
      return line.split(separator: " ").last.flatMap { Double($0) }
    }
    return values.isEmpty ? nil : values.reduce(0, +)
  }
}
