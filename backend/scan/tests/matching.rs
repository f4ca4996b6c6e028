//! The cases that scanners have got wrong, each by its name.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use plimsoll_scan::{
    Advisory, Kind, Origin, Package, Source, apk, dpkg,
    matching::{FixState, Index, Severity, Unmatched, keys},
    os_release::{self, Distribution},
};
use serde_json::{Value, json};

fn system(os_release: &str) -> Distribution {
    os_release::read("etc/os-release", os_release.as_bytes()).unwrap()
}

fn index(advisories: &[Value]) -> Index {
    let mut index = Index::default();
    for advisory in advisories {
        index.add(Advisory::read(advisory.to_string().as_bytes()).unwrap());
    }
    index
}

/// An advisory for one package, fixed in a version.
fn fixed(id: &str, ecosystem: &str, name: &str, version: &str) -> Value {
    json!({ "id": id, "affected": [{
        "package": { "ecosystem": ecosystem, "name": name },
        "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": version }] }],
    }] })
}

fn found(index: &Index, package: &Package, distribution: Option<&Distribution>) -> Vec<String> {
    let outcome = index.matches(package, distribution).unwrap();
    outcome
        .findings
        .iter()
        .map(|finding| finding.advisory.id.clone())
        .collect()
}

fn from_source(
    kind: Kind,
    name: &str,
    version: &str,
    source: &str,
    source_version: Option<&str>,
) -> Package {
    let mut package = Package::new(kind, name, version);
    package.source = Some(Source {
        name: source.to_owned(),
        version: source_version.map(str::to_owned),
    });
    package
}

#[test]
fn an_epoch_decides_before_the_numbers() {
    let advisories = index(&[fixed(
        "ALSA-1",
        "AlmaLinux:8",
        "openssl-libs",
        "1:1.1.1k-5.el8_5",
    )]);
    let alma = system("ID=almalinux\nVERSION_ID=8.5");
    let package = |version| Package::new(Kind::Rpm, "openssl-libs", version);
    assert_eq!(
        found(&advisories, &package("1:1.1.1k-4.el8"), Some(&alma)),
        ["ALSA-1"]
    );
    assert!(found(&advisories, &package("2:1.0.0-1.el8"), Some(&alma)).is_empty());
}

#[test]
fn a_debian_package_is_looked_up_by_its_source_and_the_sources_version() {
    let advisories = index(&[fixed("DSA-1", "Debian:12", "glibc", "2.36-9+deb12u3")]);
    let debian = system("ID=debian\nVERSION_ID=12");
    let binary = from_source(
        Kind::Deb,
        "libc-bin",
        "2.36-9+deb12u3+b1",
        "glibc",
        Some("2.36-9+deb12u2"),
    );
    assert_eq!(found(&advisories, &binary, Some(&debian)), ["DSA-1"]);
    let rebuilt = from_source(
        Kind::Deb,
        "libc-bin",
        "2.36-9+deb12u3+b1",
        "glibc",
        Some("2.36-9+deb12u3"),
    );
    assert!(found(&advisories, &rebuilt, Some(&debian)).is_empty());
}

#[test]
fn a_removed_package_of_which_the_configuration_is_left_is_not_there() {
    let status = "Package: nginx\nStatus: deinstall ok config-files\nVersion: 1.0\n\nPackage: a\nStatus: install ok installed\nVersion: 1\n";
    let packages = dpkg::read_status(status.as_bytes()).unwrap();
    assert_eq!(packages.len(), 1);
    assert_eq!(packages[0].name, "a");
}

#[test]
fn a_distroless_package_has_no_status_and_is_there() {
    let packages =
        dpkg::read_status_d(b"Package: libssl1.1\nVersion: 1.1.0k-1~deb9u1\nSource: openssl\n")
            .unwrap();
    assert_eq!(packages[0].source_name(), "openssl");
}

#[test]
fn an_alpine_package_is_looked_up_by_its_origin() {
    let advisories = index(&[fixed("ALPINE-1", "Alpine:v3.18", "openssl", "3.1.4-r0")]);
    let alpine = system("ID=alpine\nVERSION_ID=3.18.4");
    let package = from_source(Kind::Apk, "libssl3", "3.1.3-r0", "openssl", None);
    assert_eq!(found(&advisories, &package, Some(&alpine)), ["ALPINE-1"]);
}

#[test]
fn an_alpine_release_candidate_is_older_than_its_release() {
    let advisories = index(&[fixed("ALPINE-1", "Alpine:v3.18", "jq", "1.6_rc1-r0")]);
    let alpine = system("ID=alpine\nVERSION_ID=3.18.4");
    assert!(
        found(
            &advisories,
            &Package::new(Kind::Apk, "jq", "1.6-r0"),
            Some(&alpine)
        )
        .is_empty()
    );
}

#[test]
fn a_malformed_fixed_version_of_alpine_does_not_stop_the_scan() {
    let advisories = index(&[fixed("ALPINE-1", "Alpine:v3.18", "docker", "20.10.11.r0")]);
    let alpine = system("ID=alpine\nVERSION_ID=3.18.4");
    let package = |version| Package::new(Kind::Apk, "docker", version);
    assert_eq!(
        found(&advisories, &package("20.10.9-r0"), Some(&alpine)),
        ["ALPINE-1"]
    );
    assert!(found(&advisories, &package("20.10.14-r0"), Some(&alpine)).is_empty());
}

#[test]
fn repositories_of_edge_are_seen_on_a_numbered_release() {
    let text =
        "#https://x/alpine/v3.1/main\nhttps://dl-cdn.alpinelinux.org/alpine/edge/community\n";
    assert_eq!(apk::release_of_repositories(text), Some("edge"));
}

#[test]
fn a_plain_ubuntu_is_not_shown_what_only_pro_fixes() {
    let advisories = index(&[
        fixed("USN-1", "Ubuntu:18.04:LTS", "curl", "7.58.0-2ubuntu3.24"),
        fixed(
            "USN-2",
            "Ubuntu:Pro:18.04:LTS",
            "curl",
            "7.58.0-2ubuntu3.24+esm4",
        ),
    ]);
    let ubuntu = system("ID=ubuntu\nVERSION_ID=\"18.04\"");
    let package = |version| Package::new(Kind::Deb, "curl", version);
    assert_eq!(
        found(&advisories, &package("7.58.0-2ubuntu3.20"), Some(&ubuntu)),
        ["USN-1"]
    );
    assert_eq!(
        found(
            &advisories,
            &package("7.58.0-2ubuntu3.24+esm1"),
            Some(&ubuntu)
        ),
        ["USN-2"]
    );
}

#[test]
fn an_interim_ubuntu_has_no_long_term_ecosystem() {
    let ubuntu = system("ID=ubuntu\nVERSION_ID=\"23.10\"");
    let package = Package::new(Kind::Deb, "curl", "1");
    assert_eq!(
        keys(&package, Some(&ubuntu)).unwrap()[0].ecosystem,
        "Ubuntu:23.10"
    );
}

#[test]
fn another_stream_of_a_module_is_not_affected() {
    let mut advisory = fixed(
        "ALSA-1",
        "AlmaLinux:8",
        "npm",
        "1:8.19.3-1.16.19.1.1.module_el8.7.0+3370+1ab3b6c3",
    );
    advisory["summary"] = json!("Important: nodejs:16 security update");
    let advisories = index(&[advisory]);
    let alma = system("ID=almalinux\nVERSION_ID=8.7");
    let package = |label: Option<&str>| {
        let mut package = Package::new(
            Kind::Rpm,
            "npm",
            "1:6.14.11-1.14.16.0.2.module_el8.4.0+2522+3bd42762",
        );
        package.modularity = label.map(str::to_owned);
        package
    };
    assert!(
        found(
            &advisories,
            &package(Some("nodejs:14:8040020210708131418:522a0ee4")),
            Some(&alma)
        )
        .is_empty()
    );
    assert_eq!(
        found(
            &advisories,
            &package(Some("nodejs:16:8070020230110102456:1")),
            Some(&alma)
        ),
        ["ALSA-1"]
    );
    // Without its label nobody knows the stream: that is said, and not taken for free of findings.
    assert_eq!(
        advisories.matches(&package(None), Some(&alma)),
        Err(Unmatched::NoStream)
    );
}

#[test]
fn a_build_of_no_module_is_not_held_against_one_of_a_module() {
    let advisories = index(&[fixed(
        "ALSA-1",
        "AlmaLinux:8",
        "perl",
        "4:5.30.1-452.module_el8.6.0+2851+4e27a9c3",
    )]);
    let alma = system("ID=almalinux\nVERSION_ID=8.7");
    let package = Package::new(Kind::Rpm, "perl", "4:5.26.3-421.el8");
    assert!(found(&advisories, &package, Some(&alma)).is_empty());
}

#[test]
fn a_ksplice_build_is_held_against_ksplice_fixes_only() {
    let advisories = index(&[
        fixed(
            "ELSA-1",
            "Oracle Linux:8",
            "openssl",
            "2:1.1.1g-15.ksplice1.el8_3",
        ),
        fixed("ELSA-2", "Oracle Linux:8", "openssl", "1:1.1.1g-15.el8_3"),
    ]);
    let oracle = system("ID=ol\nVERSION_ID=8.3");
    let plain = Package::new(Kind::Rpm, "openssl", "1:1.1.1g-12.el8_3");
    let patched = Package::new(Kind::Rpm, "openssl", "2:1.1.1g-12.ksplice1.el8_3");
    assert_eq!(found(&advisories, &plain, Some(&oracle)), ["ELSA-2"]);
    assert_eq!(found(&advisories, &patched, Some(&oracle)), ["ELSA-1"]);
}

#[test]
fn a_package_of_another_repository_is_named_and_not_matched() {
    let redhat = system("ID=rhel\nVERSION_ID=7.9");
    let package = Package::new(Kind::Rpm, "php", "7.4.33-1.el7.remi");
    assert_eq!(keys(&package, Some(&redhat)), Err(Unmatched::ThirdParty));
}

#[test]
fn only_the_binaries_that_suse_lists_are_affected() {
    let mut advisory = fixed(
        "SUSE-SU-1",
        "openSUSE:Leap 15.5",
        "curl",
        "8.0.1-150400.5.26.1",
    );
    advisory["affected"][0]["ecosystem_specific"] =
        json!({ "binaries": [{ "libcurl4": "8.0.1-150400.5.26.1" }] });
    let advisories = index(&[advisory]);
    let leap = system("ID=opensuse-leap\nVERSION_ID=15.5\nPRETTY_NAME=\"openSUSE Leap 15.5\"");
    let package = |name| from_source(Kind::Rpm, name, "8.0.1-150400.5.20.1", "curl", None);
    assert_eq!(
        found(&advisories, &package("libcurl4"), Some(&leap)),
        ["SUSE-SU-1"]
    );
    assert!(found(&advisories, &package("curl-doc"), Some(&leap)).is_empty());
}

#[test]
fn a_record_without_a_release_covers_every_debian() {
    let advisories = index(&[fixed("DSA-1", "Debian", "bash", "5.2-1")]);
    let debian = system("ID=debian\nVERSION_ID=12");
    assert_eq!(
        found(
            &advisories,
            &Package::new(Kind::Deb, "bash", "5.1-1"),
            Some(&debian)
        ),
        ["DSA-1"]
    );
}

#[test]
fn another_releases_advisory_is_not_this_ones() {
    let advisories = index(&[fixed("DSA-1", "Debian:11", "bash", "5.2-1")]);
    let debian = system("ID=debian\nVERSION_ID=12");
    assert!(
        found(
            &advisories,
            &Package::new(Kind::Deb, "bash", "5.1-1"),
            Some(&debian)
        )
        .is_empty()
    );
}

#[test]
fn a_development_build_of_go_is_of_no_known_version() {
    let package = Package::new(Kind::Golang, "example.com/app", "");
    assert_eq!(keys(&package, None), Err(Unmatched::NoVersion));
}

#[test]
fn a_pseudo_version_of_go_is_before_the_release_it_leads_to() {
    let advisories = index(&[fixed("GO-1", "Go", "golang.org/x/net", "0.7.0")]);
    let package = |version| Package::new(Kind::Golang, "golang.org/x/net", version);
    assert_eq!(
        found(
            &advisories,
            &package("0.0.0-20220722155237-a158d28d115b"),
            None
        ),
        ["GO-1"]
    );
    assert!(
        found(
            &advisories,
            &package("0.7.1-0.20230301000000-abcdefabcdef"),
            None
        )
        .is_empty()
    );
}

#[test]
fn a_crate_from_git_is_named_and_not_matched() {
    let package = Package::new(Kind::Cargo, "time", "0.1.0").from(Origin::Sources);
    assert_eq!(keys(&package, None), Err(Unmatched::NotPublished));
}

#[test]
fn spellings_of_a_python_package_are_one_name() {
    let advisories = index(&[fixed("PYSEC-1", "PyPI", "zope.interface", "5.0")]);
    assert_eq!(
        found(
            &advisories,
            &Package::new(Kind::Pypi, "Zope_Interface", "4.0"),
            None
        ),
        ["PYSEC-1"]
    );
}

#[test]
fn events_out_of_order_give_the_same_answer() {
    let events = [
        json!({ "introduced": "0" }),
        json!({ "fixed": "1.5" }),
        json!({ "introduced": "2.0" }),
        json!({ "fixed": "2.3" }),
    ];
    for turn in 0..events.len() {
        let mut events = events.to_vec();
        events.rotate_left(turn);
        events.swap(0, 2);
        let advisories = index(&[json!({ "id": "X", "affected": [{
            "package": { "ecosystem": "PyPI", "name": "a" },
            "ranges": [{ "type": "ECOSYSTEM", "events": events }],
        }] })]);
        let affected =
            |version| !found(&advisories, &Package::new(Kind::Pypi, "a", version), None).is_empty();
        let answers = ["1.0", "1.5", "1.9", "2.0", "2.2.9", "2.3"].map(affected);
        assert_eq!(answers, [true, false, false, true, true, false]);
    }
}

#[test]
fn the_last_affected_version_is_affected() {
    let advisories = index(&[json!({ "id": "X", "affected": [{
        "package": { "ecosystem": "Maven", "name": "a:b" },
        "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "1.0" }, { "last_affected": "2.0" }] }],
    }] })]);
    let affected = |version| {
        !found(
            &advisories,
            &Package::new(Kind::Maven, "a:b", version),
            None,
        )
        .is_empty()
    };
    assert_eq!(
        ["0.9", "1.0", "2.0", "2.0.1"].map(affected),
        [false, true, true, false]
    );
}

#[test]
fn a_withdrawn_advisory_is_never_shown() {
    let mut advisory = fixed("X", "npm", "a", "2.0.0");
    advisory["withdrawn"] = json!("2026-01-01T00:00:00Z");
    assert!(index(&[advisory]).is_empty());
}

#[test]
fn a_range_of_commits_says_nothing_of_a_package() {
    let advisories = index(&[json!({ "id": "X", "affected": [{
        "package": { "ecosystem": "PyPI", "name": "a" },
        "ranges": [{ "type": "GIT", "events": [{ "introduced": "0" }] }], "versions": ["1.0"],
    }] })]);
    let affected =
        |version| !found(&advisories, &Package::new(Kind::Pypi, "a", version), None).is_empty();
    assert_eq!(["1.0", "1.1"].map(affected), [true, false]);
}

#[test]
fn what_nobody_can_tell_is_said_and_is_neither_affected_nor_free() {
    let advisories = index(&[fixed("X", "PyPI", "a", "not a version")]);
    let outcome = advisories
        .matches(&Package::new(Kind::Pypi, "a", "1.0"), None)
        .unwrap();
    assert!(outcome.findings.is_empty());
    assert_eq!(outcome.unclear[0].id, "X");
}

#[test]
fn an_unknown_distribution_has_no_feed_and_is_not_clean() {
    let package = Package::new(Kind::Deb, "a", "1");
    assert_eq!(
        keys(&package, Some(&system("ID=plan9\nVERSION_ID=4"))),
        Err(Unmatched::NoFeed)
    );
    assert_eq!(keys(&package, None), Err(Unmatched::NoRelease));
}

#[test]
fn a_vendors_word_comes_before_a_score_and_keeps_it() {
    let mut advisory = fixed("X", "Debian:12", "a", "2");
    advisory["affected"][0]["ecosystem_specific"] = json!({ "urgency": "low" });
    advisory["severity"] =
        json!([{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }]);
    let advisories = index(&[advisory]);
    let debian = system("ID=debian\nVERSION_ID=12");
    let package = Package::new(Kind::Deb, "a", "1");
    let outcome = advisories.matches(&package, Some(&debian)).unwrap();
    let rating = outcome.findings[0].rating.clone().unwrap();
    assert_eq!(
        (rating.severity, rating.source.as_str(), rating.score),
        (Severity::Low, "vendor", Some(9.8))
    );
}

#[test]
fn scores_of_every_standard_are_read() {
    let score = |standard: &str, vector: &str| {
        let mut advisory = fixed("X", "npm", "a", "2.0.0");
        advisory["severity"] = json!([{ "type": standard, "score": vector }]);
        let advisories = index(&[advisory]);
        let outcome = advisories
            .matches(&Package::new(Kind::Npm, "a", "1.0.0"), None)
            .unwrap();
        outcome.findings[0].rating.clone().unwrap().score.unwrap()
    };
    let close = |this: f64, that: f64| (this - that).abs() < 0.01;
    assert!(close(score("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P"), 7.5));
    assert!(close(
        score("CVSS_V3", "CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        8.1
    ));
    let four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    assert!(close(score("CVSS_V4", four), 9.3));
}

#[test]
fn what_is_not_fixed_has_the_vendors_reason() {
    let state = |word: &str| {
        let advisories = index(&[json!({ "id": "X", "affected": [{
            "package": { "ecosystem": "Red Hat:enterprise_linux:8::baseos", "name": "bash" },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }],
            "ecosystem_specific": { "status": word },
        }] })]);
        let redhat = system("ID=rhel\nVERSION_ID=8.9");
        let outcome = advisories
            .matches(&Package::new(Kind::Rpm, "bash", "4.4-1.el8"), Some(&redhat))
            .unwrap();
        outcome.findings[0].state
    };
    assert_eq!(state("will_not_fix"), FixState::WillNotFix);
    assert_eq!(state("fix_deferred"), FixState::FixDeferred);
    assert_eq!(state("end_of_life"), FixState::EndOfLife);
    assert_eq!(state("under_investigation"), FixState::UnderInvestigation);
    assert_eq!(state("affected"), FixState::Affected);
}
