//! Says which folder of built pages to embed: `PLIMSOLL_SITE`, or an empty one when the pages were not built.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-env-changed=PLIMSOLL_SITE");
    let site = env::var_os("PLIMSOLL_SITE").map_or_else(
        || {
            let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
            let empty = PathBuf::from(out).join("no-site");
            fs::create_dir_all(&empty).expect("cargo lets build scripts write to OUT_DIR");
            empty
        },
        PathBuf::from,
    );
    println!("cargo::rerun-if-changed={}", site.display());
    println!("cargo::rustc-env=PLIMSOLL_SITE_DIR={}", site.display());
}
