//! What a schedule wants. The host has checked it against the schema already; the rest is checked here.

use crate::carillon::{carillon_civil, carillon_cursor, CARILLON_CURSOR_START};
use crate::days;
use crate::host::{Document, Failure};

const EVERY_MOST: f64 = 3660.0;

pub struct Definition {
    pub title: String,
    /// Days from one to the next, 1 or more.
    pub every: i32,
    /// Number of the first day.
    first: i32,
    hour: u8,
    minute: u8,
}

impl Definition {
    pub fn read(document: Document) -> Result<Self, Failure> {
        let every = document.number("/every")?.unwrap_or(0.0);
        if !(1.0..=EVERY_MOST).contains(&every) {
            return Err(fault("/every", "range", "must be 1 to 3660"));
        }
        let from = document.text("/from")?.unwrap_or_default();
        let first = day(&from).ok_or_else(|| fault("/from", "date", "is no day of the calendar"))?;
        let at = document.text("/at")?.unwrap_or_else(|| "09:00".into());
        let (hour, minute) = time(&at).ok_or_else(|| fault("/at", "time", "is no time of day"))?;
        let title = document.text("/title")?.unwrap_or_default();
        Ok(Definition { title, every: every as i32, first, hour, minute })
    }

    /// The number of the first ring's day that comes after the cursor; a start counts itself.
    pub fn first_after(&self, after: &carillon_cursor) -> i32 {
        let day = number_of_day(&after.civil);
        if day < self.first {
            return self.first;
        }
        let rest = (day - self.first) % self.every;
        if rest != 0 {
            return day + self.every - rest;
        }
        let ring = (self.hour, self.minute, 0);
        let now = (after.civil.hour, after.civil.minute, after.civil.second);
        // Of two equal local times, when clocks go back, the ring is the first.
        let is_start = after.flags & CARILLON_CURSOR_START != 0 && after.civil.fold == 0;
        if ring > now || (ring == now && is_start) {
            day
        } else {
            day + self.every
        }
    }

    /// Local time on a day.
    pub fn at(&self, day: i32) -> carillon_civil {
        carillon_civil { hour: self.hour, minute: self.minute, ..days::civil(day) }
    }

    /// The number of a day in the series, from 1.
    pub fn number_of(&self, civil: &carillon_civil) -> i32 {
        (number_of_day(civil) - self.first).max(0) / self.every + 1
    }
}

fn fault(pointer: &'static str, code: &'static str, message: &str) -> Failure {
    Failure::Violation { pointer, code, message: message.into() }
}

fn number_of_day(civil: &carillon_civil) -> i32 {
    days::number(civil.year, civil.month.into(), civil.day.into())
}

fn day(text: &str) -> Option<i32> {
    let parts: Vec<i32> = text.split('-').map_while(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { return None };
    let is_day = (1..=9999).contains(&year) && (1..=12).contains(&month);
    (is_day && (1..=days::days_in(year, month)).contains(&day)).then(|| days::number(year, month, day))
}

fn time(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}
