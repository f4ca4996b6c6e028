//! Words of the overview.

use super::counted;
use plimsoll_shared::{
    overview::{ChangeKind, NearLimit},
    series::Metric,
};

/// Words of the overview.
pub(crate) struct Overview {
    /// The numbers at the top, for screen readers.
    pub(crate) numbers: &'static str,
    /// What that many hosts are: their engine answers, is silent, is down, is still looked for.
    pub(crate) hosts: fn([u32; 4]) -> [&'static str; 4],
    /// CPU of all containers.
    pub(crate) cpu: &'static str,
    /// Memory of all containers.
    pub(crate) memory: &'static str,
    /// An engine cannot be reached since that time by the clock.
    pub(crate) host_down: fn(&str) -> String,
    /// An engine is silent since that time by the clock.
    pub(crate) host_silent: fn(&str) -> String,
    /// Where history is told of.
    pub(crate) history: &'static str,
    /// History is not being recorded; so many readings are lost.
    pub(crate) not_recording: fn(u64) -> String,
    /// Heading of the greatest consumers over a stretch of time.
    pub(crate) top: fn(&str) -> String,
    /// Before the stretch is known.
    pub(crate) top_plain: &'static str,
    /// What is ranked.
    pub(crate) metric: fn(Metric) -> &'static str,
    /// More about the link of that heading.
    pub(crate) sorted: fn(&str) -> String,
    /// Mean and largest value of a stretch.
    pub(crate) mean_max: fn(&str, &str) -> String,
    /// Nobody was measured.
    pub(crate) top_none: &'static str,
    /// Heading of what is near its limit.
    pub(crate) near: &'static str,
    /// Nothing is.
    pub(crate) near_none: &'static str,
    /// Which limit, with the value and the limit.
    pub(crate) limit: fn(NearLimit, &str, &str) -> String,
    /// Heading of what changed in a stretch of time.
    pub(crate) changed: fn(&str) -> String,
    /// Before the stretch is known.
    pub(crate) changed_plain: &'static str,
    /// Nothing did.
    pub(crate) changed_none: &'static str,
    /// A kind of change.
    pub(crate) kind: fn(ChangeKind) -> &'static str,
    /// More about a change, given in the server's words, which are English.
    pub(crate) detail: fn(&str) -> String,
    /// The kinds of changes, for screen readers.
    pub(crate) kinds: &'static str,
    /// How often.
    pub(crate) times: fn(u32) -> String,
    /// To a container's events.
    pub(crate) events: &'static str,
    /// To the events of a container of that name.
    pub(crate) events_of: fn(&str) -> String,
    /// There were more changes than are told.
    pub(crate) newest: fn(usize) -> String,
    /// The lists could not be loaded; what still works.
    pub(crate) still_works: &'static str,
    /// The lists could not be loaded again, and are as old as that time by the clock.
    pub(crate) not_refreshed: fn(&str) -> String,
}

/// English.
pub(super) const EN: Overview = Overview {
    numbers: "Hosts and containers",
    hosts: |counts| {
        let word = |n: u32, one, many| if n == 1 { one } else { many };
        [
            word(counts[0], "host up", "hosts up"),
            word(counts[1], "host silent", "hosts silent"),
            word(counts[2], "host down", "hosts down"),
            "looking for an engine",
        ]
    },
    cpu: "CPU",
    memory: "Memory",
    host_down: |clock| format!("cannot be reached since {clock}"),
    host_silent: |clock| format!("has been silent since {clock}"),
    history: "History",
    not_recording: |lost| match lost {
        0 => "is not being recorded".to_owned(),
        n => format!("is not being recorded, {n} readings lost so far"),
    },
    top: |span| format!("Using most, last {span}"),
    top_plain: "Using most",
    metric: |metric| match metric {
        Metric::Memory => "Memory",
        Metric::NetReceived | Metric::NetSent => "Network",
        Metric::BlockRead | Metric::BlockWritten => "Block devices",
        _ => "CPU",
    },
    sorted: |metric| format!("All containers by {metric}"),
    mean_max: |mean, max| format!("mean {mean}, highest {max}"),
    top_none: "Nothing was measured in this time.",
    near: "Near a limit",
    near_none: "Nothing is near a limit.",
    limit: |limit, value, most| match limit {
        NearLimit::Memory => format!("{value} of {most} of memory"),
        NearLimit::Throttled => format!("held back by its CPU limit in {value} of periods"),
        NearLimit::Pids => format!("{value} of {most} processes"),
        NearLimit::HostMemory => format!("{value} of {most} of the machine's memory"),
        NearLimit::HostDisk => format!("{value} of {most} of the engine's disk"),
    },
    changed: |span| format!("Changed in the last {span}"),
    changed_plain: "Changed",
    changed_none: "Nothing changed.",
    kind: |kind| match kind {
        ChangeKind::Redeployed => "redeployed",
        ChangeKind::Created => "created",
        ChangeKind::Removed => "removed",
        ChangeKind::Failed => "failed",
        ChangeKind::OutOfMemory => "out of memory",
        ChangeKind::Restarted => "restarted",
        ChangeKind::Unhealthy => "unhealthy",
        ChangeKind::Updated => "limits changed",
    },
    detail: str::to_owned,
    kinds: "Kinds of changes",
    times: |n| format!("{n} times"),
    events: "events",
    events_of: |name| format!("events of {name}"),
    newest: |n| {
        format!(
            "Only the newest {} are listed.",
            counted(n, "change", "changes")
        )
    },
    still_works: "What needs you and the numbers above are live all the same.",
    not_refreshed: |clock| format!("These lists could not be refreshed; they are as of {clock}."),
};

/// Simplified Chinese.
pub(super) const ZH: Overview = Overview {
    numbers: "主机与容器",
    hosts: |_| ["主机正常", "主机无响应", "主机已断开", "正在寻找引擎"],
    cpu: "CPU",
    memory: "内存",
    host_down: |clock| format!("自 {clock} 起无法连接"),
    host_silent: |clock| format!("自 {clock} 起没有响应"),
    history: "历史记录",
    not_recording: |lost| match lost {
        0 => "已停止写入".to_owned(),
        n => format!("已停止写入，目前已丢失 {n} 条读数"),
    },
    top: |span| format!("最近 {span}占用最多"),
    top_plain: "占用最多",
    metric: |metric| match metric {
        Metric::Memory => "内存",
        Metric::NetReceived | Metric::NetSent => "网络",
        Metric::BlockRead | Metric::BlockWritten => "块设备",
        _ => "CPU",
    },
    sorted: |metric| format!("按{metric}排列所有容器"),
    mean_max: |mean, max| format!("平均 {mean}，最高 {max}"),
    top_none: "这段时间内没有测量数据。",
    near: "接近上限",
    near_none: "没有任何资源接近上限。",
    limit: |limit, value, most| match limit {
        NearLimit::Memory => format!("内存 {value}，上限 {most}"),
        NearLimit::Throttled => format!("{value} 的周期受 CPU 限额抑制"),
        NearLimit::Pids => format!("进程 {value}，上限 {most}"),
        NearLimit::HostMemory => format!("主机内存 {value}，共 {most}"),
        NearLimit::HostDisk => format!("引擎磁盘 {value}，共 {most}"),
    },
    changed: |span| format!("最近 {span}的变化"),
    changed_plain: "变化",
    changed_none: "没有变化。",
    kind: |kind| match kind {
        ChangeKind::Redeployed => "重新部署",
        ChangeKind::Created => "已创建",
        ChangeKind::Removed => "已删除",
        ChangeKind::Failed => "异常退出",
        ChangeKind::OutOfMemory => "内存不足",
        ChangeKind::Restarted => "已重启",
        ChangeKind::Unhealthy => "不健康",
        ChangeKind::Updated => "限制变更",
    },
    detail: |detail| match detail.strip_prefix("exit code ") {
        Some(code) => format!("退出码 {code}"),
        None => detail.to_owned(),
    },
    kinds: "变化类型",
    times: |n| format!("{n} 次"),
    events: "事件",
    events_of: |name| format!("{name} 的事件"),
    newest: |n| format!("仅列出最近 {n} 项变化。"),
    still_works: "上方的待处理事项和数值仍在实时更新。",
    not_refreshed: |clock| format!("列表未能刷新，显示的是 {clock} 的数据。"),
};
