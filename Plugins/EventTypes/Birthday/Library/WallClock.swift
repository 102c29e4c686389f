import Glibc
import PluginKit0

enum WallClock {
  /// Today's date in UTC.
  static var today: CivilDate {
    CivilDate(dayNumber: Int(time(nil)) / 86_400) ?? .max
  }
}
