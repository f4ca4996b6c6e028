//! Bytes of anybody's making: every reader answers or refuses, and none panics.

use plimsoll_scan::{
    Advisory, apk, dpkg, installed,
    inventory::Needs,
    layers::{Limits, clean, read_archive, read_layer},
    lock, os_release, rpm, zip,
};
use proptest::prelude::*;

/// Bytes that start like something and go on like anything.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let start = prop::sample::select(vec![
        &b""[..],
        b"SQLite format 3\0\x10\x00\x01\x01\x00\x40\x20\x20\0\0\0\0\0\0\0\x01",
        b"RpmP\0\0\0\0\0\0\0\0\x01\0\0\0",
        b"\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0\x09\0\0\0\0\x10\0\0\0\x08\0\0\0\0\0\0\x01\0\0\0",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"\x28\xb5\x2f\xfd",
        b"PK\x03\x04",
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0",
        b"{\"packages\":{\"node_modules/a\":",
        b"[[package]]\nname = \"a\"\nversion = ",
        b"Package: a\nStatus: install ok installed\nVersion: ",
        b"P:a\nV:1\no:",
        b"<project><dependencies><dependency><groupId>${a}",
        b"<packages><package id=\"a\" version='",
        b"GEM\n  specs:\n    a (",
        b"module a\nrequire (\n\tb v1.0.0\n",
        b"ID=alpine\nVERSION_ID=\"",
        b"\0\0\0\x02\0\0\0\x10\0\0\x03\xe8\0\0\0\x06\0\0\0\0\0\0\0\x01",
    ]);
    let rest = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..600),
        "[ -~\n\t]{0,300}".prop_map(String::into_bytes),
        (any::<u8>(), 0_usize..5000).prop_map(|(byte, count)| vec![byte; count]),
    ];
    (start, rest).prop_map(|(start, rest)| [start, rest.as_slice()].concat())
}

/// Names of the files that the readers of lock files know.
const LOCKS: [&str; 26] = [
    "pom.xml",
    "verification-metadata.xml",
    "bun.lock",
    "conan.lock",
    "Podfile.lock",
    "Package.resolved",
    "packages.lock.json",
    "packages.config",
    "Directory.Packages.props",
    "gradle.lockfile",
    "requirements.txt",
    "pylock.toml",
    "renv.lock",
    "stack.yaml.lock",
    "Cargo.lock",
    "Gemfile.lock",
    "go.mod",
    "package-lock.json",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "yarn.lock",
    "pnpm-lock.yaml",
    "composer.lock",
    "pubspec.lock",
    "mix.lock",
];

/// Paths of the files that the readers of what is installed know.
const INSTALLED: [&str; 8] = [
    "a/node_modules/b/package.json",
    "a.dist-info/METADATA",
    "a.egg",
    "specifications/a.gemspec",
    "vendor/composer/installed.json",
    "a.deps.json",
    "a.jar",
    "a.egg-info",
];

/// Bytes that start like a program, with what compilers leave in one somewhere.
fn program() -> impl Strategy<Value = Vec<u8>> {
    let start = prop::sample::select(vec![
        &b"\x7fELF\x02\x01\x01"[..],
        b"\x7fELF\x01\x02\x01",
        b"MZ",
        b"\xcf\xfa\xed\xfe",
    ]);
    let inside = prop::sample::select(vec![
        &b""[..],
        b"\xff Go buildinf:\x08\x02",
        b"\xff Go buildinf:\x08\x00",
        b"PE\0\0\0\0\xff\xff",
        b".dep-v0\0",
    ]);
    let noise = || prop::collection::vec(any::<u8>(), 0..200);
    (start, noise(), inside, noise()).prop_map(|(start, before, inside, after)| {
        let mut program = [start, before.as_slice()].concat();
        program.resize(program.len().next_multiple_of(16), 0);
        [program.as_slice(), inside, after.as_slice()].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn databases_answer_or_refuse(bytes in bytes()) {
        let _ = rpm::read(&bytes);
        let _ = rpm::read_header(&bytes);
        let _ = dpkg::read_status(&bytes);
        let _ = dpkg::read_status_d(&bytes);
        let _ = apk::read(&bytes);
        for path in os_release::PATHS {
            let _ = os_release::read(path, &bytes);
        }
    }

    #[test]
    fn archives_answer_or_refuse(bytes in bytes()) {
        let limits = Limits::default();
        let _ = read_layer(bytes.as_slice(), &limits, &|_: &str| true);
        let _ = read_archive(bytes.as_slice(), &limits, None, &Needs);
        if let Ok(entries) = zip::entries(&bytes, 100) {
            for entry in entries {
                let _ = entry.read(1 << 20);
            }
        }
    }

    #[test]
    fn lock_files_and_advisories_answer_or_refuse(bytes in bytes()) {
        let _ = Advisory::read(&bytes);
        for name in LOCKS {
            let _ = lock::read(name, &bytes);
        }
    }

    #[test]
    fn what_is_installed_answers_or_refuses(bytes in bytes(), program in program()) {
        for path in INSTALLED {
            prop_assert!(installed::read(path, &bytes).is_some(), "{} has a reader", path);
        }
        if let Ok(Some(carried)) = installed::carried(&program) {
            let _ = carried.packages();
        }
    }

    #[test]
    fn no_name_leads_out_of_the_image(name in prop::collection::vec(prop_oneof![Just(b'.'), Just(b'/'), any::<u8>()], 0..40)) {
        if let Some(path) = clean(&name) {
            prop_assert!(!path.starts_with('/') && path.split('/').all(|part| part != ".."));
        }
    }
}
