//! Words for states, each with the sign that stands before it.

use crate::state::link::Link;
use plimsoll_shared::{ContainerState, EventKind, Health, HostState};

/// Words for states.
pub(crate) struct States {
    /// A container's state, with its exit code when it ended.
    pub(crate) state: fn(ContainerState, Option<i64>) -> String,
    /// What a health check says.
    pub(crate) health: fn(Health) -> &'static str,
    /// What happened to a container.
    pub(crate) event: fn(EventKind) -> &'static str,
    /// A host whose engine answers.
    pub(crate) up: &'static str,
    /// A host that was silent for a moment.
    pub(crate) stale: &'static str,
    /// A host whose engine cannot be reached.
    pub(crate) down: &'static str,
    /// No engine found yet.
    pub(crate) searching: &'static str,
}

/// The sign of a state: its shape says it without its colour.
pub(crate) fn state_sign(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Running => "●",
        ContainerState::Paused => "◐",
        ContainerState::Restarting => "↻",
        ContainerState::Created => "○",
        ContainerState::Removing => "◌",
        ContainerState::Exited => "■",
        ContainerState::Dead => "✕",
        ContainerState::Unknown => "?",
    }
}

/// The sign of a health check's verdict.
pub(crate) fn health_sign(health: Health) -> &'static str {
    match health {
        Health::None => "",
        Health::Starting => "◌",
        Health::Healthy => "✓",
        Health::Unhealthy => "✕",
        Health::Unknown => "?",
    }
}

/// English.
pub(super) const EN: States = States {
    state: |state, exit_code| match (state, exit_code) {
        (ContainerState::Created, _) => "created".to_owned(),
        (ContainerState::Running, _) => "running".to_owned(),
        (ContainerState::Paused, _) => "paused".to_owned(),
        (ContainerState::Restarting, _) => "restarting".to_owned(),
        (ContainerState::Removing, _) => "removing".to_owned(),
        (ContainerState::Exited, Some(code)) => format!("exited ({code})"),
        (ContainerState::Exited, None) => "exited".to_owned(),
        (ContainerState::Dead, _) => "dead".to_owned(),
        (ContainerState::Unknown, _) => "unknown".to_owned(),
    },
    health: |health| match health {
        Health::None => "no check",
        Health::Starting => "starting",
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::Unknown => "not known",
    },
    event: |kind| match kind {
        EventKind::Create => "created",
        EventKind::Start => "started",
        EventKind::Die => "ended",
        EventKind::Oom => "out of memory",
        EventKind::Kill => "signalled",
        EventKind::Stop => "stopped",
        EventKind::Restart => "restarted",
        EventKind::Pause => "paused",
        EventKind::Unpause => "resumed",
        EventKind::Rename => "renamed",
        EventKind::Update => "limits changed",
        EventKind::Health => "health",
        EventKind::Destroy => "removed",
    },
    up: "up",
    stale: "silent",
    down: "down",
    searching: "looking for an engine",
};

/// Simplified Chinese.
pub(super) const ZH: States = States {
    state: |state, exit_code| match (state, exit_code) {
        (ContainerState::Created, _) => "已创建".to_owned(),
        (ContainerState::Running, _) => "运行中".to_owned(),
        (ContainerState::Paused, _) => "已暂停".to_owned(),
        (ContainerState::Restarting, _) => "重启中".to_owned(),
        (ContainerState::Removing, _) => "删除中".to_owned(),
        (ContainerState::Exited, Some(code)) => format!("已退出 ({code})"),
        (ContainerState::Exited, None) => "已退出".to_owned(),
        (ContainerState::Dead, _) => "已失效".to_owned(),
        (ContainerState::Unknown, _) => "未知".to_owned(),
    },
    health: |health| match health {
        Health::None => "无检查",
        Health::Starting => "启动中",
        Health::Healthy => "健康",
        Health::Unhealthy => "不健康",
        Health::Unknown => "未知",
    },
    event: |kind| match kind {
        EventKind::Create => "已创建",
        EventKind::Start => "已启动",
        EventKind::Die => "已结束",
        EventKind::Oom => "内存不足",
        EventKind::Kill => "收到信号",
        EventKind::Stop => "已停止",
        EventKind::Restart => "已重启",
        EventKind::Pause => "已暂停",
        EventKind::Unpause => "已恢复",
        EventKind::Rename => "已改名",
        EventKind::Update => "限制已变更",
        EventKind::Health => "健康检查",
        EventKind::Destroy => "已删除",
    },
    up: "正常",
    stale: "无响应",
    down: "已断开",
    searching: "正在寻找引擎",
};

/// The sign of a connection: its shape says it without its colour.
pub(crate) fn link_sign(link: Link) -> &'static str {
    match link {
        Link::Live => "●",
        Link::Connecting | Link::Reconnecting => "↻",
        Link::Stale { .. } => "▲",
    }
}

/// The sign of a host's state.
pub(crate) fn host_sign(state: &HostState) -> &'static str {
    match state {
        HostState::Up { .. } => "●",
        HostState::Searching { .. } => "◌",
        HostState::Stale { .. } => "▲",
        HostState::Down { .. } => "✕",
    }
}
