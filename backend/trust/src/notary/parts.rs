//! The parts that metadata files are made of, read strictly.

use super::{
    fault::Fault,
    key::Key,
    metadata::{Common, Delegation, FileMeta, RoleKeys, Signature},
    role,
};
use crate::json::Json;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn read_signatures(list: &Json) -> Option<Vec<Signature>> {
    list.list()?
        .iter()
        .map(|signature| {
            Some(Signature {
                key_id: signature.get("keyid")?.text()?.to_owned(),
                method: signature.get("method")?.text()?.to_lowercase(),
                bytes: STANDARD.decode(signature.get("sig")?.text()?).ok()?,
            })
        })
        .collect()
}

pub(super) fn read_common(role: &str, kind: &str, signed: &Json) -> Result<Common, Fault> {
    let said = signed.get("_type").and_then(Json::text).unwrap_or_default();
    if said != kind {
        return Err(Fault::structure(
            role,
            format!("its type is {said:?} where {kind:?} must stand"),
        ));
    }
    let version = signed
        .get("version")
        .and_then(Json::natural)
        .filter(|version| *version >= 1)
        .ok_or_else(|| Fault::structure(role, "its version is not a number from 1 up"))?;
    let expires = signed
        .get("expires")
        .and_then(Json::text)
        .and_then(|expires| expires.parse().ok())
        .ok_or_else(|| Fault::structure(role, "its expiry is not a time"))?;
    Ok(Common { version, expires })
}

pub(super) fn read_keys(role: &str, json: Option<&Json>) -> Result<BTreeMap<String, Key>, Fault> {
    let listed = match json {
        None | Some(Json::Null) => return Ok(BTreeMap::new()),
        Some(json) => json.object(),
    };
    listed
        .ok_or_else(|| Fault::structure(role, "its keys are no object"))?
        .iter()
        .map(|(id, key)| match Key::read(key) {
            Some(key) => Ok((id.clone(), key)),
            None => Err(Fault::structure(
                role,
                format!("the key {id:?} is malformed"),
            )),
        })
        .collect()
}

pub(super) fn read_role_keys(json: &Json) -> Option<RoleKeys> {
    let key_ids = match json.get("keyids")? {
        Json::Null => vec![],
        ids => ids
            .list()?
            .iter()
            .map(|id| id.text().map(str::to_owned))
            .collect::<Option<_>>()?,
    };
    Some(RoleKeys {
        key_ids,
        threshold: json.get("threshold")?.natural()?,
    })
}

pub(super) fn check_role_keys(
    file: &str,
    name: &str,
    role: &RoleKeys,
    keys: &BTreeMap<String, Key>,
) -> Result<(), Fault> {
    if role.threshold < 1 {
        return Err(Fault::structure(
            file,
            format!("the role {name:?} wants no signature at all"),
        ));
    }
    match role.key_ids.iter().find(|id| !keys.contains_key(*id)) {
        Some(id) => Err(Fault::structure(
            file,
            format!("the role {name:?} lists the key {id:?}, which is not there"),
        )),
        None => Ok(()),
    }
}

pub(super) fn read_files(
    role: &str,
    field: &str,
    json: Option<&Json>,
) -> Result<BTreeMap<String, FileMeta>, Fault> {
    json.and_then(Json::object)
        .ok_or_else(|| Fault::structure(role, format!("it has no object {field:?}")))?
        .iter()
        .map(|(name, file)| match FileMeta::read(file) {
            Some(meta) => Ok((name.clone(), meta)),
            None => Err(Fault::structure(
                role,
                format!("the entry {name:?} of {field:?} is malformed"),
            )),
        })
        .collect()
}

pub(super) fn read_delegations(
    role: &str,
    json: &Json,
) -> Result<(BTreeMap<String, Key>, Vec<Delegation>), Fault> {
    let keys = read_keys(role, json.get("keys"))?;
    let listed = match json.get("roles") {
        None | Some(Json::Null) => return Ok((keys, vec![])),
        Some(roles) => roles.list(),
    };
    let mut delegations = Vec::new();
    let mut names = BTreeSet::new();
    for json in listed.ok_or_else(|| Fault::structure(role, "its delegations are no list"))? {
        let delegation = read_delegation(json)
            .ok_or_else(|| Fault::structure(role, "one of its delegations is malformed"))?;
        let name = &delegation.name;
        if !role::is_delegation(name) || role::parent(name) != Some(role) {
            return Err(Fault::structure(
                role,
                format!("it cannot delegate to a role called {name:?}"),
            ));
        }
        if !names.insert(name.clone()) {
            return Err(Fault::structure(
                role,
                format!("it delegates to {name} twice"),
            ));
        }
        check_role_keys(role, name, &delegation.keys, &keys)?;
        delegations.push(delegation);
    }
    Ok((keys, delegations))
}

fn read_delegation(json: &Json) -> Option<Delegation> {
    let paths = match json.get("paths") {
        None | Some(Json::Null) => vec![],
        Some(paths) => paths
            .list()?
            .iter()
            .map(|path| path.text().map(str::to_owned))
            .collect::<Option<_>>()?,
    };
    Some(Delegation {
        name: json.get("name")?.text()?.to_owned(),
        keys: read_role_keys(json)?,
        paths,
    })
}
