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
