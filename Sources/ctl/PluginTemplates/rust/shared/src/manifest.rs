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
