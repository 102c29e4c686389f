//! Dates of the Gregorian calendar as numbers of days, and Easter.

/// The years for which Easter is known: since the Gregorian calendar is, and as long as its rules hold.
pub const FIRST_YEAR: i32 = 1583;
pub const LAST_YEAR: i32 = 4099;

/// Days since 0000-03-01, so that a leap day is the last of its year.
pub type DayNumber = i32;

pub fn day_number(year: i32, month: u8, day: u8) -> DayNumber {
    let (y, m) = if month > 2 { (year, month as i32 - 3) } else { (year - 1, month as i32 + 9) };
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day as i32 - 1
}

/// Year, month and day.
pub fn date_of(number: DayNumber) -> (i32, u8, u8) {
    let (era, in_era) = (number.div_euclid(146_097), number.rem_euclid(146_097));
    let y = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * y + y / 4 - y / 100);
    let m = (5 * in_year + 2) / 153;
    let day = in_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (era * 400 + y + i32::from(month <= 2), month as u8, day as u8)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    Western,
    Orthodox,
}

impl Calendar {
    pub fn name(self) -> &'static str {
        match self {
            Calendar::Western => "western",
            Calendar::Orthodox => "orthodox",
        }
    }

    /// Easter Sunday of a year from `FIRST_YEAR` to `LAST_YEAR`.
    pub fn easter(self, year: i32) -> DayNumber {
        match self {
            Calendar::Western => western(year),
            Calendar::Orthodox => orthodox(year),
        }
    }
}

/// The Sunday after the full moon of spring, by the tables of 1582.
fn western(year: i32) -> DayNumber {
    let golden = year % 19;
    let century = year / 100;
    // The moon's age on the first of January: corrected for leap days left out, and for the moon's slow drift.
    let epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    // Two dates that the tables do not have.
    let full_moon = epact - i32::from(epact == 29 || (epact == 28 && golden > 10));
    let moon = day_number(year, 3, 21) + full_moon;
    next_sunday(moon)
}

/// The same by the Julian calendar, as a date of the Gregorian one.
fn orthodox(year: i32) -> DayNumber {
    let full_moon = (19 * (year % 19) + 15) % 30;
    let century = year / 100;
    // What the calendars are apart after February.
    let apart = century - century / 4 - 2;
    next_sunday(day_number(year, 3, 21) + full_moon + apart)
}

/// The first Sunday after a day.
fn next_sunday(day: DayNumber) -> DayNumber {
    // Day 0 was a Wednesday, so day 4 was a Sunday.
    day + 7 - (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easters_that_everybody_knows() {
        for (year, month, day) in
            [(1818, 3, 22), (1943, 4, 25), (1981, 4, 19), (2000, 4, 23), (2026, 4, 5), (2038, 4, 25)]
        {
            assert_eq!(date_of(Calendar::Western.easter(year)), (year, month, day));
        }
        for (year, month, day) in [(2000, 4, 30), (2024, 5, 5), (2025, 4, 20), (2026, 4, 12)] {
            assert_eq!(date_of(Calendar::Orthodox.easter(year)), (year, month, day));
        }
    }

    #[test]
    fn every_day_is_its_number_back() {
        for number in day_number(FIRST_YEAR, 1, 1)..=day_number(LAST_YEAR, 12, 31) {
            let (year, month, day) = date_of(number);
            assert_eq!(day_number(year, month, day), number);
        }
    }

    #[test]
    fn all_days_are_in_easters_own_year() {
        for year in FIRST_YEAR..=LAST_YEAR {
            for calendar in [Calendar::Western, Calendar::Orthodox] {
                let easter = calendar.easter(year);
                assert_eq!(date_of(easter - 80).0, year);
                assert_eq!(date_of(easter + 150).0, year);
            }
        }
    }
}
