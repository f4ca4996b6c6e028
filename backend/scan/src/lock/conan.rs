//! `conan.lock` of both generations.

use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Lock {
    graph_lock: Option<Graph>,
    requires: Option<Vec<String>>,
    build_requires: Option<Vec<String>>,
    python_requires: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Graph {
    #[serde(default)]
    nodes: BTreeMap<String, Node>,
}

#[derive(Deserialize)]
struct Node {
    #[serde(rename = "ref")]
    reference: Option<String>,
    pref: Option<String>,
    path: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Option<Lock> = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("conan.lock", error.to_string()))?;
    let Some(lock) = lock else {
        return Ok(Vec::new());
    };
    let nodes = lock
        .graph_lock
        .into_iter()
        .flat_map(|graph| graph.nodes.into_values());
    let graph = nodes.filter_map(|node| {
        // What has a path is the project, or a folder that is worked on beside it.
        let origin = if node.path.is_some() {
            Origin::Project
        } else {
            Origin::Registry
        };
        Some(package(&node.reference.or(node.pref)?)?.from(origin))
    });
    let lists = [lock.requires, lock.build_requires, lock.python_requires];
    let listed = lists.into_iter().flatten().flatten();
    Ok(graph
        .chain(listed.filter_map(|reference| package(&reference)))
        .collect())
}

/// `name/version@user/channel#revision%time:package`.
fn package(reference: &str) -> Option<Package> {
    let (name, rest) = reference.split_once('/')?;
    let end = rest.find(['@', '#', '%', ':']).unwrap_or(rest.len());
    (!name.is_empty()).then(|| Package::new(Kind::Conan, name, &rest[..end]))
}
