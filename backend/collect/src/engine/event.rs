//! One message of `GET /events` as something that happened to a container.

use bollard::models::{EventMessage, EventMessageTypeEnum};
use plimsoll_model::Happening;
use plimsoll_shared::{ContainerId, EventKind, UnixMs};

/// What a message says happened; `None` for everything that is not kept as history (`exec_start`, `top`, …).
pub(crate) fn happening(message: EventMessage) -> Option<Happening> {
    if message
        .typ
        .is_some_and(|kind| kind != EventMessageTypeEnum::CONTAINER)
    {
        return None;
    }
    let actor = message.actor?;
    let container: ContainerId = actor.id?.parse().ok()?;
    let attributes = actor.attributes.unwrap_or_default();
    let attribute = |name: &str| attributes.get(name).cloned();
    let action = message.action?;
    let (word, verdict) = match action.split_once(": ") {
        Some((word, verdict)) => (word, Some(verdict.to_owned())),
        None => (action.as_str(), None),
    };
    let kind = kind(word)?;
    let name = attribute("name").unwrap_or_else(|| container.short().to_owned());
    let detail = match kind {
        EventKind::Die => attribute("exitCode").or_else(|| attribute("containerExitCode")),
        EventKind::Kill => attribute("signal"),
        EventKind::Health => verdict.or_else(|| attribute("health_status")),
        EventKind::Rename => attribute("oldName").map(|old| {
            let old = old.strip_prefix('/').unwrap_or(&old);
            format!("{old} → {name}")
        }),
        _ => None,
    };
    let at = match (message.time_nano, message.time) {
        (Some(nanos), _) => nanos / 1_000_000,
        (None, Some(seconds)) => seconds.saturating_mul(1000),
        (None, None) => return None,
    };
    Some(Happening {
        at: UnixMs(at),
        container,
        name,
        kind,
        detail,
    })
}

/// The kind an action's word names, Podman's words included.
fn kind(word: &str) -> Option<EventKind> {
    match word {
        "died" => Some(EventKind::Die),
        "remove" => Some(EventKind::Destroy),
        "health_status" => Some(EventKind::Health),
        "health" => None,
        word => EventKind::from_word(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: &str, attributes: &str) -> Option<Happening> {
        let id = "a".repeat(64);
        let line = format!(
            r#"{{"status":"x","id":"{id}","from":"busybox","Type":"container","Action":"{action}","Actor":{{"ID":"{id}","Attributes":{attributes}}},"scope":"local","time":1795528800,"timeNano":1795528800123456789}}"#
        );
        happening(serde_json::from_str(&line).unwrap())
    }

    #[test]
    fn an_end_tells_its_exit_code_and_a_kill_its_signal() {
        let die = event("die", r#"{"exitCode":"137","name":"web"}"#).unwrap();
        assert_eq!(die.kind, EventKind::Die);
        assert_eq!(die.name, "web");
        assert_eq!(die.detail.as_deref(), Some("137"));
        assert_eq!(die.at, UnixMs(1_795_528_800_123));
        let kill = event("kill", r#"{"signal":"15","name":"web"}"#).unwrap();
        assert_eq!(kill.detail.as_deref(), Some("15"));
    }

    #[test]
    fn a_health_check_tells_its_verdict() {
        let health = event("health_status: unhealthy", r#"{"name":"web"}"#).unwrap();
        assert_eq!(health.kind, EventKind::Health);
        assert_eq!(health.detail.as_deref(), Some("unhealthy"));
    }

    #[test]
    fn a_rename_tells_both_names() {
        let rename = event("rename", r#"{"oldName":"/old","name":"new"}"#).unwrap();
        assert_eq!(rename.detail.as_deref(), Some("old → new"));
    }

    #[test]
    fn what_is_not_history_is_passed_over() {
        assert_eq!(event("exec_start: sh -c true", r#"{"name":"web"}"#), None);
        assert_eq!(event("top", "{}"), None);
        assert_eq!(event("attach", "null"), None);
        let image = r#"{"Type":"image","Action":"pull","Actor":{"ID":"x"},"time":1}"#;
        assert_eq!(happening(serde_json::from_str(image).unwrap()), None);
    }
}
