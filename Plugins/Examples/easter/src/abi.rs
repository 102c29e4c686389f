//! The plugin ABI, as far as this plugin uses it: `carillon/base.h`, `host.h`, `host/json.h`, `event_type.h`, `plugin.h`
//! and `manifest.h`, word for word. What each function may do is written there.
//!
//! The assertions at the end are the layout on machines with 64 bits. A build that would not fit the host fails.

use std::ffi::{c_char, c_void};

pub const ABI_MAJOR: u32 = 0;
pub const ABI_MINOR: u32 = 4;

pub type Status = i32;
pub const OK: Status = 0;
pub const INVALID: Status = 1;
pub const FAILED: Status = 2;
pub const UNSUPPORTED: Status = 3;
pub const NOT_FOUND: Status = 6;

/// A borrowed run of UTF-8 bytes; `{NULL, 0}` is the empty string.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub ptr: *const c_char,
    pub len: usize,
}

/// The host's collector of errors.
#[repr(C)]
pub struct Error {
    _opaque: [u8; 0],
}

/// This plugin's own object.
#[repr(C)]
pub struct Instance {
    _opaque: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Civil {
    pub year: i32,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub fold: u8,
    pub reserved: [u8; 2],
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_minor: u32,
    pub context: *mut c_void,
    pub interface: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
    pub fail: unsafe extern "C" fn(*mut Error, Status, Str),
    pub violation: unsafe extern "C" fn(*mut Error, Str, Str, Str),
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub manifest_json: *const c_char,
    pub start: unsafe extern "C" fn(*const Host, *mut Error) -> Status,
    pub stop: unsafe extern "C" fn(),
    pub interface: unsafe extern "C" fn(*const c_char) -> *const c_void,
}

// Its pointers are to static data that nobody writes to.
unsafe impl Sync for Plugin {}

pub const HOST_JSON_1: &std::ffi::CStr = c"carillon.host.json/1";

pub const JSON_INTEGER: i32 = 3;

#[repr(C)]
#[derive(Default)]
pub struct Json {
    pub struct_size: u32,
    pub kind: i32,
    pub integer: i64,
    pub number: f64,
    pub count: u64,
}

pub type TakeText = unsafe extern "C" fn(*mut c_void, Str);

#[repr(C)]
pub struct HostJson1 {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub get: unsafe extern "C" fn(*mut c_void, Str, Str, *mut Json, *mut Error) -> Status,
    pub text: unsafe extern "C" fn(*mut c_void, Str, Str, TakeText, *mut c_void, *mut Error) -> Status,
    pub name: unsafe extern "C" fn(*mut c_void, Str, Str, u64, TakeText, *mut c_void, *mut Error) -> Status,
    pub quote: unsafe extern "C" fn(*mut c_void, Str, TakeText, *mut c_void) -> Status,
}

pub const EVENT_TYPE_1: &std::ffi::CStr = c"carillon.event-type/1";

pub const PARALLEL: u32 = 1;
pub const CURSOR_START: u32 = 1;
pub const OCCURRENCE_CIVIL: i32 = 0;

#[repr(C)]
pub struct Cursor {
    pub struct_size: u32,
    pub flags: u32,
    pub civil: Civil,
    pub reserved: u32,
    pub instant_ns: i64,
    pub ordinal: u64,
    pub key: Str,
}

#[repr(C)]
pub struct NextRequest {
    pub struct_size: u32,
    pub max: u32,
    pub definition_json: Str,
    pub user_json: Str,
    pub time_zone: Str,
    pub after: *const Cursor,
}

#[repr(C)]
pub struct Occurrence {
    pub struct_size: u32,
    pub kind: i32,
    pub civil: Civil,
    pub flags: u32,
    pub instant_ns: i64,
    pub ordinal: u64,
    pub key: Str,
}

#[repr(C)]
pub struct Event {
    pub struct_size: u32,
    pub flags: u32,
    pub id: Str,
    pub namespace: Str,
    pub event_type: Str,
    pub schedule_id: Str,
    pub occurrence_key: Str,
    pub time_zone: Str,
    pub locale: Str,
    pub user_json: Str,
    pub definition_json: Str,
    pub data_json: Str,
    pub local: Civil,
    pub reserved: u32,
    pub due_ns: i64,
    pub templates_json: Str,
}

#[repr(C)]
pub struct Message {
    pub struct_size: u32,
    pub flags: u32,
    pub title: Str,
    pub text: Str,
    pub html: Str,
    pub content_type: Str,
    pub data: Str,
}

pub type EmitOccurrence = unsafe extern "C" fn(*mut c_void, usize, *const Occurrence) -> Status;
pub type EmitMessage = unsafe extern "C" fn(*mut c_void, usize, *const Message) -> Status;

#[repr(C)]
pub struct EventType1 {
    pub struct_size: u32,
    pub thread_model: u32,
    pub create: unsafe extern "C" fn(Str, Str, *mut *mut Instance, *mut Error) -> Status,
    pub validate: unsafe extern "C" fn(*mut Instance, Str, *mut Error) -> Status,
    pub next: unsafe extern "C" fn(
        *mut Instance,
        *const *const NextRequest,
        usize,
        EmitOccurrence,
        *mut c_void,
        *mut Error,
    ) -> Status,
    pub render:
        unsafe extern "C" fn(*mut Instance, *const *const Event, usize, EmitMessage, *mut c_void, *mut Error) -> Status,
    pub destroy: unsafe extern "C" fn(*mut Instance),
}

pub const NOTE_MANIFEST: u32 = 1;
pub const NOTE_ABI: u32 = 2;

/// The two notes of section `.note.carillon`; `N` is the manifest's bytes with its NUL, up to a multiple of 4.
#[repr(C, align(4))]
pub struct Notes<const N: usize> {
    pub abi_head: [u32; 3],
    pub abi_owner: [u8; 12],
    pub abi: [u32; 2],
    pub head: [u32; 3],
    pub owner: [u8; 12],
    pub json: [u8; N],
}

macro_rules! layout {
    ($type:ty, $size:expr $(, $field:ident $offset:expr)*) => {
        const _: () = assert!(std::mem::size_of::<$type>() == $size);
        $(const _: () = assert!(std::mem::offset_of!($type, $field) == $offset);)*
    };
}

layout!(Str, 16, ptr 0, len 8);
layout!(Civil, 12, year 0, month 4, second 8, fold 9);
layout!(Host, 40, abi_minor 4, context 8, interface 16, fail 24, violation 32);
layout!(Plugin, 48, abi_major 4, abi_minor 8, flags 12, manifest_json 16, start 24, stop 32, interface 40);
layout!(Json, 32, kind 4, integer 8, number 16, count 24);
layout!(HostJson1, 48, context 8, get 16, text 24, name 32, quote 40);
layout!(Cursor, 56, flags 4, civil 8, reserved 20, instant_ns 24, ordinal 32, key 40);
layout!(NextRequest, 64, max 4, definition_json 8, user_json 24, time_zone 40, after 56);
layout!(Occurrence, 56, kind 4, civil 8, flags 20, instant_ns 24, ordinal 32, key 40);
layout!(Event, 208, id 8, occurrence_key 72, definition_json 136, local 168, due_ns 184, templates_json 192);
layout!(Message, 88, flags 4, title 8, text 24, html 40, content_type 56, data 72);
layout!(EventType1, 48, thread_model 4, create 8, validate 16, next 24, render 32, destroy 40);
layout!(Notes<4>, 60, abi_owner 12, abi 24, head 32, owner 44, json 56);
