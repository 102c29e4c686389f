/// What a zone file says, checked but not yet laid out for searching.
struct TZifContents: Sendable {
  /// What applies before the first transition.
  var initial: LocalTimeType
  var transitions: [(unixSeconds: Int64, type: LocalTimeType)]
  /// The rule after the last transition; nil where the file has none (version 1, or an empty footer).
  var footer: PosixTimeZone?
}

/// Reads compiled zone files (RFC 9636), versions 1 to 4. The bytes come from outside: every count and index is
/// checked before it is used.
struct TZifReader {
  static let magic = Array("TZif".utf8)
  /// RFC 9636 section 3.2: "more than -25 hours and less than 26 hours".
  private static let allowedOffsets: ClosedRange<Int> = -89_999...93_599
  /// RFC 9636 section 3.2 has nothing before -2^59; the same distance is kept the other way, so that arithmetic
  /// on transitions cannot overflow.
  private static let allowedTimes: ClosedRange<Int64> = -(1 << 59)...(1 << 59)
  private static let longestAbbreviation = 32

  private var cursor: ByteCursor

  static func read(_ bytes: [UInt8]) throws(CivilTimeError) -> TZifContents {
    var reader = TZifReader(cursor: ByteCursor(bytes))
    return try reader.contents()
  }

  private mutating func contents() throws(CivilTimeError) -> TZifContents {
    let first = try TZifHeader(&cursor)
    guard first.version >= 2 else { return try dataBlock(first, timeBytes: 4) }
    // The first block is for readers that know only version 1; its 32-bit times end in 2038.
    try cursor.skip(first.dataBytes(timeBytes: 4))
    let second = try TZifHeader(&cursor)
    guard second.version == first.version else {
      throw malformed("the headers' versions differ: \(first.version) and \(second.version)")
    }
    var contents = try dataBlock(second, timeBytes: 8)
    contents.footer = try footer()
    try checkFooter(of: contents)
    return contents
  }

  private mutating func dataBlock(_ header: TZifHeader, timeBytes: Int) throws(CivilTimeError) -> TZifContents {
    try header.check()
    let times = try transitionTimes(header.timeCount, timeBytes: timeBytes)
    let indices = try cursor.bytes(header.timeCount)
    let rawTypes = try cursor.bytes(header.typeCount * TZifHeader.bytesPerType)
    let characters = Array(try cursor.bytes(header.characterCount))
    let isStandard = try cursor.bytes(header.standardCount)
    let isUniversal = try cursor.bytes(header.universalCount)
    try checkIndicators(standard: Array(isStandard), universal: Array(isUniversal))
    let types = try localTimeTypes(Array(rawTypes), characters: characters)
    guard let initial = types.first else { throw malformed("it has no local time type") }
    var contents = TZifContents(initial: initial, transitions: [], footer: nil)
    contents.transitions.reserveCapacity(times.count)
    for (time, index) in zip(times, indices) {
      guard Int(index) < types.count else {
        throw malformed("a transition refers to local time type \(index) of \(types.count)")
      }
      contents.transitions.append((time, types[Int(index)]))
    }
    return contents
  }

  private mutating func transitionTimes(_ count: Int, timeBytes: Int) throws(CivilTimeError) -> [Int64] {
    guard cursor.remaining >= count * timeBytes else { throw cursor.truncated() }
    var times: [Int64] = []
    times.reserveCapacity(count)
    for _ in 0..<count {
      let time = timeBytes == 4 ? Int64(try cursor.int32()) : try cursor.int64()
      guard Self.allowedTimes.contains(time) else { throw malformed("a transition at \(time) s is out of range") }
      if let last = times.last, last >= time { throw malformed("its transitions are not in ascending order") }
      times.append(time)
    }
    return times
  }

  private func localTimeTypes(_ raw: [UInt8], characters: [UInt8]) throws(CivilTimeError) -> [LocalTimeType] {
    var types: [LocalTimeType] = []
    var fields = ByteCursor(raw)
    while fields.remaining > 0 {
      let offset = try fields.int32()
      let flag = try fields.uint8()
      let start = Int(try fields.uint8())
      guard Self.allowedOffsets.contains(Int(offset)) else {
        throw malformed("an offset of \(offset) s is out of range")
      }
      guard flag <= 1 else { throw malformed("a daylight-saving flag is \(flag), not 0 or 1") }
      guard start < characters.count, let end = characters[start...].firstIndex(of: 0) else {
        throw malformed("an abbreviation does not end within the file")
      }
      let name = characters[start..<end]
      guard name.count <= Self.longestAbbreviation, name.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw malformed("an abbreviation is not printable ASCII of at most \(Self.longestAbbreviation) characters")
      }
      types.append(
        LocalTimeType(
          offsetSeconds: offset, isDaylightSaving: flag == 1, abbreviation: String(decoding: name, as: UTF8.self)))
    }
    return types
  }

  /// The indicators say how a rule was written, which nothing here needs; but wrong ones mean a damaged file.
  private func checkIndicators(standard: [UInt8], universal: [UInt8]) throws(CivilTimeError) {
    guard standard.allSatisfy({ $0 <= 1 }), universal.allSatisfy({ $0 <= 1 }) else {
      throw malformed("an indicator is not 0 or 1")
    }
    for (index, flag) in universal.enumerated() where flag == 1 {
      guard index < standard.count, standard[index] == 1 else {
        throw malformed("a transition is marked as universal time but not as standard time")
      }
    }
  }

  /// A newline, the rule (empty where there is none), a newline.
  private mutating func footer() throws(CivilTimeError) -> PosixTimeZone? {
    let newline = UInt8(ascii: "\n")
    guard try cursor.uint8() == newline else { throw malformed("the footer does not begin with a newline") }
    var text: [UInt8] = []
    while true {
      let byte = try cursor.uint8()
      if byte == newline { break }
      guard text.count < PosixTimeZoneParser.longestText else {
        throw CivilTimeError(.malformedFooter, "the footer has more than \(PosixTimeZoneParser.longestText) bytes")
      }
      text.append(byte)
    }
    return text.isEmpty ? nil : try PosixTimeZoneParser.parse(text)
  }

  /// RFC 9636 section 3.3: the footer must agree with the last transition. What is asked here is less, that the
  /// footer knows the clocks' setting after it: files compiled slim by zic before 2022g have a footer that disagrees for
  /// a few days (America/Ojinaga in 2022). The setting then stays until the footer's next change, as it did in fact.
  private func checkFooter(of contents: TZifContents) throws(CivilTimeError) {
    guard let footer = contents.footer, let last = contents.transitions.last?.type else { return }
    guard last == footer.standard || last == footer.daylight?.type else {
      throw CivilTimeError(
        .malformedFooter,
        "the footer has no \(last.abbreviation) at \(last.offsetSeconds) s, which the last transition leads to")
    }
  }

  private func malformed(_ what: String) -> CivilTimeError { CivilTimeError(.malformedFile, what) }
}
