public import EventModel

/// A value that a statement takes as a parameter.
package protocol Bindable {
  /// Binds the value at a place, from 1.
  func bind(to statement: any SQLStatement, at place: Int32) throws
}

extension Int64: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(self, at: place) }
}

extension Int32: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    try statement.bind(Int64(self), at: place)
  }
}

extension Int: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    try statement.bind(Int64(self), at: place)
  }
}

extension Bool: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    try statement.bind(self ? Int64(1) : 0, at: place)
  }
}

extension Double: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(self, at: place) }
}

extension String: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(self, at: place) }
}

extension RowSet: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(bytes, at: place) }
}

extension Timestamp: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    try statement.bind(microseconds, at: place)
  }
}

extension TimeSpan: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    try statement.bind(microseconds, at: place)
  }
}

extension BucketID: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(rawValue, at: place) }
}

extension ScheduleNumber: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(rawValue, at: place) }
}

extension SinkNumber: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws { try statement.bind(rawValue, at: place) }
}

extension Optional: Bindable where Wrapped: Bindable {
  package func bind(to statement: any SQLStatement, at place: Int32) throws {
    guard let self else { return try statement.bindNull(at: place) }
    try self.bind(to: statement, at: place)
  }
}
