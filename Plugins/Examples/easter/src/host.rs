//! The host, as Rust would have it.

use crate::abi::{self, Error, Host, HostJson1, Json, Status, Str};
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

static HOST: AtomicPtr<Host> = AtomicPtr::new(std::ptr::null_mut());
static JSON: AtomicPtr<HostJson1> = AtomicPtr::new(std::ptr::null_mut());

/// What a call fails with; what it is about was told to the host.
pub type Fallible<T> = Result<T, Status>;

impl Str {
    pub fn of(text: &str) -> Str {
        Str { ptr: text.as_ptr().cast(), len: text.len() }
    }

    pub fn of_bytes(bytes: &[u8]) -> Str {
        Str { ptr: bytes.as_ptr().cast(), len: bytes.len() }
    }

    pub const EMPTY: Str = Str { ptr: std::ptr::null(), len: 0 };

    /// # Safety
    /// The bytes live as long as the answer is used.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 {
            &[]
        } else {
            std::slice::from_raw_parts(self.ptr.cast(), self.len)
        }
    }
}

/// Keeps the host, and what this plugin needs of it.
///
/// # Safety
/// `host` is the host's, given to `start`.
pub unsafe fn keep(host: *const Host, error: *mut Error) -> Status {
    HOST.store(host.cast_mut(), Ordering::Release);
    let json = ((*host).interface)((*host).context, abi::HOST_JSON_1.as_ptr());
    if json.is_null() {
        return fail(error, abi::UNSUPPORTED, "this agent has no carillon.host.json/1");
    }
    JSON.store(json.cast::<HostJson1>().cast_mut(), Ordering::Release);
    abi::OK
}

/// Says why a call fails; answers the status.
pub fn fail(error: *mut Error, status: Status, message: &str) -> Status {
    let host = HOST.load(Ordering::Acquire);
    if !host.is_null() {
        // The host copies the message; its functions live as long as the process.
        unsafe { ((*host).fail)(error, status, Str::of(message)) };
    }
    status
}

/// Names one fault of a document.
pub fn violation(error: *mut Error, pointer: &str, code: &str, message: &str) -> Status {
    let host = HOST.load(Ordering::Acquire);
    if !host.is_null() {
        unsafe { ((*host).violation)(error, Str::of(pointer), Str::of(code), Str::of(message)) };
    }
    abi::INVALID
}

/// A document of JSON, for the length of one call.
#[derive(Clone, Copy)]
pub struct Document {
    pub text: Str,
    pub error: *mut Error,
}

impl Document {
    /// What stands at a pointer; nothing when nothing is there.
    pub fn get(self, pointer: &str) -> Fallible<Option<Json>> {
        let mut found = Json { struct_size: std::mem::size_of::<Json>() as u32, ..Json::default() };
        let json = JSON.load(Ordering::Acquire);
        let status = unsafe { ((*json).get)((*json).context, self.text, Str::of(pointer), &mut found, self.error) };
        there(status).map(|is_there| is_there.then_some(found))
    }

    /// The string at a pointer; nothing when nothing is there.
    pub fn text(self, pointer: &str) -> Fallible<Option<String>> {
        let mut taken = Vec::new();
        let json = JSON.load(Ordering::Acquire);
        let context = (&raw mut taken).cast();
        let status = unsafe { ((*json).text)((*json).context, self.text, Str::of(pointer), take, context, self.error) };
        there(status).map(|is_there| is_there.then(|| String::from_utf8_lossy(&taken).into_owned()))
    }
}

fn there(status: Status) -> Fallible<bool> {
    match status {
        abi::OK => Ok(true),
        abi::NOT_FOUND => Ok(false),
        other => Err(other),
    }
}

/// `context` is the `Vec<u8>` of `Document::text`.
unsafe extern "C" fn take(context: *mut c_void, text: Str) {
    (*context.cast::<Vec<u8>>()).extend_from_slice(text.bytes());
}
