import Store

/// A statement of one connection, bound by position and read by column number. One query must not be used again while it
/// is being stepped.
package struct Query {
  let statement: any SQLStatement

  /// Runs it to its end; answers how many rows it changed.
  @discardableResult
  package func run<each Value: Bindable>(_ values: repeat each Value) throws -> Int {
    try bind(repeat each values)
    while try statement.step() {}
    return statement.changes
  }

  /// The first row, if there is one.
  package func first<each Value: Bindable, Item>(
    _ values: repeat each Value, read: (Columns) throws -> Item
  ) throws -> Item? {
    try bind(repeat each values)
    defer { statement.reset() }
    return try statement.step() ? try read(Columns(statement: statement)) : nil
  }

  /// The only row of a statement that always has one, such as `INSERT … RETURNING`.
  package func only<each Value: Bindable, Item>(
    _ values: repeat each Value, read: (Columns) throws -> Item
  ) throws -> Item {
    guard let item = try first(repeat each values, read: read) else {
      throw StoreError(.corrupt, "a statement answered no row where it always has one")
    }
    return item
  }

  /// Whether there is a row.
  package func exists<each Value: Bindable>(_ values: repeat each Value) throws -> Bool {
    try bind(repeat each values)
    defer { statement.reset() }
    return try statement.step()
  }

  /// All rows.
  package func all<each Value: Bindable, Item>(
    _ values: repeat each Value, read: (Columns) throws -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    try forEach(repeat each values) { items.append(try read($0)) }
    return items
  }

  /// Reads row after row.
  package func forEach<each Value: Bindable>(_ values: repeat each Value, body: (Columns) throws -> Void) throws {
    try bind(repeat each values)
    defer { statement.reset() }
    while try statement.step() { try body(Columns(statement: statement)) }
  }

  /// Reads row after row while the body answers true.
  package func whileTrue<each Value: Bindable>(_ values: repeat each Value, body: (Columns) throws -> Bool) throws {
    try bind(repeat each values)
    defer { statement.reset() }
    while try statement.step() {
      guard try body(Columns(statement: statement)) else { return }
    }
  }

  private func bind<each Value: Bindable>(_ values: repeat each Value) throws {
    var place: Int32 = 0
    for value in repeat each values {
      place += 1
      try value.bind(to: statement, at: place)
    }
  }
}
