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
