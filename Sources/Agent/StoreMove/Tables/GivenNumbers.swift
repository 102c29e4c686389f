import StorePostgreSQL

/// The numbers that a store's tables have given.
enum GivenNumbers {
  /// More than are given between a backup and the moment when it is restored.
  private static let step: Int64 = 1 << 32
  /// Buckets' numbers have 40 bits.
  private static let bucketStep: Int64 = 1 << 24
  /// The last multiple of 2³² that schedules' numbers begin at; see `ScheduleNumber`.
  private static let lastBase: Int64 = 0x7fff_fffe

  /// From where a restored store counts on: what it numbers now must not get the number of something that it numbered after
  /// the backup was taken, as receivers know events by them, and people users, commands and dead letters.
  static func beyond(_ numbers: [String: Int64]) -> [String: Int64] {
    var numbers = numbers
    for (table, number) in numbers {
      switch table {
      case "schedule":
        // Another base, as for another store: two restores of one backup are two stores.
        let base = number >> 32
        numbers[table] = base < lastBase ? Int64.random(in: base + 1...min(base + 65_536, lastBase)) << 32 : number
      case "bucket": numbers[table] = number <= BucketNumber.greatest / 2 ? number + bucketStep : number
      default: numbers[table] = number <= Int64.max / 2 ? number + step : number
      }
    }
    return numbers
  }
}
