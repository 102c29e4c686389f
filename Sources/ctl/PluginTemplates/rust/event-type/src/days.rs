//! The Gregorian calendar, its days numbered from 0000-03-01, so that a leap day is a year's last.

use crate::carillon::carillon_civil;

pub fn days_in(year: i32, month: i32) -> i32 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub fn number(year: i32, month: i32, day: i32) -> i32 {
    let y = if month > 2 { year } else { year - 1 };
    let m = if month > 2 { month - 3 } else { month + 9 };
    y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1
}

/// Midnight of a day.
pub fn civil(number: i32) -> carillon_civil {
    let (era, in_era) = (number / 146_097, number % 146_097);
    let y = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * y + y / 4 - y / 100);
    let m = (5 * in_year + 2) / 153;
    let month = if m < 10 { m + 3 } else { m - 9 };
    carillon_civil {
        year: era * 400 + y + i32::from(month <= 2),
        month: month as u8,
        day: (in_year - (153 * m + 2) / 5 + 1) as u8,
        hour: 0,
        minute: 0,
        second: 0,
        fold: 0,
        reserved: [0; 2],
    }
}
