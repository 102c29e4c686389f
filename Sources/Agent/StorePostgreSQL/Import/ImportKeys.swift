/// The names that a batch speaks of, of users or of schedules: each has one place, whatever stands at it.
struct ImportKeys: Sendable {
  struct Key: Hashable {
    var namespace: String
    var id: String
  }

  private(set) var all: [Key] = []
  private var places: [Key: Int] = [:]

  /// The name's place, from 0; a new one where it was not named before.
  mutating func place(_ namespace: String, _ id: String) -> Int {
    let key = Key(namespace: namespace, id: id)
    if let place = places[key] { return place }
    places[key] = all.count
    all.append(key)
    return all.count - 1
  }
}

/// What stands under a name of the batch.
enum Standing {
  /// Nothing.
  case absent
  /// A row that was there before the batch: the lookup's row of that number.
  case stored(row: Int)
  /// What the batch itself wrote.
  case written
}
