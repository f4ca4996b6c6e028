//! What scanning costs in processor time: reading advisories, building an index, matching, and unpacking layers.
//!
//! `cargo run --release -p plimsoll-scan --example cost`, over `scan` in the folder `PLIMSOLL_VECTORS` names (`../shared/data` else).
#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "an example stops where it fails, and prints ratios"
)]

use flate2::{Compression, write::GzEncoder};
use plimsoll_scan::{
    Advisory, Kind, Package,
    inventory::{self, Needs},
    layers::{Limits, read_archive, read_layer},
    matching::Index,
    os_release,
    version::Scheme,
    zip,
};
use std::{
    env, fs,
    hint::black_box,
    io::{self, Read, Write as _},
    path::PathBuf,
    time::Instant,
};

fn main() {
    let folder = env::var_os("PLIMSOLL_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let folder = folder.join("scan");
    advisories(&folder);
    matching();
    images(&folder);
    layers();
}

/// Time that this thread was on a processor, which other work on the machine does not lengthen; on other systems than Linux, time.
enum Clock {
    Processor(f64),
    Wall(Instant),
}

impl Clock {
    fn start() -> Self {
        on_processor().map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn seconds(&self) -> f64 {
        match self {
            Self::Processor(start) => on_processor().unwrap() - start,
            Self::Wall(start) => start.elapsed().as_secs_f64(),
        }
    }
}

fn on_processor() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn advisories(folder: &std::path::Path) {
    let (mut records, mut bytes) = (0, 0);
    let mut index = Index::default();
    let start = Clock::start();
    for entry in fs::read_dir(folder.join("osv")).into_iter().flatten() {
        let archive = entry.unwrap().path().join("all.zip");
        let Ok(archive) = fs::read(&archive) else {
            continue;
        };
        for entry in zip::entries(&archive, 100_000).unwrap() {
            let record = entry.read(16 << 20).unwrap();
            bytes += record.len();
            records += 1;
            index.add(Advisory::read(&record).unwrap());
        }
    }
    let took = start.seconds();
    let rate = bytes as f64 / 1e6 / took;
    println!(
        "advisories: {records} records of {} MB unpacked, read and indexed in {took:.2} s, {rate:.0} MB/s",
        bytes / 1_000_000
    );
}

/// A million rows, and systems of five thousand packages held against them.
fn matching() {
    let debian = os_release::read("etc/os-release", b"ID=debian\nVERSION_ID=12\n").unwrap();
    let mut index = Index::default();
    let start = Clock::start();
    for nth in 0..1_000_000_u32 {
        let record = serde_json::json!({ "id": format!("CVE-{nth}"), "affected": [{
            "package": { "ecosystem": "Debian:12", "name": format!("package-{}", nth % 50_000) },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": format!("1.{}-{}", nth % 97, nth % 7) }] }],
        }] });
        index.add(serde_json::from_value(record).unwrap());
    }
    println!(
        "index: 1,000,000 rows built in {:.2} s, with the making of their records",
        start.seconds()
    );
    let packages: Vec<_> = (0..5_000)
        .map(|nth| Package::new(Kind::Deb, format!("package-{}", nth * 10), "1.40-3"))
        .collect();
    let (mut best, mut found) = (f64::MAX, 0);
    for _ in 0..5 {
        let start = Clock::start();
        found = packages
            .iter()
            .map(|package| {
                index
                    .matches(package, Some(&debian))
                    .unwrap()
                    .findings
                    .len()
            })
            .sum();
        best = best.min(start.seconds());
    }
    println!(
        "matching: 5,000 packages, 20 rows each, {found} findings in {:.1} ms",
        best * 1e3
    );
    let start = Clock::start();
    for _ in 0..1_000_000 {
        black_box(Scheme::Deb.compare(
            black_box("2:1.18.4-2~deb12u1"),
            black_box("2:1.18.4-2+deb12u1"),
        ));
    }
    println!(
        "comparing: two Debian versions, read and compared in {:.0} ns",
        start.seconds() * 1e3
    );
}

fn images(folder: &std::path::Path) {
    let Ok(archive) = fs::read(folder.join("golden/images/alpine-311.tar.gz")) else {
        return;
    };
    let limits = Limits::default();
    let start = Clock::start();
    let image = read_archive(archive.as_slice(), &limits, None, &Needs).unwrap();
    let took = start.seconds();
    let start = Clock::start();
    let taken = inventory::take(&image, &limits);
    let packages = taken.packages.len();
    println!(
        "image: alpine 3.11 read in {:.0} ms, its {packages} packages taken in {:.1} ms",
        took * 1e3,
        start.seconds() * 1e3
    );
}

/// A tar stream of files whose bytes pack about as well as a distribution's.
struct Files {
    left: u64,
    seed: u64,
}

impl Read for Files {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(usize::try_from(self.left).unwrap());
        for chunk in buffer[..length].chunks_mut(8) {
            self.seed = self
                .seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let bytes = if self.seed >> 62 == 0 {
                self.seed.to_le_bytes()
            } else {
                *b"somewhat"
            };
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        self.left -= length as u64;
        Ok(length)
    }
}

fn layers() {
    const FILE: u64 = 64 << 10;
    const COUNT: u64 = 8_000;
    let mut packed = GzEncoder::new(Vec::new(), Compression::new(6));
    for nth in 0..COUNT {
        let mut head = [0_u8; 512];
        let name = format!("usr/lib/folder-{}/file-{nth}", nth % 300);
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{FILE:011o}").as_bytes());
        head[156] = b'0';
        head[148..156].fill(b' ');
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        packed.write_all(&head).unwrap();
        io::copy(
            &mut Files {
                left: FILE,
                seed: nth,
            },
            &mut packed,
        )
        .unwrap();
    }
    packed.write_all(&[0; 1024]).unwrap();
    let packed = packed.finish().unwrap();
    let start = Clock::start();
    let bytes = io::copy(
        &mut flate2::read::GzDecoder::new(packed.as_slice()),
        &mut io::sink(),
    )
    .unwrap();
    let alone = start.seconds();
    let start = Clock::start();
    let layer = read_layer(packed.as_slice(), &Limits::default(), &Needs).unwrap();
    let took = start.seconds();
    println!(
        "layer: {} MB of {} packed, {} entries: decompression alone {alone:.2} s, read and hashed {took:.2} s, {:.2} times; {} MB/s",
        bytes / 1_000_000,
        packed.len() / 1_000_000,
        layer.entries,
        took / alone,
        (bytes as f64 / 1e6 / took).round()
    );
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("memory: {line}, most of it the million rows");
    }
}
