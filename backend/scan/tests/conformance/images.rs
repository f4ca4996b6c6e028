//! Archives good, odd and hostile: what their layers show, and what is refused.

use crate::report::Report;
use plimsoll_scan::{
    inventory,
    layers::{Collector, FileSystem, Image, LayerError, Limits, read_archive, read_layer},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    sync::Arc,
};

/// Judges every archive.
pub fn run(report: &mut Report) {
    real(report);
    scalibr(report);
    odd_layers(report);
    oci(report);
}

/// Answers as a list of what was right and what was not.
#[derive(Default)]
struct Answers {
    right: usize,
    wrong: Vec<String>,
}

impl Answers {
    fn hold(&mut self, what: &str, holds: bool) {
        if holds {
            self.right += 1;
        } else {
            self.wrong.push(what.to_owned());
        }
    }
}

fn everything(_: &str) -> bool {
    true
}

/// The three Alpine archives that `docker save` wrote: the packages that the reference lists, from the only layer.
fn real(report: &mut Report) {
    let set = "images/alpine";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "golden/images") else {
        return;
    };
    let mut answers = Answers::default();
    for (name, release) in [("39", "3.9"), ("310", "3.10"), ("311", "3.11")] {
        let archive = File::open(folder.join(format!("alpine-{name}.tar.gz"))).unwrap();
        let limits = Limits::default();
        let image = read_archive(archive, &limits, None, &inventory::Needs).unwrap();
        let taken = inventory::take(&image, &limits);
        let expected = report
            .path(set, &format!("e2e/os_alpine_{name}/expected.json"))
            .unwrap();
        let expected: Value = serde_json::from_slice(&fs::read(expected).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let expected: BTreeSet<_> = expected["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (text(&row[0]), text(&row[1]), text(&row[2])))
            .collect();
        let found: BTreeSet<_> = taken
            .packages
            .iter()
            .map(|found| {
                let package = &found.package;
                (
                    package.name.clone(),
                    package.version.clone().unwrap(),
                    package.source_name().to_owned(),
                )
            })
            .collect();
        answers.hold(
            &format!("alpine {release}: {found:?} instead of {expected:?}"),
            found == expected,
        );
        answers.hold("nothing is unreadable", taken.unreadable.is_empty());
        let distribution = taken.distribution.unwrap();
        answers.hold(
            &format!("release {release}"),
            distribution.release() == Some(release),
        );
    }
    report.judge(set, answers.right, &answers.wrong, "");
}

fn scalibr(report: &mut Report) {
    let set = "images/scalibr";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "images/scalibr/layerscanning/image/testdata") else {
        return;
    };
    let mut answers = Answers::default();
    let limits = Limits::default();
    let image = |name: &str| -> Result<Image, LayerError> {
        let archive = File::open(folder.join(name)).unwrap();
        read_archive(archive, &limits, None, &everything)
    };
    let text = |system: &FileSystem, path: &str| {
        let kept = system.get(path, &limits)?;
        Some((
            String::from_utf8_lossy(&kept.content).into_owned(),
            kept.layer,
        ))
    };
    let system = |name: &str| image(name).unwrap().file_system();
    let sample = |name: &str| {
        fs::read_to_string(
            report
                .path(set, &format!("images/scalibr/testfixtures/{name}"))
                .unwrap(),
        )
        .unwrap()
    };

    let overwritten = system("overwrite-file.tar");
    let new = sample("overwrite-file/new-sample.txt");
    answers.hold(
        "the upper layer's file is shown",
        text(&overwritten, "sample.txt") == Some((new, 1)),
    );

    let basic = system("symlink-basic.tar");
    for link in [
        "dir1/absolute-symlink.txt",
        "dir1/relative-dot-symlink.txt",
        "dir1/relative-symlink.txt",
        "dir1/chain-symlink.txt",
    ] {
        answers.hold(
            &format!("{link} is followed"),
            text(&basic, link) == Some(("sample text\n".to_owned(), 0)),
        );
    }
    let cycle = system("symlink-cycle.tar");
    answers.hold(
        "a ring of links ends",
        cycle.resolve("dir1/sample.txt", &limits).is_none(),
    );
    let attack = system("symlink-attack.tar");
    answers.hold(
        "a link out of the image stays within it",
        attack
            .resolve("dir1/attack-symlink.txt", &limits)
            .as_deref()
            == Some("secret.txt")
            && attack
                .resolve("dir1/attack-symlink-absolute.txt", &limits)
                .as_deref()
                == Some("secret.txt")
            && attack.get("dir1/attack-symlink.txt", &limits).is_none(),
    );
    let deep = system("symlink-depth-exceeded.tar");
    answers.hold(
        "seven links are followed",
        text(&deep, "dir1/symlink7.txt").is_some(),
    );
    let three = Limits { hops: 3, ..limits };
    answers.hold(
        "seven links are more than three hops",
        deep.get("dir1/symlink7.txt", &three).is_none(),
    );
    let dangling = system("symlink-dangling.tar");
    let links: Vec<_> = dangling.unread(&everything, &limits);
    answers.hold(
        &format!("dangling links are known: {links:?}"),
        !links.is_empty(),
    );

    let several = system("multiple-files.tar");
    for (path, file) in [
        ("foo.txt", "foo.txt"),
        ("dir1/bar.txt", "dir1/bar.txt"),
        ("dir1/baz.txt", "dir1/baz.txt"),
    ] {
        let found = text(&several, path).map(|(text, _)| text);
        answers.hold(
            path,
            found == Some(sample(&format!("multiple-files/{file}"))),
        );
    }
    answers.hold(
        "an empty archive is no image",
        matches!(image("empty.tar"), Err(LayerError::Missing(_))),
    );
    for name in ["basic.tar", "single-file.tar", "two-files.tar"] {
        answers.hold(
            name,
            image(name).is_ok_and(|image| image.file_system().files().count() > 0),
        );
    }
    report.judge(set, answers.right, &answers.wrong, "");
}

fn odd_layers(report: &mut Report) {
    let set = "images/layers";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "images") else {
        return;
    };
    let mut answers = Answers::default();
    let limits = Limits::default();
    let layer =
        |name: &str| read_layer(File::open(folder.join(name)).unwrap(), &limits, &everything);
    let manifests = "root/buildinfo/content_manifests";
    for (name, path) in [
        (
            "layer-with-embedded-cs.tar",
            format!("{manifests}/foo-1.1-2.json"),
        ),
        (
            "layer-with-invalid-content-manifests-json.tar",
            format!("{manifests}/ubi8-container-8.7-1112.json"),
        ),
        (
            "rhcos-layer-with-embedded-cs.tar",
            "usr/share/buildinfo/foo-1.1-2.json".to_owned(),
        ),
        (
            "rhcos-layer-with-conflicting-files.tar",
            format!("{manifests}/foo-1.1-2.json"),
        ),
        (
            "layer-with-cpe.tar",
            "root/buildinfo/Dockerfile-name-1-1".to_owned(),
        ),
    ] {
        let layer = layer(&format!("claircore/rhel/testdata/{name}")).unwrap();
        answers.hold(
            &format!("{name} holds {path}"),
            layer.files.contains_key(&path),
        );
    }
    let without = layer("claircore/rhel/testdata/layer-with-no-cpe-info.tar").unwrap();
    answers.hold(
        "a layer of folders holds no file",
        without.files.is_empty() && without.entries == 2,
    );
    let known = layer("claircore/pkg/tarfs/testdata/known/oddlayer.tar").unwrap();
    answers.hold("an archive without an end mark", known.entries == 1);
    let bad = layer("claircore/pkg/tarfs/testdata/bad_name.tar").unwrap();
    answers.hold(
        "a name that is no UTF-8",
        bad.files
            .keys()
            .any(|path| path.ends_with("bad\u{fffd}name")),
    );
    // Two archives in one: the second's folder takes the place of the first's link.
    let glued = layer("claircore/pkg/tarfs/testdata/concat.tar").unwrap();
    let files = ["run/logs/log.txt", "var/run/console/algo.txt"];
    answers.hold(
        "two archives glued together",
        glued.files.keys().eq(files) && glued.symbolic_links.is_empty(),
    );

    let escape = layer("scalibr/unpack/testdata/escape.tar").unwrap();
    let system = FileSystem::of(&[Arc::new(escape)]);
    for path in [
        "escape",
        "usr/share/doc/c/copyright",
        "usr/share/doc/a/copyright",
    ] {
        let resolved = system.resolve(path, &limits);
        let inside = resolved
            .as_ref()
            .is_none_or(|path| !path.split('/').any(|part| part == ".."));
        answers.hold(&format!("{path} leads to {resolved:?}"), inside);
    }
    report.judge(set, answers.right, &answers.wrong, "");
}

fn oci(report: &mut Report) {
    let set = "images/oci";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "images/trivy-oci") else {
        return;
    };
    let mut answers = Answers::default();
    let read = |name: &str| {
        let mut collector = Collector::new(Limits::default());
        add(&mut collector, &folder.join(name), "");
        collector.finish(None)
    };
    // The vectors leave out the one layer's bytes, so a good layout ends at what it lacks, by name.
    for name in ["test.oci", "test_image_tag.oci"] {
        let found = read(name);
        let missing =
            matches!(&found, Err(LayerError::Missing(part)) if part.starts_with("blobs/sha256/"));
        answers.hold(&format!("{name}: {found:?}"), missing || found.is_ok());
    }
    for name in ["test_bad_index_json.oci", "test_index_json_dir.oci"] {
        answers.hold(
            name,
            matches!(
                read(name),
                Err(LayerError::Missing(_) | LayerError::Manifest { .. })
            ),
        );
    }
    answers.hold(
        "no manifests",
        matches!(
            read("test_no_valid_manifests.oci"),
            Err(LayerError::Manifest { .. })
        ),
    );
    answers.hold(
        "no image among manifests",
        matches!(
            read("test_invalid_oci_image.oci"),
            Err(LayerError::Platform { .. })
        ),
    );
    report.judge(set, answers.right, &answers.wrong, "");
}

fn add(collector: &mut Collector, folder: &Path, name: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let name = if name.is_empty() {
            file.to_owned()
        } else {
            format!("{name}/{file}")
        };
        if path.is_dir() {
            add(collector, &path, &name);
        } else {
            collector
                .add(&name, File::open(&path).unwrap(), &everything)
                .unwrap();
        }
    }
}
