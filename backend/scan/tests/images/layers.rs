//! What layers show on each other, and which are refused.

use crate::archive::Archive;
use flate2::{Compression, write::GzEncoder};
use plimsoll_scan::layers::{FileSystem, Layer, LayerError, Limit, Limits, Oddity, read_layer};
use std::{
    io::{self, Read, Write as _},
    sync::Arc,
};

fn everything(_: &str) -> bool {
    true
}

fn read(bytes: &[u8]) -> Result<Layer, LayerError> {
    read_layer(bytes, &Limits::default(), &everything)
}

fn layer(archive: Archive) -> Arc<Layer> {
    Arc::new(read(&archive.finish()).unwrap())
}

fn shown(layers: &[Arc<Layer>]) -> Vec<String> {
    let system = FileSystem::of(layers);
    system.files().map(|(path, _)| path.to_owned()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_whiteout_takes_away_a_file_of_a_lower_layer() {
    let lower = layer(Archive::default().file("a/x", b"1").file("a/y", b"2"));
    let upper = layer(Archive::default().file("a/.wh.x", b""));
    assert_eq!(shown(&[lower, upper]), ["a/y"]);
}

#[test]
fn a_whiteout_takes_away_a_folder_with_all_that_is_in_it() {
    let lower = layer(Archive::default().file("a/b/c/d", b"1").file("a/bb", b"2"));
    let upper = layer(Archive::default().file("a/.wh.b", b""));
    assert_eq!(shown(&[lower, upper]), ["a/bb"]);
}

#[test]
fn a_whiteout_leaves_what_its_own_layer_brings() {
    let lower = layer(Archive::default().file("a/x", b"1"));
    let upper = layer(Archive::default().file("a/x", b"2").file("a/.wh.x", b""));
    assert_eq!(shown(&[lower, upper]), ["a/x"]);
}

#[test]
fn an_opaque_folder_hides_what_is_below_and_keeps_its_own() {
    let lower = layer(Archive::default().file("a/x", b"1").file("b/x", b"1"));
    let upper = layer(
        Archive::default()
            .folder("a")
            .file("a/y", b"2")
            .file("a/.wh..wh..opq", b""),
    );
    assert_eq!(shown(&[lower, upper]), ["a/y", "b/x"]);
}

#[test]
fn an_opaque_root_hides_everything_below() {
    let lower = layer(Archive::default().file("a/x", b"1").file("y", b"1"));
    let upper = layer(Archive::default().file(".wh..wh..opq", b"").file("z", b"2"));
    assert_eq!(shown(&[lower, upper]), ["z"]);
}

#[test]
fn a_mark_without_a_name_takes_nothing_away() {
    let lower = layer(Archive::default().file("a/x", b"1"));
    let upper = layer(
        Archive::default()
            .file("a/.wh.", b"")
            .file("a/.wh..wh.plnk", b""),
    );
    assert_eq!(shown(&[lower, upper]), ["a/x"]);
}

#[test]
fn a_mark_is_never_a_file() {
    let only = layer(Archive::default().file("lib/.wh.app.jar", b"PK"));
    assert_eq!(shown(&[only]), Vec::<String>::new());
}

#[test]
fn a_file_or_link_in_place_of_a_folder_hides_what_was_in_it() {
    let lower = layer(Archive::default().file("a/x", b"1").file("b/x", b"1"));
    let upper = layer(
        Archive::default()
            .file("a", b"2")
            .link(b'2', "b", "elsewhere"),
    );
    assert_eq!(shown(&[lower, upper]), ["a"]);
}

#[test]
fn a_folder_in_place_of_a_link_is_no_link_any_more() {
    let lower = layer(
        Archive::default()
            .file("usr/lib/x", b"1")
            .link(b'2', "lib", "usr/lib"),
    );
    let upper = layer(Archive::default().folder("lib").file("lib/y", b"2"));
    let limits = Limits::default();
    let both = FileSystem::of(&[Arc::clone(&lower), upper]);
    assert!(FileSystem::of(&[lower]).get("lib/x", &limits).is_some());
    assert!(both.get("lib/x", &limits).is_none());
    assert!(both.get("lib/y", &limits).is_some());
}

#[test]
fn a_hard_link_shares_what_its_target_holds() {
    let lower = layer(Archive::default().file("a", b"1").link(b'1', "b", "a"));
    let upper = layer(Archive::default().link(b'1', "c", "a").file(".wh.a", b""));
    assert_eq!(shown(&[Arc::clone(&lower)]), ["a", "b"]);
    assert_eq!(shown(&[lower, upper]), ["b"]);
}

#[test]
fn a_link_to_what_was_not_kept_asks_for_a_second_reading() {
    let wanted = |path: &str| path == "status";
    let bytes = Archive::default()
        .file("data", b"Package: x")
        .link(b'1', "status", "data")
        .finish();
    let first = read_layer(bytes.as_slice(), &Limits::default(), &wanted).unwrap();
    assert!(first.files.is_empty());
    assert_eq!(first.unread(&wanted).collect::<Vec<_>>(), ["data"]);
    let more = |path: &str| wanted(path) || path == "data";
    let second = read_layer(bytes.as_slice(), &Limits::default(), &more).unwrap();
    assert_eq!(second.files["status"].as_ref(), b"Package: x");
}

#[test]
fn names_that_lead_out_are_noted_and_passed_over() {
    let only = layer(
        Archive::default()
            .file("../../etc/cron.d/x", b"1")
            .file("/etc/y", b"2"),
    );
    assert_eq!(shown(&[Arc::clone(&only)]), ["etc/y"]);
    assert_eq!(
        only.oddities,
        [Oddity::Escapes("../../etc/cron.d/x".to_owned())]
    );
}

#[test]
fn a_name_of_kilobytes_is_noted_and_passed_over() {
    let only = layer(
        Archive::default()
            .pax("path", &"x".repeat(5000))
            .file("short", b"1")
            .file("y", b"2"),
    );
    assert_eq!(only.oddities, [Oddity::LongName(5000)]);
    assert_eq!(shown(&[only]), ["y"]);
}

#[test]
fn packed_and_plain_are_one_layer() {
    let plain = Archive::default().file("a", b"1").finish();
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    let expected = read(&plain).unwrap();
    assert_eq!(read(&gzip(&plain)).unwrap(), expected);
    assert_eq!(read(&zstd).unwrap(), expected);
    assert!(expected.diff_id.starts_with("sha256:"));
}

#[test]
fn a_bomb_is_refused_with_its_limit() {
    let zeros = Archive::default()
        .file("zeros", &vec![0; 128 << 20])
        .finish();
    let error = read(&gzip(&zeros)).err().unwrap();
    assert!(
        matches!(error, LayerError::Refused(Limit::Ratio(200))),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "refused: decompression limit: a layer unpacks to more than 200 times its size"
    );
    let zstd = zstd::encode_all(zeros.as_slice(), 3).unwrap();
    assert!(matches!(
        read(&zstd),
        Err(LayerError::Refused(Limit::Ratio(200)))
    ));
}

#[test]
fn a_layer_larger_than_the_limit_is_refused() {
    let limits = Limits {
        layer_bytes: 1 << 20,
        ..Limits::default()
    };
    let large = Archive::default()
        .file("a", &[1; 1 << 20])
        .file("b", b"")
        .finish();
    let found = read_layer(large.as_slice(), &limits, &everything);
    assert!(matches!(
        found,
        Err(LayerError::Refused(Limit::LayerBytes(_)))
    ));
}

#[test]
fn a_length_of_eight_exbibytes_is_refused_and_not_awaited() {
    let claim = Archive::default()
        .entry(b'0', "huge", "", 8 << 60, b"")
        .finish();
    assert!(matches!(
        read(&claim),
        Err(LayerError::Refused(Limit::LayerBytes(_)))
    ));
}

#[test]
fn an_entry_with_two_lengths_is_refused() {
    let smuggled = Archive::default()
        .pax("size", "1024")
        .entry(b'0', "a", "", 0, &[0; 1024])
        .finish();
    let error = read(&smuggled).err().unwrap();
    assert!(
        error.to_string().ends_with("an entry has two lengths"),
        "{error}"
    );
}

#[test]
fn an_archive_that_ends_early_is_damaged() {
    let whole = Archive::default().file("a", &[1; 2000]).finish();
    for length in [511, 513, 1500] {
        assert!(
            matches!(read(&whole[..length]), Err(LayerError::Damaged { .. })),
            "{length}"
        );
    }
}

/// Entries without end, made as they are read.
struct Endless {
    entry: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.entry[self.at];
            self.at = (self.at + 1) % self.entry.len();
        }
        Ok(buffer.len())
    }
}

#[test]
fn entries_without_end_are_refused_at_the_limit() {
    let mut entry = Archive::default().folder("x").finish();
    entry.truncate(512);
    let endless = Endless { entry, at: 0 };
    let limits = Limits {
        entries: 20_000,
        ..Limits::default()
    };
    let found = read_layer(endless, &limits, &everything);
    assert!(matches!(
        found,
        Err(LayerError::Refused(Limit::Entries(20_000)))
    ));
}

#[test]
fn wanted_files_beyond_the_limit_are_refused() {
    let limits = Limits {
        kept_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut archive = Archive::default();
    for nth in 0..40 {
        archive = archive.file(&format!("{nth}"), &[1; 64 << 10]);
    }
    let found = read_layer(archive.finish().as_slice(), &limits, &everything);
    assert!(matches!(
        found,
        Err(LayerError::Refused(Limit::KeptBytes(_)))
    ));
}

#[test]
fn a_wanted_file_that_is_too_large_is_noted() {
    let limits = Limits {
        file_bytes: 100,
        ..Limits::default()
    };
    let bytes = Archive::default().file("status", &[1; 101]).finish();
    let found = read_layer(bytes.as_slice(), &limits, &everything).unwrap();
    let noted = Oddity::LargeFile {
        path: "status".to_owned(),
        bytes: 101,
    };
    assert_eq!((found.files.len(), found.oddities), (0, vec![noted]));
}

#[test]
fn a_reader_that_gives_up_ends_the_reading() {
    let bytes = Archive::default().file("a", &[1; 4096]).finish();
    let broken = bytes[..1024].chain(Broken);
    let error = read_layer(broken, &Limits::default(), &everything)
        .err()
        .unwrap();
    assert!(matches!(error, LayerError::Io(_)), "{error}");
}

/// A connection that ends.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}
