//! Real databases and archives with bytes changed or cut off: read or refused, and never a panic.

use crate::report::Report;
use plimsoll_scan::{
    layers::{Limits, read_layer},
    rpm,
};
use std::fs;

/// Damages tried per file.
const TRIES: u64 = 300;

/// Judges every file that is damaged.
pub fn run(report: &mut Report) {
    let set = "damage";
    if !report.wants(set) {
        return;
    }
    let databases = [
        "packages/rpm/edge/bdb-inline-small-headers/Packages",
        "packages/rpm/edge/sqlite-single-dribble-tag/rpmdb.sqlite",
        "packages/rpm/real/libuuid/Packages",
        "packages/rpm/real/sle15-bci/Packages.db",
        "packages/rpm/claircore/package.header",
        "images/scalibr/layerscanning/image/testdata/basic.tar",
        "images/scalibr/unpack/testdata/escape.tar",
    ];
    let (mut survived, mut whole) = (0, Vec::new());
    for file in databases {
        let Some(path) = report.path(set, file) else {
            continue;
        };
        let good = fs::read(path).unwrap();
        let (mut seed, mut packages) = (0x9e37_79b9_7f4a_7c15_u64, 0);
        for nth in 0..TRIES {
            let mut bytes = good.clone();
            let mut next = |most: usize| {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(seed >> 33).unwrap() % most
            };
            // Heads and indexes lie at the start of files and pages: half of the damage is done there.
            let spread = if nth % 2 == 0 {
                bytes.len().min(4200)
            } else {
                bytes.len()
            };
            for _ in 0..=next(4) {
                let at = next(spread);
                bytes[at] = u8::try_from(next(256)).unwrap();
            }
            if nth % 5 == 0 {
                bytes.truncate(next(good.len()));
            }
            if file.contains("images/") {
                let _ = read_layer(bytes.as_slice(), &Limits::default(), &|_: &str| true);
            } else if file.ends_with(".header") {
                let _ = rpm::read_header(&bytes);
            } else if let Ok(found) = rpm::read(&bytes) {
                packages = packages.max(found.len());
                // A file that was cut to nothing of use must not pass for a system without packages.
                if bytes.len() < good.len() / 2 {
                    whole.push(format!(
                        "{file}, cut to {} bytes, gave {} packages",
                        bytes.len(),
                        found.len()
                    ));
                }
            }
            survived += 1;
        }
    }
    report.judge(set, survived, &whole, "");
}
