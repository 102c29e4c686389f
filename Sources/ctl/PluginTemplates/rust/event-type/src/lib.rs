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
