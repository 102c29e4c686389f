//! What a schedule's definition says.

use crate::abi;
use crate::dates::Calendar;
use crate::host::{violation, Document, Fallible};

/// So far from Easter that all days are in Easter's own year.
const DAYS: std::ops::RangeInclusive<i64> = -80..=150;
const DAYS_MOST: u64 = 64;

pub struct Definition {
    pub calendar: Calendar,
    /// Earliest first.
    pub days: Vec<i32>,
    pub hour: u8,
    pub minute: u8,
    /// Nothing: each day's own name.
    pub title: Option<String>,
}

impl Definition {
    /// Reads a document that the host has checked by the schema; it is not trusted for that.
    pub fn read(from: Document) -> Fallible<Definition> {
        let calendar = match from.text("/calendar")?.as_deref() {
            None | Some("western") => Calendar::Western,
            Some("orthodox") => Calendar::Orthodox,
            Some(_) => return Err(violation(from.error, "/calendar", "enum", "is neither western nor orthodox")),
        };
        let at = from.text("/at")?.unwrap_or_else(|| "09:00".to_owned());
        let Some((hour, minute)) = time_of(&at) else {
            return Err(violation(from.error, "/at", "pattern", "is no time of a day, such as 09:00"));
        };
        Ok(Definition { calendar, days: days(from)?, hour, minute, title: from.text("/title")? })
    }

    /// What a day is called.
    pub fn title_of(&self, days: i32) -> String {
        self.title.clone().unwrap_or_else(|| name_of(self.calendar, days))
    }
}

fn days(from: Document) -> Fallible<Vec<i32>> {
    let count = from.get("/days")?.map_or(0, |list| list.count);
    if count == 0 || count > DAYS_MOST {
        return Err(violation(from.error, "/days", "range", "has not 1 to 64 items"));
    }
    let mut days = Vec::with_capacity(count as usize);
    for index in 0..count {
        let pointer = format!("/days/{index}");
        match from.get(&pointer)? {
            Some(item) if item.kind == abi::JSON_INTEGER && DAYS.contains(&item.integer) => {
                days.push(item.integer as i32)
            }
            _ => return Err(violation(from.error, &pointer, "range", "is no whole number from -80 to 150")),
        }
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

fn time_of(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let is_time =
        hour.len() == 2 && minute.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (is_time && hour < 24 && minute < 60).then_some((hour, minute))
}

fn name_of(calendar: Calendar, days: i32) -> String {
    let name = match (calendar, days) {
        (Calendar::Western, -47) => "Shrove Tuesday",
        (Calendar::Western, -46) => "Ash Wednesday",
        (Calendar::Western, -3) => "Maundy Thursday",
        (Calendar::Western, 50) => "Whit Monday",
        (Calendar::Western, 60) => "Corpus Christi",
        (Calendar::Orthodox, -48) => "Clean Monday",
        (_, -7) => "Palm Sunday",
        (_, -2) => "Good Friday",
        (_, -1) => "Holy Saturday",
        (_, 0) => "Easter Sunday",
        (_, 1) => "Easter Monday",
        (_, 39) => "Ascension Day",
        (_, 49) => "Pentecost",
        (_, days) if days < 0 => return format!("{} days before Easter", -days),
        (_, days) => return format!("{days} days after Easter"),
    };
    name.to_owned()
}
