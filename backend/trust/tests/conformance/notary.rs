//! Notary v1: verdicts of docker 28.2.2 and notary 0.7.0.

use crate::tally::{self, same};
use jiff::Timestamp;
use plimsoll_trust::{
    digest,
    json::Json,
    notary::{
        Answer, Evidence, Limits, Progress, Remembered, Repository, Request, TagState,
        TrustPinning, Wanted, WarningKind, history, verify,
    },
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

#[test]
fn repositories() {
    let Some(set) = tally::set("notary-v1") else {
        return;
    };
    tally::count("notary-v1", &tally::names(&set), |name| {
        judge(&set.join(name))
    });
}

#[test]
fn the_rotations_of_a_root_are_told_key_by_key() {
    let Some(set) = tally::set("notary-v1") else {
        return;
    };
    let folder = set.join("real-rotation-step10");
    let vector = tally::json(&folder.join("vector.json"));
    let mut roots: BTreeMap<u64, Vec<u8>> = files(&folder.join("repo"))
        .into_iter()
        .filter_map(|(name, bytes)| Some((name.strip_suffix(".root")?.parse().ok()?, bytes)))
        .collect();
    let gun = vector["gun"].as_str().unwrap();
    let now = vector["now"].as_str().unwrap().parse().unwrap();
    let told = history(gun, &roots, now);
    let changes: Vec<_> = told
        .iter()
        .map(|root| {
            assert_eq!(root.broken, None, "version {}", root.version);
            assert_eq!(root.certificates.len(), root.keys["root"].len());
            let changed: Vec<_> = root.added.keys().map(String::as_str).collect();
            (
                root.version,
                changed,
                root.removed.values().map(BTreeSet::len).sum::<usize>(),
            )
        })
        .collect();
    assert_eq!(told.len(), 7);
    assert_eq!(
        changes[0].1.len(),
        4,
        "the first root brings the keys of every role"
    );
    assert!(
        changes[1..].iter().all(|(_, added, _)| added.len() == 1),
        "one role's key a time"
    );
    // Without a version in between, the next does not follow, which is no fault, and nothing is hidden.
    roots.remove(&6);
    assert_eq!(history(gun, &roots, now).len(), 6);
    // Another root in its place does not follow.
    roots.insert(6, roots[&1].clone());
    let broken = &history(gun, &roots, now)[5];
    assert!(broken.broken.is_some());
}

#[test]
fn canonical_json_and_key_ids() {
    let Some(file) = tally::set("notary-v1/canonical.json") else {
        return;
    };
    let cases = tally::json(&file);
    let list = cases["cases"].as_array().unwrap();
    let names: Vec<_> = (0..list.len()).map(|at| at.to_string()).collect();
    tally::count("canonical.json", &names, |at| {
        let case = &list[at.parse::<usize>().unwrap()];
        let written = Json::parse(case["raw"].as_str().unwrap().as_bytes())
            .map_err(|error| error.to_string())?
            .canonical();
        let ours = written.ok().map(|bytes| String::from_utf8(bytes).unwrap());
        same("form", ours, case["canonical"].as_str().map(str::to_owned))
    });
    let list = cases["key_ids"].as_array().unwrap();
    let names: Vec<_> = (0..list.len()).map(|at| at.to_string()).collect();
    tally::count("canonical.json key ids", &names, |at| {
        let case = &list[at.parse::<usize>().unwrap()];
        let key = Json::parse(case["key"].to_string().as_bytes()).unwrap();
        let id = digest::sha256_hex(&key.canonical().unwrap());
        same("id", id.as_str(), case["id"].as_str().unwrap())
    });
}

/// Checks one vector's repository.
pub fn check(folder: &Path, vector: &Value, pinning: &TrustPinning) -> Progress {
    let remembered = Remembered(files(&folder.join("cache")));
    let request = Request {
        gun: vector["gun"].as_str().unwrap(),
        pinning,
        remembered: &remembered,
        now: vector["now"].as_str().unwrap().parse().unwrap(),
        limits: Limits::default(),
    };
    let served = vector["server_reachable"]
        .as_bool()
        .unwrap()
        .then(|| files(&folder.join("repo")));
    settle(&request, served.as_ref())
}

fn judge(folder: &Path) -> Result<(), String> {
    let vector = tally::json(&folder.join("vector.json"));
    let pinning = pinning(folder, &vector["trust_pinning"]);
    let expect = &vector["expect"];
    let expected = expect["repository"].as_str().unwrap();
    match check(folder, &vector, &pinning) {
        Progress::Wanted(_) => Err("it never settles".to_owned()),
        Progress::Unsigned => same("verdict", "unsigned", expected),
        Progress::Refused(fault) => {
            same("verdict", "error", expected).map_err(|error| format!("{error} ({fault})"))?;
            let any: Vec<_> = match expect["error_any_of"].as_array() {
                Some(any) => any.iter().map(|error| error.as_str().unwrap()).collect(),
                None => vec![expect["error"].as_str().unwrap()],
            };
            match any.contains(&fault.class.name()) {
                true => Ok(()),
                false => Err(format!(
                    "class {}, expected {any:?} ({fault})",
                    fault.class.name()
                )),
            }
        }
        Progress::Sound(repository) => {
            same("verdict", "trusted", expected)?;
            compare(&repository, &vector)
        }
    }
}

/// Answers what is wanted until nothing is.
pub fn settle(request: &Request<'_>, served: Option<&BTreeMap<String, Vec<u8>>>) -> Progress {
    let mut evidence = Evidence::new();
    for _ in 0..100 {
        let progress = verify(request, &evidence);
        let Progress::Wanted(files) = progress else {
            return progress;
        };
        for Wanted { name, cap } in files {
            let answer = match served {
                None => Answer::Unreachable("no route".to_owned()),
                Some(served) => match served.get(&role_of(&name)) {
                    None => Answer::Missing,
                    Some(bytes) if bytes.len() as u64 > cap => Answer::TooLong,
                    Some(bytes) => Answer::Found(bytes.clone()),
                },
            };
            assert!(evidence.insert(name, answer).is_none(), "asked for twice");
        }
    }
    verify(request, &evidence)
}

/// The role a file is of: the vectors serve one file under its plain name and under the name with its digest.
pub fn role_of(name: &str) -> String {
    let name = name.strip_suffix(".json").unwrap();
    match name.rsplit_once('.') {
        Some((role, digest)) if digest.len() == 64 => role.to_owned(),
        _ => name.to_owned(),
    }
}

/// Every file of a folder and below by its path without `.json`.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let Ok(entries) = fs::read_dir(&at) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            let role = name.strip_suffix(".json").unwrap_or(name);
            found.insert(role.to_owned(), fs::read(&path).unwrap());
        }
    }
    found
}

pub fn pinning(folder: &Path, json: &Value) -> TrustPinning {
    let Some(json) = json.as_object() else {
        return TrustPinning::default();
    };
    let strings = |value: &Value| -> Vec<String> {
        let list = value.as_array().unwrap();
        list.iter()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let pem =
        |file: &Value| fs::read_to_string(folder.join("pin").join(file.as_str().unwrap())).unwrap();
    let object = |key: &str| {
        json.get(key)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    TrustPinning {
        certificates: object("certs")
            .iter()
            .map(|(gun, ids)| (gun.clone(), strings(ids)))
            .collect(),
        authorities: object("ca")
            .iter()
            .map(|(gun, file)| (gun.clone(), pem(file)))
            .collect(),
        refuse_first_use: json.get("disable_tofu") == Some(&Value::Bool(true)),
    }
}

fn sorted(list: &Value) -> Vec<String> {
    let mut list: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap().to_owned())
        .collect();
    list.sort();
    list
}

fn compare(repository: &Repository, vector: &Value) -> Result<(), String> {
    let expect = &vector["expect"];
    for tag in vector["query_tags"].as_array().unwrap() {
        let tag = tag.as_str().unwrap();
        compare_tag(repository, tag, &expect["tags"][tag])?;
    }
    if let Some(signers) = expect["signer_keys"].as_object() {
        let ours = serde_json::to_value(repository.signer_keys()).unwrap();
        same("signers' keys", &ours, &Value::Object(signers.clone()))?;
        let keys = &expect["admin_keys"];
        same(
            "root keys",
            repository.keys_of("root"),
            sorted(&keys["Root"]),
        )?;
        same(
            "repository keys",
            repository.keys_of("targets"),
            sorted(&keys["Repository"]),
        )?;
    }
    for role in ["root", "snapshot", "targets", "timestamp"] {
        assert!(repository.roles.contains_key(role), "{role} is reported");
    }
    for (role, expires) in expect["expires"].as_object().into_iter().flatten() {
        if let Some(state) = repository.roles.get(role) {
            let expected: Timestamp = expires.as_str().unwrap().parse().unwrap();
            same(&format!("expiry of {role}"), state.expires, expected)?;
        }
    }
    let warned = |kind| {
        repository
            .warnings
            .iter()
            .any(|warning| warning.kind == kind)
    };
    let removed = expect["warn"] == "role_removed_from_snapshot";
    same(
        "warning",
        warned(WarningKind::RoleRemovedFromSnapshot),
        removed,
    )?;
    if vector["server_reachable"] == false {
        same("stale", warned(WarningKind::Stale), true)?;
    }
    Ok(())
}

fn compare_tag(repository: &Repository, tag: &str, expected: &Value) -> Result<(), String> {
    let ours = repository.tag(tag);
    let status = match &ours {
        TagState::Signed(_) => "signed",
        TagState::Absent => "absent",
        TagState::NotReleased { .. } => "not_released",
        TagState::NoUsableHash { .. } => "no_usable_hash",
    };
    same(
        &format!("state of {tag}"),
        status,
        expected["status"].as_str().unwrap(),
    )?;
    let TagState::Signed(signed) = ours else {
        return Ok(());
    };
    same(
        "digest",
        signed.digest.as_str(),
        expected["digest"].as_str().unwrap(),
    )?;
    same(
        "role",
        signed.role.as_str(),
        expected["role"].as_str().unwrap(),
    )?;
    same(
        "length",
        signed.length,
        expected["length"].as_u64().unwrap(),
    )?;
    let Some(signers) = expected["signers"].as_array() else {
        return Ok(());
    };
    // Nobody beside the releasing role: `docker trust` calls that the repository's admin.
    let ours = match signed.signers.is_empty() {
        true => vec!["Repo Admin".to_owned()],
        false => signed.signers,
    };
    let expected: Vec<_> = signers
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    same("signers", ours, expected)
}
