/// A table as it goes from one store to another: its columns in the order in which a row is written.
///
/// Both backends have the same tables and columns, so that one description serves both. What only one of them has, or what
/// each makes for itself, is named too: a test holds every description against the schemas.
struct MovedTable: Hashable, Sendable {
  /// What a column holds.
  enum Kind: String, Hashable, Sendable {
    case integer = "i"
    case real = "r"
    case text = "t"
  }

  struct Column: Hashable, Sendable {
    var name: String
    var kind: Kind
  }

  var name: String
  var columns: [Column]
  /// The column that holds a bucket's number, which carries its day in PostgreSQL alone.
  var bucket: String?
  /// Columns that are not moved: each store makes its own.
  var local: Set<String>
  /// Rows that are moved, as an SQL condition; nil: all.
  var condition: String?

  /// Columns as words: `MovedTable("user", integers: "id namespace", texts: "name")`.
  init(
    _ name: String, integers: String, texts: String = "", reals: String = "", bucket: String? = nil,
    local: Set<String> = [], condition: String? = nil
  ) {
    func columns(_ words: String, _ kind: Kind) -> [Column] {
      words.split(whereSeparator: \.isWhitespace).map { Column(name: String($0), kind: kind) }
    }
    self.name = name
    self.columns = columns(integers, .integer) + columns(texts, .text) + columns(reals, .real)
    self.bucket = bucket
    self.local = local
    self.condition = condition
  }

  func index(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}
