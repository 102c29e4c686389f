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
