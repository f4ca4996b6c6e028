//! The database of `rpm`, in the three forms it has had: Berkeley DB, NDB and SQLite, each a bag of package headers.

mod berkeley;
mod bytes;
mod header;
mod ndb;
mod sqlite;

use crate::package::{Kind, Package, Source, Unreadable};
use header::Header;

/// The folders where the database may lie.
pub const FOLDERS: [&str; 3] = ["usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm"];

/// What the database's file is called in its three forms.
pub const FILES: [&str; 3] = ["rpmdb.sqlite", "Packages.db", "Packages"];

/// Reads the packages of a database, whichever form it has. Keys that `rpm` keeps as packages are left out.
///
/// # Errors
/// When the file has none of the three forms, or is damaged: a database of which a part cannot be read is not read at all.
pub fn read(bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let headers = headers(bytes)?;
    let mut packages = Vec::new();
    for header in headers {
        packages.extend(read_header(&header)?);
    }
    Ok(packages)
}

/// Every header of a database, whichever form it has.
fn headers(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
    if bytes.starts_with(sqlite::MAGIC) {
        sqlite::headers(bytes)
    } else if bytes.starts_with(ndb::MAGIC) {
        ndb::headers(bytes)
    } else if berkeley::is_hash(bytes) {
        berkeley::headers(bytes)
    } else {
        Err(Unreadable::new(
            "RPM database",
            "it is neither SQLite, NDB nor a Berkeley DB hash",
        ))
    }
}

/// Calls `visit` with every file that the packages of a database brought, as a path from the root without a leading slash.
///
/// # Errors
/// As [`read`].
pub fn each_file(bytes: &[u8], mut visit: impl FnMut(&str)) -> Result<(), Unreadable> {
    for bytes in headers(bytes)? {
        let header = Header::read(&bytes)?;
        let (folders, places) = (
            header.texts(header::FOLDERS)?,
            header.numbers(header::FOLDER_OF_FILE)?,
        );
        for (file, place) in header.texts(header::FILES)?.into_iter().zip(places) {
            let folder = folders.get(place).copied().unwrap_or_default();
            let path = [folder, file].concat();
            visit(String::from_utf8_lossy(&path).trim_start_matches('/'));
        }
    }
    Ok(())
}

/// Reads one package header as the databases keep it: index and store, without the magic of a package file.
///
/// # Errors
/// When the index points outside the store, or there is no name or version.
pub fn read_header(bytes: &[u8]) -> Result<Option<Package>, Unreadable> {
    let header = Header::read(bytes)?;
    let name = header.required(header::NAME)?;
    if name == "gpg-pubkey" {
        return Ok(None);
    }
    let (version, release) = (
        header.required(header::VERSION)?,
        header.required(header::RELEASE)?,
    );
    let version = match header.number(header::EPOCH)? {
        Some(epoch) if epoch > 0 => format!("{epoch}:{version}-{release}"),
        _ => format!("{version}-{release}"),
    };
    let mut package = Package::new(Kind::Rpm, name, version);
    package.architecture = header.text(header::ARCHITECTURE)?;
    package.modularity = header
        .text(header::MODULARITY)?
        .filter(|label| !label.is_empty());
    package.vendor = header.text(header::VENDOR)?;
    package.licence = header.text(header::LICENCE)?;
    package.source = header.text(header::SOURCE)?.as_deref().and_then(source);
    Ok(Some(package))
}

/// `name-version-release.src.rpm`.
fn source(file: &str) -> Option<Source> {
    let file = file.strip_suffix(".rpm")?;
    let (nevr, _) = file.rsplit_once('.')?;
    let (rest, release) = nevr.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some(Source {
        name: name.to_owned(),
        version: Some(format!("{version}-{release}")),
    })
}
