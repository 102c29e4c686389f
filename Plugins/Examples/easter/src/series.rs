//! The occurrences of a definition, and what each says. Pure: nothing is kept, no clock is read.

use crate::abi::{self, Civil, Cursor, Event, Message, NextRequest, Occurrence, Status, Str};
use crate::dates::{date_of, day_number, FIRST_YEAR, LAST_YEAR};
use crate::definition::Definition;
use crate::host::{Document, Fallible};

/// Fields in the order of the calendar and the clock.
fn order(civil: &Civil) -> (i32, u8, u8, u8, u8, u8) {
    (civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second)
}

/// Gives the occurrences after the request's cursor to `emit`, until there are enough, no more, or `emit` answers that
/// it wants no more (false).
///
/// # Safety
/// The request is the host's, for this call.
pub unsafe fn next(
    request: &NextRequest,
    error: *mut abi::Error,
    mut emit: impl FnMut(&Occurrence) -> bool,
) -> Fallible<bool> {
    let wanted = Definition::read(Document { text: request.definition_json, error })?;
    let after: &Cursor = &*request.after;
    let may_be_equal = after.flags & abi::CURSOR_START != 0;
    let mut ordinal = after.ordinal;
    let mut left = request.max;
    for year in after.civil.year.max(FIRST_YEAR)..=LAST_YEAR {
        let easter = wanted.calendar.easter(year);
        for &days in &wanted.days {
            let (year, month, day) = date_of(easter + days);
            let civil = Civil {
                year,
                month,
                day,
                hour: wanted.hour,
                minute: wanted.minute,
                second: 0,
                fold: 0,
                reserved: [0; 2],
            };
            let (this, that) = (order(&civil), order(&after.civil));
            if this < that || (this == that && !may_be_equal) {
                continue;
            }
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            ordinal += 1;
            let key = format!("{}-{year}{days:+}", wanted.calendar.name());
            let occurrence = Occurrence {
                struct_size: std::mem::size_of::<Occurrence>() as u32,
                kind: abi::OCCURRENCE_CIVIL,
                civil,
                flags: 0,
                instant_ns: 0,
                ordinal,
                key: Str::of(&key),
            };
            if !emit(&occurrence) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Gives an event's message to `emit`.
///
/// # Safety
/// The event is the host's, for this call.
pub unsafe fn render(event: &Event, error: *mut abi::Error, emit: impl FnOnce(&Message) -> Status) -> Fallible<Status> {
    let wanted = Definition::read(Document { text: event.definition_json, error })?;
    let year = event.local.year.clamp(FIRST_YEAR, LAST_YEAR);
    let easter = wanted.calendar.easter(year);
    let days = day_number(event.local.year, event.local.month, event.local.day) - easter;
    let (_, month, day) = date_of(easter);
    let title = wanted.title_of(days);
    let data = format!("{{\"year\":{year},\"days\":{days},\"easter\":\"{year:04}-{month:02}-{day:02}\"}}");
    Ok(emit(&Message {
        struct_size: std::mem::size_of::<Message>() as u32,
        flags: 0,
        title: Str::of(&title),
        text: Str::of(&title),
        html: Str::EMPTY,
        content_type: Str::of("application/json"),
        data: Str::of(&data),
    }))
}
