//! Images from archives: every form, the digests they must have, and the inventory of what they hold.

use crate::archive::Archive;
use plimsoll_scan::{
    inventory,
    layers::{Image, LayerError, Limit, Limits, Platform, read_archive},
};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const DEBIAN: &str = "ID=debian\nVERSION_ID=12\n";

fn status(packages: &[(&str, &str)]) -> String {
    packages
        .iter()
        .fold(String::new(), |mut text, (name, version)| {
            write!(
                text,
                "Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n"
            )
            .unwrap();
            text
        })
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::from("sha256:"), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

fn hex(bytes: &[u8]) -> String {
    digest(bytes).replace("sha256:", "")
}

fn configuration(layers: &[Vec<u8>], architecture: &str) -> String {
    let diff_ids: Vec<_> = layers.iter().map(|layer| digest(layer)).collect();
    serde_json::json!({
        "os": "linux", "architecture": architecture,
        "rootfs": { "type": "layers", "diff_ids": diff_ids },
        "history": [
            { "created_by": "ADD rootfs" }, { "created_by": "ENV A=1", "empty_layer": true }, { "created_by": "RUN apt-get" },
        ],
    })
    .to_string()
}

fn docker(layers: &[Vec<u8>]) -> Vec<u8> {
    let configuration = configuration(layers, "amd64");
    let names: Vec<_> = (0..layers.len())
        .map(|nth| format!("{nth}/layer.tar"))
        .collect();
    let manifest = serde_json::json!([{ "Config": format!("{}.json", hex(configuration.as_bytes())),
        "RepoTags": ["web:1"], "Layers": names }]);
    let mut archive = Archive::default();
    for (name, layer) in names.iter().zip(layers) {
        archive = archive.file(name, layer);
    }
    archive
        .file(
            &format!("{}.json", hex(configuration.as_bytes())),
            configuration.as_bytes(),
        )
        .file("manifest.json", manifest.to_string().as_bytes())
        .finish()
}

fn blob(archive: Archive, bytes: &[u8]) -> Archive {
    archive.file(&format!("blobs/sha256/{}", hex(bytes)), bytes)
}

fn manifest(configuration: &str, layers: &[Vec<u8>]) -> String {
    let layers: Vec<_> = layers
        .iter()
        .map(|layer| serde_json::json!({ "digest": digest(layer) }))
        .collect();
    serde_json::json!({ "config": { "digest": digest(configuration.as_bytes()) }, "layers": layers }).to_string()
}

fn index(digests: &[String]) -> String {
    let manifests: Vec<_> = digests
        .iter()
        .map(|digest| serde_json::json!({ "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest }))
        .collect();
    serde_json::json!({ "manifests": manifests }).to_string()
}

fn oci(layers: &[Vec<u8>], architectures: &[&str]) -> Vec<u8> {
    let mut archive = Archive::default();
    for layer in layers {
        archive = blob(archive, layer);
    }
    let mut manifests = Vec::new();
    for architecture in architectures {
        let configuration = configuration(layers, architecture);
        let manifest = manifest(&configuration, layers);
        manifests.push(digest(manifest.as_bytes()));
        archive = blob(blob(archive, configuration.as_bytes()), manifest.as_bytes());
    }
    archive
        .file("index.json", index(&manifests).as_bytes())
        .finish()
}

fn two_layers() -> Vec<Vec<u8>> {
    let lower = Archive::default()
        .file("etc/os-release", DEBIAN.as_bytes())
        .file(
            "var/lib/dpkg/status",
            status(&[("libc6", "2.36-9"), ("curl", "7.88.1-10")]).as_bytes(),
        );
    let upper = Archive::default().file(
        "var/lib/dpkg/status",
        status(&[
            ("libc6", "2.36-9"),
            ("curl", "7.88.1-12"),
            ("nginx", "1.22.1-9"),
        ])
        .as_bytes(),
    );
    vec![lower.finish(), upper.finish()]
}

fn read(bytes: &[u8]) -> Result<Image, LayerError> {
    read_archive(bytes, &Limits::default(), None, &inventory::Needs)
}

fn brought(image: &Image) -> Vec<(String, usize)> {
    let taken = inventory::take(image, &Limits::default());
    let mut found: Vec<_> = taken
        .packages
        .into_iter()
        .map(|found| (found.package.name, found.layer))
        .collect();
    found.sort();
    found
}

#[test]
fn a_package_belongs_to_the_layer_that_brought_it_and_not_to_the_last_that_wrote_the_database() {
    for bytes in [docker(&two_layers()), oci(&two_layers(), &["amd64"])] {
        let image = read(&bytes).unwrap();
        let expected =
            [("curl", 1), ("libc6", 0), ("nginx", 1)].map(|(name, layer)| (name.to_owned(), layer));
        assert_eq!(brought(&image), expected);
        let steps: Vec<_> = image
            .steps
            .iter()
            .map(|step| (step.created_by.as_str(), step.layer))
            .collect();
        assert_eq!(
            steps,
            [
                ("ADD rootfs", Some(0)),
                ("ENV A=1", None),
                ("RUN apt-get", Some(1))
            ]
        );
    }
}

#[test]
fn a_database_that_cannot_be_read_is_named_and_not_taken_for_empty() {
    let layer = Archive::default()
        .file("etc/os-release", DEBIAN.as_bytes())
        .file("var/lib/rpm/Packages", b"this is no database")
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    assert!(taken.packages.is_empty());
    let (path, error) = &taken.unreadable[0];
    assert_eq!(path, "var/lib/rpm/Packages");
    assert_eq!(
        error.to_string(),
        "the RPM database cannot be read: it is neither SQLite, NDB nor a Berkeley DB hash"
    );
}

#[test]
fn a_database_that_a_later_layer_removed_is_gone() {
    let mut layers = two_layers();
    layers.push(Archive::default().file("var/lib/.wh.dpkg", b"").finish());
    assert_eq!(brought(&read(&docker(&layers)).unwrap()), []);
}

#[test]
fn a_database_behind_a_link_is_found_once() {
    let installed = "P:musl\nV:1.2.5-r0\no:musl\n\n";
    let layer = Archive::default()
        .file("etc/os-release", b"ID=alpine\nVERSION_ID=3.22.1\n")
        .file(
            "etc/apk/repositories",
            b"https://dl-cdn.alpinelinux.org/alpine/edge/main\n",
        )
        .link(b'2', "lib", "usr/lib")
        .file("usr/lib/apk/db/installed", installed.as_bytes())
        .finish();
    let image = read(&docker(&[layer])).unwrap();
    let taken = inventory::take(&image, &Limits::default());
    assert_eq!(taken.packages.len(), 1);
    let distribution = taken.distribution.unwrap();
    assert_eq!(
        distribution.release(),
        Some("edge"),
        "packages come from the repositories"
    );
}

#[test]
fn a_layer_that_is_not_what_the_configuration_names_is_refused() {
    let mut layers = two_layers();
    let configuration = configuration(&layers, "amd64");
    layers[1] = Archive::default().file("evil", b"1").finish();
    let bytes = Archive::default()
        .file("0/layer.tar", &layers[0])
        .file("1/layer.tar", &layers[1])
        .file("config.json", configuration.as_bytes())
        .file(
            "manifest.json",
            br#"[{"Config":"config.json","Layers":["0/layer.tar","1/layer.tar"]}]"#,
        )
        .finish();
    assert!(matches!(read(&bytes), Err(LayerError::Digest { .. })));
}

#[test]
fn a_blob_that_is_not_what_its_name_says_is_refused() {
    let layers = two_layers();
    let configuration = configuration(&layers, "amd64");
    let manifest = manifest(&configuration, &layers);
    let name = format!("blobs/sha256/{}", hex(manifest.as_bytes()));
    let bytes = Archive::default()
        .file(&name, manifest.replace("layers", "Layers").as_bytes())
        .file(
            "index.json",
            index(&[digest(manifest.as_bytes())]).as_bytes(),
        )
        .finish();
    assert!(matches!(read(&bytes), Err(LayerError::Digest { .. })));
}

#[test]
fn the_image_for_the_platform_is_chosen_and_its_lack_is_said() {
    let bytes = oci(&two_layers(), &["amd64", "arm64"]);
    let platform = |architecture: &str| Platform {
        os: "linux".to_owned(),
        architecture: architecture.to_owned(),
        variant: None,
    };
    let choose = |architecture| {
        read_archive(
            bytes.as_slice(),
            &Limits::default(),
            Some(&platform(architecture)),
            &inventory::Needs,
        )
    };
    assert_eq!(
        choose("arm64").unwrap().platform.unwrap().architecture,
        "arm64"
    );
    assert_eq!(
        choose("s390x").err().unwrap().to_string(),
        "the archive holds no image for linux/s390x; it has linux/amd64, linux/arm64"
    );
}

#[test]
fn indexes_within_indexes_end() {
    let innermost = index(&[digest(b"nothing")]);
    let mut archive = blob(Archive::default(), innermost.as_bytes());
    let mut inner = innermost;
    for _ in 0..5 {
        inner = index(&[digest(inner.as_bytes())]);
        archive = blob(archive, inner.as_bytes());
    }
    let bytes = archive.file("index.json", inner.as_bytes()).finish();
    assert!(matches!(
        read(&bytes),
        Err(LayerError::Refused(Limit::IndexDepth(4)))
    ));
}

#[test]
fn ten_thousand_platforms_are_refused() {
    let mut archive = Archive::default();
    let mut digests = Vec::new();
    for nth in 0..100 {
        let other = format!(
            r#"{{"config":{{"digest":"{}"}},"layers":[]}}"#,
            digest(&[nth])
        );
        digests.push(digest(other.as_bytes()));
        archive = blob(archive, other.as_bytes());
        archive = blob(archive, br#"{"os":"linux","architecture":"riscv64"}"#);
    }
    let bytes = archive
        .file("index.json", index(&digests).as_bytes())
        .finish();
    assert!(read(&bytes).is_err());
}

#[test]
fn a_configuration_of_megabytes_is_refused() {
    let padding = " ".repeat(5 << 20);
    let bytes = Archive::default()
        .file("config.json", format!("{{{padding}}}").as_bytes())
        .file(
            "manifest.json",
            br#"[{"Config":"config.json","Layers":[]}]"#,
        )
        .finish();
    assert!(matches!(
        read(&bytes),
        Err(LayerError::Refused(Limit::JsonBytes(_)))
    ));
}

#[test]
fn a_configuration_nested_without_end_is_no_configuration() {
    let deep = format!(
        r#"{{"history":{}{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let bytes = Archive::default()
        .file("config.json", deep.as_bytes())
        .file(
            "manifest.json",
            br#"[{"Config":"config.json","Layers":[]}]"#,
        )
        .finish();
    assert!(matches!(read(&bytes), Err(LayerError::Manifest { .. })));
}

/// A program of at least the size that is looked into, with Go's build information in it.
fn go_program(version: &str, modules: &str) -> Vec<u8> {
    let mut program = b"\x7fELF".to_vec();
    program.resize(96 << 10, 0);
    program.extend_from_slice(b"\xff Go buildinf:\x08\x02");
    program.resize(program.len().next_multiple_of(32), 0);
    let mark = "0123456789abcdef";
    for text in [version.to_owned(), format!("{mark}{modules}{mark}")] {
        let length = u8::try_from(text.len() % 128).unwrap();
        program.push(length | if text.len() > 127 { 0x80 } else { 0 });
        if text.len() > 127 {
            program.push(u8::try_from(text.len() / 128).unwrap());
        }
        program.extend_from_slice(text.as_bytes());
    }
    program
}

#[test]
fn what_languages_installed_and_what_programs_carry_is_found() {
    let modules = "path\texample.com/app\nmod\texample.com/app\t(devel)\t\ndep\tgolang.org/x/net\tv0.17.0\th1:x\n";
    let layer = Archive::default()
        .file("etc/os-release", DEBIAN.as_bytes())
        .file(
            "app/node_modules/lodash/package.json",
            br#"{"name":"lodash","version":"4.17.20"}"#,
        )
        .file(
            "usr/lib/python3/dist-packages/six.dist-info/METADATA",
            b"Name: six\nVersion: 1.16.0\n\nText",
        )
        .file(
            "usr/local/bin/app",
            &go_program("go1.21.3 X:loopvar", modules),
        )
        .file("usr/local/bin/small", b"\x7fELF")
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    let mut found: Vec<_> = taken
        .packages
        .iter()
        .map(|found| {
            (
                found.package.name.as_str(),
                found.package.version.as_deref(),
            )
        })
        .collect();
    found.sort_unstable();
    let expected = [
        ("example.com/app", None),
        ("golang.org/x/net", Some("0.17.0")),
        ("lodash", Some("4.17.20")),
        ("six", Some("1.16.0")),
        ("stdlib", Some("1.21.3")),
    ];
    assert_eq!(found, expected);
    assert!(taken.unreadable.is_empty());
}

#[test]
fn what_a_package_of_the_system_brought_is_owned_by_it() {
    let list = "/.\n/usr\n/usr/lib/python3/dist-packages/six.dist-info/METADATA\n";
    let layer = Archive::default()
        .file("etc/os-release", DEBIAN.as_bytes())
        .file(
            "var/lib/dpkg/status",
            status(&[("python3-six", "1.16.0-4")]).as_bytes(),
        )
        .file("var/lib/dpkg/info/python3-six.list", list.as_bytes())
        .file(
            "usr/lib/python3/dist-packages/six.dist-info/METADATA",
            b"Name: six\nVersion: 1.16.0\n",
        )
        .file(
            "usr/local/lib/python3/dist-packages/six.dist-info/METADATA",
            b"Name: six\nVersion: 1.15.0\n",
        )
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    let owned: Vec<_> = taken
        .packages
        .iter()
        .map(|found| (found.package.version.as_deref().unwrap(), found.is_owned))
        .collect();
    assert_eq!(
        owned,
        [("1.16.0-4", false), ("1.16.0", true), ("1.15.0", false)]
    );
}

#[test]
fn a_program_from_before_build_information_could_be_read_is_named() {
    let mut program = go_program("go1.17", "");
    let at = program
        .windows(4)
        .position(|bytes| bytes == b"inf:")
        .unwrap();
    program[at + 5] = 0;
    let layer = Archive::default().file("bin/old", &program).finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    assert_eq!(taken.unreadable[0].0, "bin/old");
}

#[test]
fn a_database_that_is_a_link_to_what_was_not_read_is_named() {
    let layer = Archive::default()
        .file("etc/os-release", DEBIAN.as_bytes())
        .file("data/status", status(&[("curl", "1")]).as_bytes())
        .link(b'2', "var/lib/dpkg/status", "../../../data/status")
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    assert!(taken.packages.is_empty());
    let (path, error) = &taken.unreadable[0];
    assert_eq!(path, "var/lib/dpkg/status");
    assert!(
        error.to_string().contains("a link to data/status"),
        "{error}"
    );
}

#[test]
fn a_database_that_is_a_ring_of_links_is_named() {
    let layer = Archive::default()
        .link(b'2', "lib/apk/db/installed", "installed")
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    assert_eq!(taken.unreadable[0].0, "lib/apk/db/installed");
}

#[test]
fn a_database_past_the_limit_is_named() {
    let limits = Limits {
        file_bytes: 1000,
        ..Limits::default()
    };
    let layer = Archive::default()
        .file("var/lib/rpm/Packages", &[0; 2000])
        .finish();
    let image = read_archive(
        docker(&[layer]).as_slice(),
        &limits,
        None,
        &inventory::Needs,
    )
    .unwrap();
    let taken = inventory::take(&image, &limits);
    assert_eq!(
        taken.unreadable[0].1.to_string(),
        "the list of packages cannot be read: it has 2000 bytes, and the limit is 1000"
    );
}

#[test]
fn a_journal_beside_a_database_is_named() {
    let layer = Archive::default()
        .file("var/lib/rpm/rpmdb.sqlite-wal", b"changes")
        .finish();
    let taken = inventory::take(&read(&docker(&[layer])).unwrap(), &Limits::default());
    assert_eq!(taken.unreadable[0].0, "var/lib/rpm/rpmdb.sqlite-wal");
}
