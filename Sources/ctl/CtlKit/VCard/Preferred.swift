/// Values with a rank, 1 first; equal ranks keep their order.
struct Preferred {
  private var entries: [(rank: Int, value: String)] = []
  var count: Int { entries.count }

  mutating func add(_ value: String, _ rank: Int) {
    if !entries.contains(where: { $0.value == value }) { entries.append((rank, value)) }
  }

  var sorted: [String] {
    guard entries.count > 1 else { return entries.map(\.value) }
    let ranked = entries.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
    return ranked.map(\.element.value)
  }
}
