//! The list of crates that `cargo auditable` puts into a program, in a section `.dep-v0`: JSON, packed by zlib.

use crate::package::{Kind, Origin, Package, Unreadable};
use flate2::read::ZlibDecoder;
use serde::Deserialize;
use std::io::Read as _;

const FORMAT: &str = "list of crates in a Rust program";
const SECTION: &[u8] = b".dep-v0";
/// Bytes of a list, unpacked.
const MOST: u64 = 8 << 20;

pub(super) fn find(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    let section = if bytes.starts_with(b"\x7fELF") {
        elf(bytes)
    } else {
        pe(bytes)
    };
    let Some(section) = section else {
        return Ok(None);
    };
    let mut list = Vec::new();
    ZlibDecoder::new(section)
        .take(MOST + 1)
        .read_to_end(&mut list)
        .map_err(|error| Unreadable::new(FORMAT, format!("it does not unpack: {error}")))?;
    if list.len() as u64 > MOST {
        return Err(Unreadable::new(
            FORMAT,
            format!("it unpacks to more than {MOST} bytes"),
        ));
    }
    Ok(Some(list))
}

#[derive(Deserialize)]
struct List {
    packages: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    source: String,
    kind: Option<String>,
}

pub(super) fn packages(list: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let list: List =
        serde_json::from_slice(list).map_err(|error| Unreadable::new(FORMAT, error.to_string()))?;
    Ok(list
        .packages
        .into_iter()
        // What only built the program is not in it.
        .filter(|found| found.kind.as_deref() != Some("build"))
        .map(|found| {
            let origin = match found.source.as_str() {
                "crates.io" | "registry" => Origin::Registry,
                "local" => Origin::Project,
                _ => Origin::Sources,
            };
            Package::new(Kind::Cargo, found.name, found.version).from(origin)
        })
        .collect())
}

/// A number of the file, in its order of bytes.
struct Numbers<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Numbers<'_> {
    fn get(&self, at: usize, size: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let number = if self.big_endian {
            bytes.iter().fold(0, fold)
        } else {
            bytes.iter().rev().fold(0, fold)
        };
        usize::try_from(number).ok()
    }
}

fn elf(bytes: &[u8]) -> Option<&[u8]> {
    let wide = *bytes.get(4)? == 2;
    let numbers = Numbers {
        bytes,
        big_endian: *bytes.get(5)? == 2,
    };
    let word = if wide { 8 } else { 4 };
    let (table, head) = if wide { (0x28, 0x3a) } else { (0x20, 0x2e) };
    let table = numbers.get(table, word)?;
    let (size, count, names) = (
        numbers.get(head, 2)?,
        numbers.get(head + 2, 2)?,
        numbers.get(head + 4, 2)?,
    );
    let (offset, length) = if wide { (0x18, 0x20) } else { (0x10, 0x14) };
    let section = |nth: usize| {
        let at = table.checked_add(nth.checked_mul(size)?)?;
        let (start, length) = (
            numbers.get(at.checked_add(offset)?, word)?,
            numbers.get(at.checked_add(length)?, word)?,
        );
        Some((
            numbers.get(at, 4)?,
            bytes.get(start..start.checked_add(length)?)?,
        ))
    };
    let (_, names) = section(names)?;
    (0..count).find_map(|nth| {
        let (name, content) = section(nth)?;
        let name = names.get(name..)?.split(|byte| *byte == 0).next()?;
        (name == SECTION).then_some(content)
    })
}

fn pe(bytes: &[u8]) -> Option<&[u8]> {
    let numbers = Numbers {
        bytes,
        big_endian: false,
    };
    let head = numbers.get(0x3c, 4)?;
    if bytes.get(head..head.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let (count, optional) = (numbers.get(head + 6, 2)?, numbers.get(head + 20, 2)?);
    let table = head + 24 + optional;
    (0..count).find_map(|nth| {
        let at = table + nth * 40;
        let name = bytes.get(at..at + 8)?.split(|byte| *byte == 0).next()?;
        let (virtual_size, size, start) = (
            numbers.get(at + 8, 4)?,
            numbers.get(at + 16, 4)?,
            numbers.get(at + 20, 4)?,
        );
        let content = bytes.get(start..start.checked_add(size.min(virtual_size))?)?;
        (name == SECTION).then_some(content)
    })
}
