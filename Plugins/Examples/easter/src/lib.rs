//! easter: an event type for Carillon in Rust, without any crate. Rings some days before or after Easter.
//!
//! This file is the boundary: every function that the host calls is here, and none lets a panic through.

mod abi;
mod dates;
mod definition;
mod host;
mod series;

use abi::{Error, EventType1, Host, Instance, Notes, Plugin, Status, Str};
use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};

// ---- The manifest, in the file's notes and for the host to read. ----

const MANIFEST: &[u8] = include_bytes!("../manifest.json");
/// With its NUL, up to a multiple of 4.
const ROOM: usize = (MANIFEST.len() + 1).div_ceil(4) * 4;

const fn padded() -> [u8; ROOM] {
    let mut all = [0; ROOM];
    let mut at = 0;
    while at < MANIFEST.len() {
        assert!(MANIFEST[at] != 0);
        all[at] = MANIFEST[at];
        at += 1;
    }
    all
}

#[used]
#[link_section = ".note.carillon"]
static NOTES: Notes<ROOM> = Notes {
    abi_head: [9, 8, abi::NOTE_ABI],
    abi_owner: *b"Carillon\0\0\0\0",
    abi: [abi::ABI_MAJOR, abi::ABI_MINOR],
    head: [9, MANIFEST.len() as u32 + 1, abi::NOTE_MANIFEST],
    owner: *b"Carillon\0\0\0\0",
    json: padded(),
};

// ---- The interface. ----

/// Runs what may panic.
fn guarded(error: *mut Error, work: impl FnOnce() -> Status) -> Status {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| host::fail(error, abi::FAILED, "the plugin panicked; its words are on the agent's stderr"))
}

/// There is nothing to keep, but a null pointer would be no instance.
static NOTHING: u8 = 0;

unsafe extern "C" fn create(_: Str, _: Str, instance: *mut *mut Instance, _: *mut Error) -> Status {
    *instance = (&raw const NOTHING).cast_mut().cast();
    abi::OK
}

unsafe extern "C" fn validate(_: *mut Instance, text: Str, error: *mut Error) -> Status {
    guarded(error, || match definition::Definition::read(host::Document { text, error }) {
        Ok(_) => abi::OK,
        Err(status) => status,
    })
}

unsafe extern "C" fn next(
    _: *mut Instance,
    requests: *const *const abi::NextRequest,
    count: usize,
    emit: abi::EmitOccurrence,
    context: *mut c_void,
    error: *mut Error,
) -> Status {
    guarded(error, || {
        for index in 0..count {
            let request = &**requests.add(index);
            match series::next(request, error, |occurrence| emit(context, index, occurrence) == abi::OK) {
                Ok(true) => {}
                Ok(false) => break,
                Err(status) => return status,
            }
        }
        abi::OK
    })
}

unsafe extern "C" fn render(
    _: *mut Instance,
    events: *const *const abi::Event,
    count: usize,
    emit: abi::EmitMessage,
    context: *mut c_void,
    error: *mut Error,
) -> Status {
    guarded(error, || {
        for index in 0..count {
            match series::render(&**events.add(index), error, |message| emit(context, index, message)) {
                Ok(abi::OK) => {}
                Ok(_) => break,
                Err(status) => return status,
            }
        }
        abi::OK
    })
}

unsafe extern "C" fn destroy(_: *mut Instance) {}

static EVENT_TYPE: EventType1 = EventType1 {
    struct_size: std::mem::size_of::<EventType1>() as u32,
    thread_model: abi::PARALLEL,
    create,
    validate,
    next,
    render,
    destroy,
};

// ---- The entry. ----

unsafe extern "C" fn start(given: *const Host, error: *mut Error) -> Status {
    guarded(error, || host::keep(given, error))
}

unsafe extern "C" fn stop() {}

unsafe extern "C" fn interface(id: *const c_char) -> *const c_void {
    if CStr::from_ptr(id) == abi::EVENT_TYPE_1 {
        (&raw const EVENT_TYPE).cast()
    } else {
        std::ptr::null()
    }
}

static PLUGIN: Plugin = Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    abi_major: abi::ABI_MAJOR,
    abi_minor: abi::ABI_MINOR,
    flags: 0,
    manifest_json: (&raw const NOTES.json).cast(),
    start,
    stop,
    interface,
};

/// The one exported symbol.
#[no_mangle]
pub extern "C" fn carillon_plugin_v1() -> *const Plugin {
    &raw const PLUGIN
}
