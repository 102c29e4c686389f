// swift-format-ignore-file
// Written by deploy/templates.sh (make templates) from Sources/ctl/PluginTemplates/rust. Do not edit.

extension TemplateTexts {
  static let rust: [TemplateFile] = [
    TemplateFile(part: "event-type", path: "README.md", text: ##"""
# __NAME__

In Rust: an event type that rings every so many days, from a day on. It is a beginning: change when it rings, and what it
says.

- Needs: make, pkg-config, cargo 1.77 or later, and no crate, and an installed Carillon.
- Start reading at `manifest.json`, then `src/definition.rs` and `src/lib.rs`; `src/host.rs` is what the host offers,
  `src/carillon.rs` the ABI, `src/manifest.rs` the ELF note.

## Build, check, try

```
make            # cargo build --release
make check      # ctl plugin check: what every plugin must pass
make run        # ctl plugin run: what it does, without an agent
make install
```

| member of a definition | what | when absent |
|---|---|---|
| `title` | what it is about, 1 to 200 characters | it must be there |
| `from` | the first day, `2026-01-01` | it must be there |
| `every` | so many days apart, 1 to 3,660 | it must be there |
| `at` | local time, `08:30` | `09:00` |

## Install

`make install` copies the library into the folder where the agent of that installation looks for plugins. Then tell the
agent of it, and make a schedule:

```
ctl plugin load libcarillon-__NAME__.so
ctl schedule create plants --event-type __NAME__ --set title="Water the plants" --set from=2026-01-01 --set every=3
ctl schedule preview plants
```

## Debug

`make run` tells when the plugin crashes, and the command that shows where:

```
gdb -ex run -ex bt --args ctl plugin run --here ./libcarillon-__NAME__.so __RUN__
```

## What it shows

- **Local time**: it answers in local time, and the agent converts, also where clocks are put forward or back.
- **Pure**: `next` goes on from the cursor that it is handed and keeps nothing, so that the same question has the same
  answer on every machine. Its calls may overlap.
- **Keys** are days: the same though the hour or the zone changes, so that nothing rings twice.
- **Faults** of a definition are told with their place, such as `/from`.
- **Panics** stop in `host::guarded`, which every function of the boundary that may panic is inside of; the profile must
  keep `panic = "unwind"`. Where it was is on standard error.

"""##),
    TemplateFile(part: "event-type", path: "definition.json", text: ##"""
{"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}

"""##),
    TemplateFile(part: "event-type", path: "manifest.json", text: ##"""
{
  "id": "org.example.__NAME__",
  "name": "__NAME__",
  "version": "0.1.0",
  "vendor": "Example",
  "license": "0BSD",
  "summary": "Every so many days, from a day on.",
  "provides": ["carillon.event-type/1"],
  "requires": ["carillon.host.json/1"],
  "reads": [],
  "permissions": [],
  "schemas": {
    "configuration": {"type": "object", "additionalProperties": false},
    "definition": {
      "type": "object",
      "required": ["title", "from", "every"],
      "additionalProperties": false,
      "properties": {
        "title": {"description": "What it is about.", "type": "string", "minLength": 1, "maxLength": 200},
        "from": {"description": "The first day.", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "every": {"description": "So many days apart.", "type": "integer", "minimum": 1, "maximum": 3660},
        "at": {
          "description": "When on the day, local time; 09:00 when absent.",
          "type": "string",
          "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        }
      },
      "examples": [
        {"title": "Water the plants", "from": "2026-01-01", "every": 3},
        {"title": "Back up", "from": "2024-02-29", "every": 1, "at": "02:30"}
      ]
    },
    "data": {"type": "object", "properties": {"number": {"type": "integer"}}}
  }
}

"""##),
    TemplateFile(part: "event-type", path: "src/days.rs", text: ##"""
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

"""##),
    TemplateFile(part: "event-type", path: "src/definition.rs", text: ##"""
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

"""##),
    TemplateFile(part: "event-type", path: "src/lib.rs", text: ##"""
//! __NAME__: an event type in Rust. It rings every so many days, from a day on:
//!
//!   {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
//!
//! It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so
//! that they may overlap, and the same question always has the same answer.

mod carillon;
mod days;
mod definition;
mod host;
mod manifest;

use carillon::*;
use core::ffi::{c_char, c_void, CStr};
use definition::Definition;
use host::{borrow, guarded, size_of_u32, Document, Failure};

const YEAR_MOST: i32 = 9999;

unsafe extern "C" fn create(
    _: carillon_str,
    _: carillon_str,
    instance: *mut *mut carillon_instance,
    _: *mut carillon_error,
) -> carillon_status {
    // There is nothing to keep, but NULL would be no instance.
    unsafe { *instance = std::ptr::NonNull::<carillon_instance>::dangling().as_ptr() };
    CARILLON_OK
}

unsafe extern "C" fn validate(
    _: *mut carillon_instance,
    document: carillon_str,
    error: *mut carillon_error,
) -> carillon_status {
    guarded(error, || Definition::read(Document(document)).map(drop))
}

unsafe extern "C" fn next(
    _: *mut carillon_instance,
    requests: *const *const carillon_next_request,
    count: usize,
    emit: carillon_emit_occurrence,
    context: *mut c_void,
    error: *mut carillon_error,
) -> carillon_status {
    guarded(error, || {
        for (index, request) in unsafe { host::lent(requests, count) }.enumerate() {
            let goes_on = emit_after(request, |one| unsafe { emit(context, index, one) })?;
            if !goes_on {
                break;
            }
        }
        Ok(())
    })
}

/// False once the host wants no more.
fn emit_after(
    request: &carillon_next_request,
    mut emit: impl FnMut(&carillon_occurrence) -> carillon_status,
) -> Result<bool, Failure> {
    let definition = Definition::read(Document(request.definition_json))?;
    let after = unsafe { &*request.after };
    let mut day = definition.first_after(after);
    for place in 1..=u64::from(request.max) {
        let civil = definition.at(day);
        if civil.year > YEAR_MOST {
            break; // the series has ended
        }
        // The day: the same though the hour or the zone changes.
        let key = format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
        let one = carillon_occurrence {
            struct_size: size_of_u32::<carillon_occurrence>(),
            kind: CARILLON_OCCURRENCE_CIVIL,
            civil,
            flags: 0,
            instant_ns: 0,
            ordinal: after.ordinal + place,
            key: borrow(&key),
        };
        if emit(&one) != CARILLON_OK {
            return Ok(false);
        }
        day += definition.every;
    }
    Ok(true)
}

unsafe extern "C" fn render(
    _: *mut carillon_instance,
    events: *const *const carillon_event,
    count: usize,
    emit: carillon_emit_message,
    context: *mut c_void,
    error: *mut carillon_error,
) -> carillon_status {
    guarded(error, || {
        for (index, event) in unsafe { host::lent(events, count) }.enumerate() {
            let definition = Definition::read(Document(event.definition_json))?;
            let number = definition.number_of(&event.local);
            let text = format!("{} (no. {number})", definition.title);
            let data = format!("{{\"number\":{number}}}");
            let message = carillon_message {
                struct_size: size_of_u32::<carillon_message>(),
                flags: 0,
                title: borrow(&definition.title),
                text: borrow(&text),
                html: borrow(""),
                content_type: borrow("application/json"),
                data: borrow(&data),
            };
            if unsafe { emit(context, index, &message) } != CARILLON_OK {
                break;
            }
        }
        Ok(())
    })
}

unsafe extern "C" fn destroy(_: *mut carillon_instance) {}

static TABLE: carillon_event_type_1 = carillon_event_type_1 {
    struct_size: size_of_u32::<carillon_event_type_1>(),
    thread_model: CARILLON_PARALLEL,
    create,
    validate,
    next,
    render,
    destroy,
};

unsafe extern "C" fn start(given: *const carillon_host, error: *mut carillon_error) -> carillon_status {
    unsafe { host::start(given, &[CARILLON_HOST_JSON_1], error) }
}

unsafe extern "C" fn stop() {}

unsafe extern "C" fn interface(id: *const c_char) -> *const c_void {
    let is_known = unsafe { CStr::from_ptr(id) } == CARILLON_EVENT_TYPE_1;
    if is_known {
        (&TABLE as *const carillon_event_type_1).cast()
    } else {
        std::ptr::null()
    }
}

static PLUGIN: carillon_plugin = carillon_plugin {
    struct_size: size_of_u32::<carillon_plugin>(),
    abi_major: CARILLON_ABI_MAJOR,
    abi_minor: CARILLON_ABI_MINOR,
    flags: 0,
    manifest_json: manifest::JSON,
    start,
    stop,
    interface,
};

/// The one symbol that the library exports.
#[no_mangle]
pub extern "C" fn carillon_plugin_v1() -> *const carillon_plugin {
    &PLUGIN
}

"""##),
    TemplateFile(part: "shared", path: ".gitignore", text: ##"""
/target/
*.so

"""##),
    TemplateFile(part: "shared", path: "Cargo.toml", text: ##"""
[package]
name = "carillon-__NAME__"
version = "0.1.0"
edition = "2021"
rust-version = "1.77"
publish = false

[lib]
name = "carillon___CRATE__"
crate-type = ["cdylib"]

[dependencies]

[profile.release]
debug = 1

[lints.rust]
warnings = "deny"
unsafe_op_in_unsafe_fn = "deny"

"""##),
    TemplateFile(part: "shared", path: "Makefile", text: ##"""
# make            builds libcarillon-__NAME__.so; needs cargo, and no crate
# make check      the checks that every plugin must pass
# make run        shows what it does, without an agent
# make install    into the folder where the agent that pkg-config finds looks for plugins
CARGO ?= cargo
CTL ?= ctl
PLUGIN = libcarillon-__NAME__.so

# Cargo knows itself what has changed.
$(PLUGIN): FORCE
	$(CARGO) build --release --offline --target-dir target
	install -m 755 target/release/libcarillon___CRATE__.so $(PLUGIN)

check: $(PLUGIN)
	$(CTL) plugin check ./$(PLUGIN)__CHECK__

run: $(PLUGIN)
	$(CTL) plugin run ./$(PLUGIN) __RUN__

FOLDER = $(shell pkg-config --variable=plugindir carillon-plugin)

install: $(PLUGIN)
	@test -n "$(FOLDER)" || { echo "pkg-config finds no carillon-plugin: set PKG_CONFIG_PATH" >&2; exit 1; }
	install -D -m 644 $(PLUGIN) "$(DESTDIR)$(FOLDER)/$(PLUGIN)"

clean:
	rm -rf $(PLUGIN) target

FORCE:

.PHONY: check run install clean FORCE

"""##),
    TemplateFile(part: "shared", path: "src/carillon.rs", text: ##"""
//! The plugin ABI of Carillon 0.4, as carillon/*.h has it: names, order and sizes are those of the headers, where each
//! function's threads, ownership and errors are written. Nothing here is safe; host.rs is.
#![allow(non_camel_case_types, dead_code)]

use core::ffi::{c_char, c_void};

// base.h
pub const CARILLON_ABI_MAJOR: u32 = 0;
pub const CARILLON_ABI_MINOR: u32 = 4;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct carillon_str {
    pub ptr: *const c_char,
    pub len: usize,
}

pub type carillon_status = i32;
pub const CARILLON_OK: carillon_status = 0;
pub const CARILLON_INVALID: carillon_status = 1;
pub const CARILLON_FAILED: carillon_status = 2;
pub const CARILLON_UNSUPPORTED: carillon_status = 3;
pub const CARILLON_STALE: carillon_status = 4;
pub const CARILLON_BUSY: carillon_status = 5;
pub const CARILLON_NOT_FOUND: carillon_status = 6;
pub const CARILLON_DENIED: carillon_status = 7;
pub const CARILLON_STOP: carillon_status = 8;

pub type carillon_ticket = u64;

/// The plugin's own; only pointers to it cross.
#[repr(C)]
pub struct carillon_instance {
    _opaque: [u8; 0],
}

/// The host's; only pointers to it cross.
#[repr(C)]
pub struct carillon_error {
    _opaque: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct carillon_civil {
    pub year: i32,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub fold: u8,
    pub reserved: [u8; 2],
}

pub const CARILLON_SERIAL: u32 = 0;
pub const CARILLON_PARALLEL: u32 = 1;

// host.h
#[repr(C)]
pub struct carillon_host {
    pub struct_size: u32,
    pub abi_minor: u32,
    pub context: *mut c_void,
    pub interface: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
    pub fail: unsafe extern "C" fn(*mut carillon_error, carillon_status, carillon_str),
    pub violation: unsafe extern "C" fn(*mut carillon_error, carillon_str, carillon_str, carillon_str),
}

// plugin.h
#[repr(C)]
pub struct carillon_plugin {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub manifest_json: *const c_char,
    pub start: unsafe extern "C" fn(*const carillon_host, *mut carillon_error) -> carillon_status,
    pub stop: unsafe extern "C" fn(),
    pub interface: unsafe extern "C" fn(*const c_char) -> *const c_void,
}

/// Static tables without anything that changes.
unsafe impl Sync for carillon_plugin {}

// manifest.h
pub const CARILLON_NOTE_MANIFEST: u32 = 1;
pub const CARILLON_NOTE_ABI: u32 = 2;
pub const CARILLON_MANIFEST_LIMIT: usize = 262144;

// event_type.h
pub const CARILLON_EVENT_TYPE_1: &core::ffi::CStr = c"carillon.event-type/1";
pub const CARILLON_CURSOR_START: u32 = 1;

#[repr(C)]
pub struct carillon_cursor {
    pub struct_size: u32,
    pub flags: u32,
    pub civil: carillon_civil,
    pub reserved: u32,
    pub instant_ns: i64,
    pub ordinal: u64,
    pub key: carillon_str,
}

#[repr(C)]
pub struct carillon_next_request {
    pub struct_size: u32,
    pub max: u32,
    pub definition_json: carillon_str,
    pub user_json: carillon_str,
    pub time_zone: carillon_str,
    pub after: *const carillon_cursor,
}

pub const CARILLON_OCCURRENCE_CIVIL: i32 = 0;
pub const CARILLON_OCCURRENCE_INSTANT: i32 = 1;

#[repr(C)]
pub struct carillon_occurrence {
    pub struct_size: u32,
    pub kind: i32,
    pub civil: carillon_civil,
    pub flags: u32,
    pub instant_ns: i64,
    pub ordinal: u64,
    pub key: carillon_str,
}

pub const CARILLON_EVENT_TEST: u32 = 1;

#[repr(C)]
pub struct carillon_event {
    pub struct_size: u32,
    pub flags: u32,
    pub id: carillon_str,
    pub namespace_: carillon_str,
    pub type_: carillon_str,
    pub schedule_id: carillon_str,
    pub occurrence_key: carillon_str,
    pub time_zone: carillon_str,
    pub locale: carillon_str,
    pub user_json: carillon_str,
    pub definition_json: carillon_str,
    pub data_json: carillon_str,
    pub local: carillon_civil,
    pub reserved: u32,
    pub due_ns: i64,
    pub templates_json: carillon_str,
}

#[repr(C)]
pub struct carillon_message {
    pub struct_size: u32,
    pub flags: u32,
    pub title: carillon_str,
    pub text: carillon_str,
    pub html: carillon_str,
    pub content_type: carillon_str,
    pub data: carillon_str,
}

pub type carillon_emit_occurrence =
    unsafe extern "C" fn(*mut c_void, usize, *const carillon_occurrence) -> carillon_status;
pub type carillon_emit_message = unsafe extern "C" fn(*mut c_void, usize, *const carillon_message) -> carillon_status;

#[repr(C)]
pub struct carillon_event_type_1 {
    pub struct_size: u32,
    pub thread_model: u32,
    pub create: unsafe extern "C" fn(
        carillon_str,
        carillon_str,
        *mut *mut carillon_instance,
        *mut carillon_error,
    ) -> carillon_status,
    pub validate: unsafe extern "C" fn(*mut carillon_instance, carillon_str, *mut carillon_error) -> carillon_status,
    pub next: unsafe extern "C" fn(
        *mut carillon_instance,
        *const *const carillon_next_request,
        usize,
        carillon_emit_occurrence,
        *mut c_void,
        *mut carillon_error,
    ) -> carillon_status,
    pub render: unsafe extern "C" fn(
        *mut carillon_instance,
        *const *const carillon_event,
        usize,
        carillon_emit_message,
        *mut c_void,
        *mut carillon_error,
    ) -> carillon_status,
    pub destroy: unsafe extern "C" fn(*mut carillon_instance),
}

// sink.h
pub const CARILLON_SINK_1: &core::ffi::CStr = c"carillon.sink/1";

#[repr(C)]
pub struct carillon_delivery {
    pub struct_size: u32,
    pub attempt: u32,
    pub ticket: carillon_ticket,
    pub idempotency_key: carillon_str,
    pub endpoint: carillon_str,
    pub carry: carillon_str,
    pub deadline_ns: i64,
    pub first_attempt_ns: i64,
    pub late_ns: i64,
    pub event: *const carillon_event,
    pub message: *const carillon_message,
}

pub const CARILLON_DELIVERED: i32 = 1;
pub const CARILLON_RETRY: i32 = 2;
pub const CARILLON_PERMANENT: i32 = 3;
pub const CARILLON_THROTTLED: i32 = 4;
pub const CARILLON_CANCELLED: i32 = 5;
pub const CARILLON_ENDPOINT_DISABLED: i32 = 6;
pub const CARILLON_SINK_DISABLED: i32 = 7;
pub const CARILLON_UNKNOWN: i32 = 8;

#[repr(C)]
pub struct carillon_result {
    pub struct_size: u32,
    pub outcome: i32,
    pub retry_after_ms: u64,
    pub code: carillon_str,
    pub detail: carillon_str,
    pub receipt: carillon_str,
    pub carry: carillon_str,
}

#[repr(C)]
pub struct carillon_sink_1 {
    pub struct_size: u32,
    pub thread_model: u32,
    pub create: unsafe extern "C" fn(
        carillon_str,
        carillon_str,
        *mut *mut carillon_instance,
        *mut carillon_error,
    ) -> carillon_status,
    pub activate: unsafe extern "C" fn(*mut carillon_instance, *mut carillon_error) -> carillon_status,
    pub deliver: unsafe extern "C" fn(
        *mut carillon_instance,
        *const *const carillon_delivery,
        usize,
        *mut carillon_error,
    ) -> carillon_status,
    pub cancel: unsafe extern "C" fn(*mut carillon_instance, *const carillon_ticket, usize),
    pub drain: unsafe extern "C" fn(*mut carillon_instance, u64) -> carillon_status,
    pub deactivate: unsafe extern "C" fn(*mut carillon_instance),
    pub destroy: unsafe extern "C" fn(*mut carillon_instance),
}

// host/delivery.h
pub const CARILLON_HOST_DELIVERY_1: &core::ffi::CStr = c"carillon.host.delivery/1";

#[repr(C)]
pub struct carillon_host_delivery_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub complete: unsafe extern "C" fn(
        *mut c_void,
        *const carillon_ticket,
        *const *const carillon_result,
        usize,
    ) -> carillon_status,
}

// host/log.h
pub const CARILLON_HOST_LOG_1: &core::ffi::CStr = c"carillon.host.log/1";
pub const CARILLON_LOG_DEBUG: i32 = 1;
pub const CARILLON_LOG_INFO: i32 = 2;
pub const CARILLON_LOG_WARNING: i32 = 3;
pub const CARILLON_LOG_ERROR: i32 = 4;

#[repr(C)]
pub struct carillon_host_log_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub enabled: unsafe extern "C" fn(*mut c_void, i32) -> i32,
    pub write: unsafe extern "C" fn(*mut c_void, i32, carillon_str, carillon_str),
}

// host/time.h
pub const CARILLON_HOST_TIME_1: &core::ffi::CStr = c"carillon.host.time/1";
pub const CARILLON_GAP_SHIFT_FORWARD: i32 = 0;
pub const CARILLON_GAP_BEFORE: i32 = 1;
pub const CARILLON_GAP_SKIP: i32 = 2;
pub const CARILLON_FOLD_FIRST: i32 = 0;
pub const CARILLON_FOLD_SECOND: i32 = 1;

#[repr(C)]
pub struct carillon_host_time_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub instant: unsafe extern "C" fn(
        *mut c_void,
        carillon_str,
        *const carillon_civil,
        i32,
        i32,
        *mut i64,
    ) -> carillon_status,
    pub civil: unsafe extern "C" fn(*mut c_void, carillon_str, i64, *mut carillon_civil) -> carillon_status,
}

// host/secret.h
pub const CARILLON_HOST_SECRET_1: &core::ffi::CStr = c"carillon.host.secret/1";

pub type carillon_take_secret = unsafe extern "C" fn(*mut c_void, carillon_str);

#[repr(C)]
pub struct carillon_host_secret_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub resolve: unsafe extern "C" fn(
        *mut c_void,
        carillon_str,
        carillon_str,
        carillon_take_secret,
        *mut c_void,
        *mut carillon_error,
    ) -> carillon_status,
}

// host/json.h
pub const CARILLON_HOST_JSON_1: &core::ffi::CStr = c"carillon.host.json/1";
pub const CARILLON_JSON_NULL: i32 = 1;
pub const CARILLON_JSON_BOOL: i32 = 2;
pub const CARILLON_JSON_INTEGER: i32 = 3;
pub const CARILLON_JSON_NUMBER: i32 = 4;
pub const CARILLON_JSON_STRING: i32 = 5;
pub const CARILLON_JSON_ARRAY: i32 = 6;
pub const CARILLON_JSON_OBJECT: i32 = 7;

#[repr(C)]
pub struct carillon_json {
    pub struct_size: u32,
    pub kind: i32,
    pub integer: i64,
    pub number: f64,
    pub count: u64,
}

pub type carillon_take_text = unsafe extern "C" fn(*mut c_void, carillon_str);

#[repr(C)]
pub struct carillon_host_json_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub get: unsafe extern "C" fn(
        *mut c_void,
        carillon_str,
        carillon_str,
        *mut carillon_json,
        *mut carillon_error,
    ) -> carillon_status,
    pub text: unsafe extern "C" fn(
        *mut c_void,
        carillon_str,
        carillon_str,
        carillon_take_text,
        *mut c_void,
        *mut carillon_error,
    ) -> carillon_status,
    pub name: unsafe extern "C" fn(
        *mut c_void,
        carillon_str,
        carillon_str,
        u64,
        carillon_take_text,
        *mut c_void,
        *mut carillon_error,
    ) -> carillon_status,
    pub quote: unsafe extern "C" fn(*mut c_void, carillon_str, carillon_take_text, *mut c_void) -> carillon_status,
}

// host/metrics.h
pub const CARILLON_HOST_METRICS_1: &core::ffi::CStr = c"carillon.host.metrics/1";
pub const CARILLON_METRIC_COUNTER: i32 = 1;
pub const CARILLON_METRIC_GAUGE: i32 = 2;
pub const CARILLON_METRIC_HISTOGRAM: i32 = 3;
pub const CARILLON_METRICS_MAX: u32 = 64;
pub const CARILLON_METRIC_LABELS_MAX: u32 = 4;
pub const CARILLON_METRIC_BOUNDS_MAX: u32 = 32;
pub const CARILLON_METRIC_SERIES_MAX: u32 = 200;
pub const CARILLON_METRIC_NAME_BYTES_MAX: u32 = 63;
pub const CARILLON_METRIC_HELP_BYTES_MAX: u32 = 256;
pub const CARILLON_METRIC_VALUE_BYTES_MAX: u32 = 128;

#[repr(C)]
pub struct carillon_metric_definition {
    pub struct_size: u32,
    pub kind: i32,
    pub name: carillon_str,
    pub help: carillon_str,
    pub labels: *const carillon_str,
    pub label_count: usize,
    pub bounds: *const f64,
    pub bound_count: usize,
}

#[repr(C)]
pub struct carillon_host_metrics_1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub define: unsafe extern "C" fn(
        *mut c_void,
        *const carillon_metric_definition,
        *mut u64,
        *mut carillon_error,
    ) -> carillon_status,
    pub add: unsafe extern "C" fn(*mut c_void, u64, f64, *const carillon_str, usize) -> carillon_status,
    pub set: unsafe extern "C" fn(*mut c_void, u64, f64, *const carillon_str, usize) -> carillon_status,
    pub observe: unsafe extern "C" fn(*mut c_void, u64, f64, *const carillon_str, usize) -> carillon_status,
}

// Golden sizes and offsets, on the 64-bit platforms that the ABI is defined for.
const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<carillon_str>() == 16);
    assert!(offset_of!(carillon_str, ptr) == 0);
    assert!(offset_of!(carillon_str, len) == 8);
    assert!(size_of::<carillon_civil>() == 12);
    assert!(offset_of!(carillon_civil, year) == 0);
    assert!(offset_of!(carillon_civil, month) == 4);
    assert!(offset_of!(carillon_civil, day) == 5);
    assert!(offset_of!(carillon_civil, hour) == 6);
    assert!(offset_of!(carillon_civil, minute) == 7);
    assert!(offset_of!(carillon_civil, second) == 8);
    assert!(offset_of!(carillon_civil, fold) == 9);
    assert!(offset_of!(carillon_civil, reserved) == 10);
    assert!(size_of::<carillon_cursor>() == 56);
    assert!(offset_of!(carillon_cursor, struct_size) == 0);
    assert!(offset_of!(carillon_cursor, flags) == 4);
    assert!(offset_of!(carillon_cursor, civil) == 8);
    assert!(offset_of!(carillon_cursor, reserved) == 20);
    assert!(offset_of!(carillon_cursor, instant_ns) == 24);
    assert!(offset_of!(carillon_cursor, ordinal) == 32);
    assert!(offset_of!(carillon_cursor, key) == 40);
    assert!(size_of::<carillon_next_request>() == 64);
    assert!(offset_of!(carillon_next_request, struct_size) == 0);
    assert!(offset_of!(carillon_next_request, max) == 4);
    assert!(offset_of!(carillon_next_request, definition_json) == 8);
    assert!(offset_of!(carillon_next_request, user_json) == 24);
    assert!(offset_of!(carillon_next_request, time_zone) == 40);
    assert!(offset_of!(carillon_next_request, after) == 56);
    assert!(size_of::<carillon_occurrence>() == 56);
    assert!(offset_of!(carillon_occurrence, struct_size) == 0);
    assert!(offset_of!(carillon_occurrence, kind) == 4);
    assert!(offset_of!(carillon_occurrence, civil) == 8);
    assert!(offset_of!(carillon_occurrence, flags) == 20);
    assert!(offset_of!(carillon_occurrence, instant_ns) == 24);
    assert!(offset_of!(carillon_occurrence, ordinal) == 32);
    assert!(offset_of!(carillon_occurrence, key) == 40);
    assert!(size_of::<carillon_event>() == 208);
    assert!(offset_of!(carillon_event, struct_size) == 0);
    assert!(offset_of!(carillon_event, flags) == 4);
    assert!(offset_of!(carillon_event, id) == 8);
    assert!(offset_of!(carillon_event, namespace_) == 24);
    assert!(offset_of!(carillon_event, type_) == 40);
    assert!(offset_of!(carillon_event, schedule_id) == 56);
    assert!(offset_of!(carillon_event, occurrence_key) == 72);
    assert!(offset_of!(carillon_event, time_zone) == 88);
    assert!(offset_of!(carillon_event, locale) == 104);
    assert!(offset_of!(carillon_event, user_json) == 120);
    assert!(offset_of!(carillon_event, definition_json) == 136);
    assert!(offset_of!(carillon_event, data_json) == 152);
    assert!(offset_of!(carillon_event, local) == 168);
    assert!(offset_of!(carillon_event, reserved) == 180);
    assert!(offset_of!(carillon_event, due_ns) == 184);
    assert!(offset_of!(carillon_event, templates_json) == 192);
    assert!(size_of::<carillon_message>() == 88);
    assert!(offset_of!(carillon_message, struct_size) == 0);
    assert!(offset_of!(carillon_message, flags) == 4);
    assert!(offset_of!(carillon_message, title) == 8);
    assert!(offset_of!(carillon_message, text) == 24);
    assert!(offset_of!(carillon_message, html) == 40);
    assert!(offset_of!(carillon_message, content_type) == 56);
    assert!(offset_of!(carillon_message, data) == 72);
    assert!(size_of::<carillon_event_type_1>() == 48);
    assert!(offset_of!(carillon_event_type_1, struct_size) == 0);
    assert!(offset_of!(carillon_event_type_1, thread_model) == 4);
    assert!(offset_of!(carillon_event_type_1, create) == 8);
    assert!(offset_of!(carillon_event_type_1, validate) == 16);
    assert!(offset_of!(carillon_event_type_1, next) == 24);
    assert!(offset_of!(carillon_event_type_1, render) == 32);
    assert!(offset_of!(carillon_event_type_1, destroy) == 40);
    assert!(size_of::<carillon_host>() == 40);
    assert!(offset_of!(carillon_host, struct_size) == 0);
    assert!(offset_of!(carillon_host, abi_minor) == 4);
    assert!(offset_of!(carillon_host, context) == 8);
    assert!(offset_of!(carillon_host, interface) == 16);
    assert!(offset_of!(carillon_host, fail) == 24);
    assert!(offset_of!(carillon_host, violation) == 32);
    assert!(size_of::<carillon_delivery>() == 104);
    assert!(offset_of!(carillon_delivery, struct_size) == 0);
    assert!(offset_of!(carillon_delivery, attempt) == 4);
    assert!(offset_of!(carillon_delivery, ticket) == 8);
    assert!(offset_of!(carillon_delivery, idempotency_key) == 16);
    assert!(offset_of!(carillon_delivery, endpoint) == 32);
    assert!(offset_of!(carillon_delivery, carry) == 48);
    assert!(offset_of!(carillon_delivery, deadline_ns) == 64);
    assert!(offset_of!(carillon_delivery, first_attempt_ns) == 72);
    assert!(offset_of!(carillon_delivery, late_ns) == 80);
    assert!(offset_of!(carillon_delivery, event) == 88);
    assert!(offset_of!(carillon_delivery, message) == 96);
    assert!(size_of::<carillon_result>() == 80);
    assert!(offset_of!(carillon_result, struct_size) == 0);
    assert!(offset_of!(carillon_result, outcome) == 4);
    assert!(offset_of!(carillon_result, retry_after_ms) == 8);
    assert!(offset_of!(carillon_result, code) == 16);
    assert!(offset_of!(carillon_result, detail) == 32);
    assert!(offset_of!(carillon_result, receipt) == 48);
    assert!(offset_of!(carillon_result, carry) == 64);
    assert!(size_of::<carillon_sink_1>() == 64);
    assert!(offset_of!(carillon_sink_1, struct_size) == 0);
    assert!(offset_of!(carillon_sink_1, thread_model) == 4);
    assert!(offset_of!(carillon_sink_1, create) == 8);
    assert!(offset_of!(carillon_sink_1, activate) == 16);
    assert!(offset_of!(carillon_sink_1, deliver) == 24);
    assert!(offset_of!(carillon_sink_1, cancel) == 32);
    assert!(offset_of!(carillon_sink_1, drain) == 40);
    assert!(offset_of!(carillon_sink_1, deactivate) == 48);
    assert!(offset_of!(carillon_sink_1, destroy) == 56);
    assert!(size_of::<carillon_host_delivery_1>() == 24);
    assert!(offset_of!(carillon_host_delivery_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_delivery_1, reserved) == 4);
    assert!(offset_of!(carillon_host_delivery_1, context) == 8);
    assert!(offset_of!(carillon_host_delivery_1, complete) == 16);
    assert!(size_of::<carillon_json>() == 32);
    assert!(offset_of!(carillon_json, struct_size) == 0);
    assert!(offset_of!(carillon_json, kind) == 4);
    assert!(offset_of!(carillon_json, integer) == 8);
    assert!(offset_of!(carillon_json, number) == 16);
    assert!(offset_of!(carillon_json, count) == 24);
    assert!(size_of::<carillon_host_json_1>() == 48);
    assert!(offset_of!(carillon_host_json_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_json_1, reserved) == 4);
    assert!(offset_of!(carillon_host_json_1, context) == 8);
    assert!(offset_of!(carillon_host_json_1, get) == 16);
    assert!(offset_of!(carillon_host_json_1, text) == 24);
    assert!(offset_of!(carillon_host_json_1, name) == 32);
    assert!(offset_of!(carillon_host_json_1, quote) == 40);
    assert!(size_of::<carillon_host_log_1>() == 32);
    assert!(offset_of!(carillon_host_log_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_log_1, reserved) == 4);
    assert!(offset_of!(carillon_host_log_1, context) == 8);
    assert!(offset_of!(carillon_host_log_1, enabled) == 16);
    assert!(offset_of!(carillon_host_log_1, write) == 24);
    assert!(size_of::<carillon_metric_definition>() == 72);
    assert!(offset_of!(carillon_metric_definition, struct_size) == 0);
    assert!(offset_of!(carillon_metric_definition, kind) == 4);
    assert!(offset_of!(carillon_metric_definition, name) == 8);
    assert!(offset_of!(carillon_metric_definition, help) == 24);
    assert!(offset_of!(carillon_metric_definition, labels) == 40);
    assert!(offset_of!(carillon_metric_definition, label_count) == 48);
    assert!(offset_of!(carillon_metric_definition, bounds) == 56);
    assert!(offset_of!(carillon_metric_definition, bound_count) == 64);
    assert!(size_of::<carillon_host_metrics_1>() == 48);
    assert!(offset_of!(carillon_host_metrics_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_metrics_1, reserved) == 4);
    assert!(offset_of!(carillon_host_metrics_1, context) == 8);
    assert!(offset_of!(carillon_host_metrics_1, define) == 16);
    assert!(offset_of!(carillon_host_metrics_1, add) == 24);
    assert!(offset_of!(carillon_host_metrics_1, set) == 32);
    assert!(offset_of!(carillon_host_metrics_1, observe) == 40);
    assert!(size_of::<carillon_host_secret_1>() == 24);
    assert!(offset_of!(carillon_host_secret_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_secret_1, reserved) == 4);
    assert!(offset_of!(carillon_host_secret_1, context) == 8);
    assert!(offset_of!(carillon_host_secret_1, resolve) == 16);
    assert!(size_of::<carillon_host_time_1>() == 32);
    assert!(offset_of!(carillon_host_time_1, struct_size) == 0);
    assert!(offset_of!(carillon_host_time_1, reserved) == 4);
    assert!(offset_of!(carillon_host_time_1, context) == 8);
    assert!(offset_of!(carillon_host_time_1, instant) == 16);
    assert!(offset_of!(carillon_host_time_1, civil) == 24);
    assert!(size_of::<carillon_plugin>() == 48);
    assert!(offset_of!(carillon_plugin, struct_size) == 0);
    assert!(offset_of!(carillon_plugin, abi_major) == 4);
    assert!(offset_of!(carillon_plugin, abi_minor) == 8);
    assert!(offset_of!(carillon_plugin, flags) == 12);
    assert!(offset_of!(carillon_plugin, manifest_json) == 16);
    assert!(offset_of!(carillon_plugin, start) == 24);
    assert!(offset_of!(carillon_plugin, stop) == 32);
    assert!(offset_of!(carillon_plugin, interface) == 40);
};

"""##),
    TemplateFile(part: "shared", path: "src/host.rs", text: ##"""
//! What the host offers, safely: errors as results, panics that stop at the boundary, JSON as values.
#![allow(dead_code)]

use crate::carillon::*;
use core::ffi::{c_void, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicPtr, Ordering};

/// The host's tables; static, and callable from any thread.
struct Tables {
    core: *const carillon_host,
    json: *const carillon_host_json_1,
    log: *const carillon_host_log_1,
    delivery: *const carillon_host_delivery_1,
}

static TABLES: AtomicPtr<Tables> = AtomicPtr::new(std::ptr::null_mut());

/// None before `start`.
fn tables() -> Option<&'static Tables> {
    // What is stored there is never freed.
    unsafe { TABLES.load(Ordering::Acquire).as_ref() }
}

/// Why a call fails.
pub enum Failure {
    /// One fault in a document: where it is, a stable word, and a sentence.
    Violation { pointer: &'static str, code: &'static str, message: String },
    /// Anything else.
    Status(carillon_status, String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Status(CARILLON_FAILED, error.to_string())
    }
}

/// Lends a text.
pub fn borrow(text: &str) -> carillon_str {
    carillon_str { ptr: text.as_ptr().cast(), len: text.len() }
}

/// The bytes of a text that the host lent.
///
/// # Safety
/// `text` must be of the call that is under way.
pub unsafe fn bytes<'a>(text: carillon_str) -> &'a [u8] {
    if text.len == 0 {
        return &[];
    }
    unsafe { std::slice::from_raw_parts(text.ptr.cast(), text.len) }
}

/// What a list that the host lent points to.
///
/// # Safety
/// `list` must have `count` pointers, all of the call that is under way.
pub unsafe fn lent<'a, T: 'a>(list: *const *const T, count: usize) -> impl Iterator<Item = &'a T> {
    (0..count).map(move |index| unsafe { &**list.add(index) })
}

/// Keeps the host.
///
/// # Safety
/// `host` must be what the host gave to `start`.
pub unsafe fn start(host: *const carillon_host, requires: &[&CStr], error: *mut carillon_error) -> carillon_status {
    let table = |id: &CStr| unsafe { ((*host).interface)((*host).context, id.as_ptr()) };
    let tables = Box::new(Tables {
        core: host,
        json: table(CARILLON_HOST_JSON_1).cast(),
        log: table(CARILLON_HOST_LOG_1).cast(),
        delivery: table(CARILLON_HOST_DELIVERY_1).cast(),
    });
    TABLES.store(Box::into_raw(tables), Ordering::Release);
    let missing = requires.iter().find(|id| table(id).is_null());
    match missing {
        None => CARILLON_OK,
        Some(id) => {
            let message = format!("this agent has no {}", id.to_string_lossy());
            unsafe { ((*host).fail)(error, CARILLON_UNSUPPORTED, borrow(&message)) };
            CARILLON_UNSUPPORTED
        }
    }
}

/// Every function that the host calls is inside this: no panic crosses the boundary.
pub fn guarded(error: *mut carillon_error, body: impl FnOnce() -> Result<(), Failure>) -> carillon_status {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return CARILLON_OK,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Status(CARILLON_FAILED, "the plugin panicked; its standard error says where".into()),
    };
    let Some(tables) = tables() else { return CARILLON_FAILED };
    match failure {
        Failure::Violation { pointer, code, message } => {
            unsafe { ((*tables.core).violation)(error, borrow(pointer), borrow(code), borrow(&message)) };
            CARILLON_INVALID
        }
        Failure::Status(status, message) => {
            unsafe { ((*tables.core).fail)(error, status, borrow(&message)) };
            status
        }
    }
}

/// One line in the agent's log.
pub fn info(instance: &str, message: &str) {
    let Some(tables) = tables() else { return };
    if let Some(log) = unsafe { tables.log.as_ref() } {
        unsafe { (log.write)(log.context, CARILLON_LOG_INFO, borrow(instance), borrow(message)) }
    }
}

/// Ends deliveries.
pub fn complete(tickets: &[carillon_ticket], results: &[carillon_result]) {
    let pointers: Vec<*const carillon_result> = results.iter().map(|result| result as *const _).collect();
    let Some(delivery) = tables().and_then(|tables| unsafe { tables.delivery.as_ref() }) else { return };
    unsafe { (delivery.complete)(delivery.context, tickets.as_ptr(), pointers.as_ptr(), tickets.len()) };
}

fn json() -> Result<&'static carillon_host_json_1, Failure> {
    tables()
        .and_then(|tables| unsafe { tables.json.as_ref() })
        .ok_or_else(|| Failure::Status(CARILLON_UNSUPPORTED, "there is no host".into()))
}

unsafe extern "C" fn take(context: *mut c_void, text: carillon_str) {
    // Nothing here can panic.
    unsafe { (*context.cast::<Vec<u8>>()).extend_from_slice(bytes(text)) }
}

fn taken(status: carillon_status, bytes: Vec<u8>) -> Result<Option<String>, Failure> {
    match status {
        CARILLON_OK => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        CARILLON_NOT_FOUND => Ok(None),
        other => Err(Failure::Status(other, "the host refused a call".into())),
    }
}

/// A text as JSON has it, quoted.
pub fn quote(text: carillon_str) -> Result<String, Failure> {
    let json = json()?;
    let mut bytes: Vec<u8> = Vec::new();
    let status = unsafe { (json.quote)(json.context, text, take, raw_mut(&mut bytes).cast()) };
    Ok(taken(status, bytes)?.unwrap_or_default())
}

fn raw_mut<T>(value: &mut T) -> *mut T {
    value
}

/// A document that the host has checked against its schema.
#[derive(Clone, Copy)]
pub struct Document(pub carillon_str);

impl Document {
    /// The text at a pointer; None when nothing is there.
    pub fn text(self, pointer: &str) -> Result<Option<String>, Failure> {
        let json = json()?;
        let mut bytes: Vec<u8> = Vec::new();
        let place = raw_mut(&mut bytes).cast();
        let status = unsafe { (json.text)(json.context, self.0, borrow(pointer), take, place, std::ptr::null_mut()) };
        taken(status, bytes)
    }

    /// The number at a pointer; None when nothing is there.
    pub fn number(self, pointer: &str) -> Result<Option<f64>, Failure> {
        let json = json()?;
        let mut value = carillon_json {
            struct_size: size_of_u32::<carillon_json>(),
            kind: 0,
            integer: 0,
            number: 0.0,
            count: 0,
        };
        let status =
            unsafe { (json.get)(json.context, self.0, borrow(pointer), &mut value, std::ptr::null_mut()) };
        match status {
            CARILLON_OK => Ok(Some(value.number)),
            CARILLON_NOT_FOUND => Ok(None),
            other => Err(Failure::Status(other, "the host refused a call".into())),
        }
    }
}

/// For `struct_size`.
pub const fn size_of_u32<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}

"""##),
    TemplateFile(part: "shared", path: "src/manifest.rs", text: ##"""
//! The manifest, from manifest.json, in the ELF note that tells what the file is before a line of it runs.

use crate::carillon::*;
use core::ffi::c_char;

const TEXT: &[u8] = include_bytes!("../manifest.json");
/// With its NUL.
const BYTES: usize = TEXT.len() + 1;
const PADDED: usize = BYTES.div_ceil(4) * 4;
const OWNER: [u8; 12] = *b"Carillon\0\0\0\0";

const _: () = assert!(TEXT.len() <= CARILLON_MANIFEST_LIMIT, "the manifest is longer than 262144 bytes");

#[repr(C, align(4))]
struct Notes {
    abi_head: [u32; 3],
    abi_owner: [u8; 12],
    abi: [u32; 2],
    head: [u32; 3],
    owner: [u8; 12],
    json: [u8; PADDED],
}

#[used]
#[link_section = ".note.carillon"]
static NOTES: Notes = Notes {
    abi_head: [9, 8, CARILLON_NOTE_ABI],
    abi_owner: OWNER,
    abi: [CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR],
    head: [9, BYTES as u32, CARILLON_NOTE_MANIFEST],
    owner: OWNER,
    json: padded(),
};

/// For `manifest_json`.
pub const JSON: *const c_char = NOTES.json.as_ptr().cast();

const fn padded() -> [u8; PADDED] {
    let mut bytes = [0; PADDED];
    let mut index = 0;
    while index < TEXT.len() {
        bytes[index] = TEXT[index];
        index += 1;
    }
    bytes
}

"""##),
    TemplateFile(part: "sink", path: "README.md", text: ##"""
# __NAME__

In Rust: a sink that appends each message to a file, as a line of JSON. It is a beginning: change what `deliver` does.

- Needs: make, pkg-config, cargo 1.77 or later, and no crate, and an installed Carillon.
- Start reading at `manifest.json`, then `src/sink.rs`; `src/lib.rs` is the boundary, `src/host.rs` what the host offers,
  `src/carillon.rs` the ABI, `src/manifest.rs` the ELF note.

## Build, check, try

```
make            # cargo build --release
make check      # ctl plugin check: what every plugin must pass
make run        # ctl plugin run: what it does, without an agent
make install
```

| member of its configuration | what | when absent |
|---|---|---|
| `path` | the file, by its absolute path; it is made when it is not there, its folder is not | it must be there |
| `max_bytes` | the file grows up to this size, 1,024 or more; what does not fit is tried again later | 10 MiB |

## Install

`make install` copies the library into the folder where the agent of that installation looks for plugins. Then tell the
agent of it, and send something:

```
ctl plugin load libcarillon-__NAME__.so
ctl sink create my-__NAME__ --plugin __NAME__ --config @config.json
ctl sink test my-__NAME__
```

## Debug

`make run` tells when the plugin crashes, and the command that shows where:

```
gdb -ex run -ex bt --args ctl plugin run --here ./libcarillon-__NAME__.so __RUN__
```

## What it shows

- **It completes inside `deliver`**: the file is written, then every ticket is completed, then `deliver` returns. That is
  right for what takes milliseconds. What waits for a network takes a thread of its own: `deliver` copies what it needs
  into a bounded queue (`CARILLON_BUSY` when that is full) and returns; the thread completes. Then `cancel` marks what
  the thread has not begun, `drain` waits until nothing is open, and `deactivate` ends the thread.
- **Outcomes**: *delivered* when the disk has it; *retry* when the file is full or cannot be written; *unknown* when it
  was written and the disk did not confirm it. Whoever reads the file tells a repeated line by its `key`.
- **The manifest** asks for the permission `files`. What the schema cannot say is checked in the configuration's reader,
  which answers with the place of the fault.
- **Panics** stop in `host::guarded`, which every function of the boundary that may panic is inside of; the profile must
  keep `panic = "unwind"`. Where it was is on standard error.

"""##),
    TemplateFile(part: "sink", path: "config.json", text: ##"""
{"path": "/tmp/__NAME__.jsonl", "max_bytes": 1048576}

"""##),
    TemplateFile(part: "sink", path: "events.jsonl", text: ##"""
{"title": "Ada is 36 today", "text": "Happy birthday, Ada!"}
{"title": "Stand-up", "text": "In five minutes.\nBring coffee.", "key": "standup-2026-03-02"}

"""##),
    TemplateFile(part: "sink", path: "manifest.json", text: ##"""
{
  "id": "org.example.__NAME__",
  "name": "__NAME__",
  "version": "0.1.0",
  "vendor": "Example",
  "license": "0BSD",
  "summary": "Appends each message to a file, as a line of JSON.",
  "provides": ["carillon.sink/1"],
  "requires": ["carillon.host.delivery/1", "carillon.host.json/1"],
  "reads": [],
  "permissions": ["files"],
  "schemas": {
    "configuration": {
      "type": "object",
      "required": ["path"],
      "additionalProperties": false,
      "properties": {
        "path": {
          "description": "The file, by its absolute path. It is made when it is not there; its folder is not.",
          "type": "string",
          "pattern": "^/",
          "maxLength": 1024
        },
        "max_bytes": {
          "description": "The file grows up to this size; what does not fit is tried again later. 10 MiB when absent.",
          "type": "integer",
          "minimum": 1024,
          "maximum": 1099511627776
        }
      },
      "examples": [{"path": "/tmp/__NAME__.jsonl"}, {"path": "/tmp/__NAME__.jsonl", "max_bytes": 1048576}]
    }
  }
}

"""##),
    TemplateFile(part: "sink", path: "src/lib.rs", text: ##"""
//! __NAME__: a sink in Rust. It appends each message to a file, as a line of JSON:
//!
//!   {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
//!
//! `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing
//! to cancel, to wait for or to clean up. README.md says when that is not enough.

mod carillon;
mod host;
mod manifest;
mod sink;

use carillon::*;
use core::ffi::{c_char, c_void, CStr};
use host::{guarded, size_of_u32};
use sink::Sink;

unsafe extern "C" fn create(
    name: carillon_str,
    config: carillon_str,
    instance: *mut *mut carillon_instance,
    error: *mut carillon_error,
) -> carillon_status {
    guarded(error, || {
        let name = String::from_utf8_lossy(unsafe { host::bytes(name) }).into_owned();
        let made = Box::new(Sink::new(name, host::Document(config))?);
        unsafe { *instance = Box::into_raw(made).cast() };
        Ok(())
    })
}

/// The host calls an instance only between its `create` and its `destroy`.
unsafe fn sink<'a>(instance: *mut carillon_instance) -> &'a Sink {
    unsafe { &*instance.cast::<Sink>() }
}

unsafe extern "C" fn activate(instance: *mut carillon_instance, error: *mut carillon_error) -> carillon_status {
    guarded(error, || unsafe { sink(instance) }.activate())
}

unsafe extern "C" fn deliver(
    instance: *mut carillon_instance,
    deliveries: *const *const carillon_delivery,
    count: usize,
    error: *mut carillon_error,
) -> carillon_status {
    guarded(error, || {
        let deliveries: Vec<&carillon_delivery> = unsafe { host::lent(deliveries, count) }.collect();
        unsafe { sink(instance) }.deliver(&deliveries)
    })
}

/// `deliver` ends each ticket soon, as it ends.
unsafe extern "C" fn cancel(_: *mut carillon_instance, _: *const carillon_ticket, _: usize) {}

/// Nothing is under way: calls do not overlap.
unsafe extern "C" fn drain(_: *mut carillon_instance, _: u64) -> carillon_status {
    CARILLON_OK
}

unsafe extern "C" fn deactivate(_: *mut carillon_instance) {}

unsafe extern "C" fn destroy(instance: *mut carillon_instance) {
    drop(unsafe { Box::from_raw(instance.cast::<Sink>()) });
}

static TABLE: carillon_sink_1 = carillon_sink_1 {
    struct_size: size_of_u32::<carillon_sink_1>(),
    thread_model: CARILLON_SERIAL,
    create,
    activate,
    deliver,
    cancel,
    drain,
    deactivate,
    destroy,
};

unsafe extern "C" fn start(given: *const carillon_host, error: *mut carillon_error) -> carillon_status {
    unsafe { host::start(given, &[CARILLON_HOST_JSON_1, CARILLON_HOST_DELIVERY_1], error) }
}

unsafe extern "C" fn stop() {}

unsafe extern "C" fn interface(id: *const c_char) -> *const c_void {
    let is_known = unsafe { CStr::from_ptr(id) } == CARILLON_SINK_1;
    if is_known {
        (&TABLE as *const carillon_sink_1).cast()
    } else {
        std::ptr::null()
    }
}

static PLUGIN: carillon_plugin = carillon_plugin {
    struct_size: size_of_u32::<carillon_plugin>(),
    abi_major: CARILLON_ABI_MAJOR,
    abi_minor: CARILLON_ABI_MINOR,
    flags: 0,
    manifest_json: manifest::JSON,
    start,
    stop,
    interface,
};

/// The one symbol that the library exports.
#[no_mangle]
pub extern "C" fn carillon_plugin_v1() -> *const carillon_plugin {
    &PLUGIN
}

"""##),
    TemplateFile(part: "sink", path: "src/sink.rs", text: ##"""
//! The sink: a configuration, a file, and lines.

use crate::carillon::*;
use crate::host::{self, borrow, size_of_u32, Document, Failure};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

const USUAL_MAX_BYTES: u64 = 10 * 1024 * 1024;
const PATH_BYTES_MOST: usize = 4095;
/// Of a FIFO nobody waits for the other side.
const O_NONBLOCK: i32 = 0o4000;

pub struct Sink {
    name: String,
    path: String,
    max_bytes: u64,
}

/// How one delivery ended.
struct Attempt {
    outcome: i32,
    code: &'static str,
    detail: String,
    receipt: String,
}

impl Attempt {
    fn failed(outcome: i32, code: &'static str, detail: impl ToString) -> Self {
        Attempt { outcome, code, detail: detail.to_string(), receipt: String::new() }
    }

    fn result(&self) -> carillon_result {
        carillon_result {
            struct_size: size_of_u32::<carillon_result>(),
            outcome: self.outcome,
            retry_after_ms: 0,
            code: borrow(self.code),
            detail: borrow(&self.detail),
            receipt: borrow(&self.receipt),
            carry: borrow(""),
        }
    }
}

impl Sink {
    /// Reads the configuration. The host has checked it against the schema already; the rest is checked here.
    pub fn new(name: String, config: Document) -> Result<Self, Failure> {
        let path = config.text("/path")?.unwrap_or_default();
        if let Some(fault) = path_fault(&path) {
            return Err(Failure::Violation { pointer: "/path", code: "path", message: fault.into() });
        }
        let max_bytes = config.number("/max_bytes")?.map_or(USUAL_MAX_BYTES, |number| number as u64);
        Ok(Sink { name, path, max_bytes })
    }

    /// Better an error now than at the first delivery.
    pub fn activate(&self) -> Result<(), Failure> {
        self.open()?;
        host::info(&self.name, "the file can be written");
        Ok(())
    }

    pub fn deliver(&self, deliveries: &[&carillon_delivery]) -> Result<(), Failure> {
        let mut file = self.open()?; // an error here: none was taken
        let mut attempts: Vec<Attempt> = deliveries.iter().map(|one| self.attempt(&mut file, one)).collect();
        if let Err(error) = file.file.sync_data() {
            // What was written and perhaps never reached the disk is neither delivered nor certain to be missing.
            for attempt in attempts.iter_mut().filter(|attempt| attempt.outcome == CARILLON_DELIVERED) {
                *attempt = Attempt::failed(CARILLON_UNKNOWN, "sync-failed", &error);
            }
        }
        let tickets: Vec<carillon_ticket> = deliveries.iter().map(|one| one.ticket).collect();
        let results: Vec<carillon_result> = attempts.iter().map(Attempt::result).collect();
        host::complete(&tickets, &results);
        Ok(())
    }

    fn attempt(&self, file: &mut LineFile, one: &carillon_delivery) -> Attempt {
        let line = match line_of(one) {
            Ok(line) => line,
            Err(_) => return Attempt::failed(CARILLON_PERMANENT, "no-text", "the message is no text"),
        };
        if file.end + line.len() as u64 > self.max_bytes {
            return Attempt::failed(CARILLON_RETRY, "file-full", "the file has reached max_bytes; move it away");
        }
        let receipt = format!("byte {}", file.end);
        match file.append(&line) {
            Ok(()) => Attempt { outcome: CARILLON_DELIVERED, code: "", detail: String::new(), receipt },
            Err(error) => Attempt::failed(CARILLON_RETRY, "write-failed", error),
        }
    }

    /// Opened for each batch, so that the file may be moved away (logrotate) at any time.
    fn open(&self) -> Result<LineFile, Failure> {
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(O_NONBLOCK).open(&self.path);
        let fault = |why: String| Failure::Status(CARILLON_FAILED, format!("{}: {why}", self.path));
        let file = opened.map_err(|error| fault(error.to_string()))?;
        let status = file.metadata().map_err(|error| fault(error.to_string()))?;
        if !status.is_file() {
            return Err(fault("is no regular file".into()));
        }
        Ok(LineFile { file, end: status.len() })
    }
}

struct LineFile {
    file: File,
    /// Where the next line goes, in bytes from the start.
    end: u64,
}

impl LineFile {
    /// All of a line or nothing: half a line would spoil the next one.
    fn append(&mut self, line: &str) -> std::io::Result<()> {
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            self.file.set_len(self.end)?;
            return Err(error);
        }
        self.end += line.len() as u64;
        Ok(())
    }
}

/// The key is the same on every attempt: who reads the file can tell a line that came twice.
fn line_of(one: &carillon_delivery) -> Result<String, Failure> {
    let (event, message) = unsafe { (&*one.event, &*one.message) };
    Ok(format!(
        "{{\"key\":{},\"type\":{},\"title\":{},\"text\":{}}}\n",
        host::quote(one.idempotency_key)?,
        host::quote(event.type_)?,
        host::quote(message.title)?,
        host::quote(message.text)?,
    ))
}

fn path_fault(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("must be an absolute path")
    } else if path.ends_with('/') {
        Some("names a folder; it must name a file")
    } else if path.len() > PATH_BYTES_MOST {
        Some("has more than 4095 bytes")
    } else if path.contains('\0') {
        Some("has a NUL in it")
    } else {
        None
    }
}

"""##),
  ]
}
