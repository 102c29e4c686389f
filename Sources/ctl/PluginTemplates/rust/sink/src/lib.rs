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
