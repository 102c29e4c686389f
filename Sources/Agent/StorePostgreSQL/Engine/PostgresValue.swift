/// A parameter of a statement.
enum PostgresValue: Sendable {
  case null
  case int64(Int64)
  case double(Double)
  case text(String)
  case bytes([UInt8])
  case array(PostgresArray)

  static func optionalInt64(_ value: Int64?) -> PostgresValue { value.map { .int64($0) } ?? .null }
  static func optionalText(_ value: String?) -> PostgresValue { value.map { .text($0) } ?? .null }

  /// `bigint[]`
  static func int64Array(_ values: some Collection<Int64?>) -> PostgresValue {
    var array = PostgresArray(.int64, capacity: values.count)
    for value in values { array.append(value) }
    return .array(array)
  }

  /// `bigint[]`
  static func int64Array(_ values: some Collection<Int64>) -> PostgresValue {
    var array = PostgresArray(.int64, capacity: values.count)
    for value in values { array.append(value) }
    return .array(array)
  }

  /// `bigint[]` of 0 and 1: truth values are integers in every table.
  static func boolArray(_ values: some Collection<Bool?>) -> PostgresValue {
    var array = PostgresArray(.int64, capacity: values.count)
    for value in values { array.append(value.map { $0 ? Int64(1) : 0 }) }
    return .array(array)
  }

  /// `text[]`
  static func textArray(_ values: some Collection<String?>) -> PostgresValue {
    var array = PostgresArray(.text, capacity: values.count)
    for value in values { array.append(value) }
    return .array(array)
  }

  /// `double precision[]`
  static func doubleArray(_ values: some Collection<Double?>) -> PostgresValue {
    var array = PostgresArray(.double, capacity: values.count)
    for value in values { array.append(value) }
    return .array(array)
  }

  /// `bytea[]`
  static func bytesArray(_ values: some Collection<[UInt8]?>) -> PostgresValue {
    var array = PostgresArray(.bytes, capacity: values.count)
    for value in values { array.append(value) }
    return .array(array)
  }
}
