//! Words of the containers table.

use super::counted;
use crate::state::{
    columns::Column,
    fleet::Kind,
    load::Load,
    query::{Density, Group},
};

/// Words of the containers table.
pub(crate) struct Table {
    /// How many of which kind on how many hosts: counts in the order of [`Kind::ALL`].
    pub(crate) summary: fn([usize; 5], usize) -> String,
    /// A column's heading.
    pub(crate) column: fn(Column) -> &'static str,
    /// Memory without its limit, on a telephone.
    pub(crate) memory: &'static str,
    /// A column's name in the chooser, where its heading says too little.
    pub(crate) column_name: fn(Column) -> &'static str,
    /// A kind, as a filter chip says it.
    pub(crate) kind: fn(Kind) -> &'static str,
    /// What rows are grouped by; `None` for nothing.
    pub(crate) group: fn(Option<Group>) -> &'static str,
    /// Rows that belong to no group.
    pub(crate) ungrouped: fn(Group) -> &'static str,
    /// A group's rows by kind.
    pub(crate) group_kinds: fn([usize; 5]) -> String,
    /// Before the choice of grouping.
    pub(crate) group_by: &'static str,
    /// How high rows are.
    pub(crate) density: fn(Density) -> &'static str,
    /// Heading of the choice of density.
    pub(crate) row_height: &'static str,
    /// The fold at the end of the table.
    pub(crate) stopped: fn(usize) -> String,
    /// Rows keep their places.
    pub(crate) freeze: &'static str,
    /// Rows keep their places now.
    pub(crate) frozen: &'static str,
    /// The key that does it.
    pub(crate) freeze_key: &'static str,
    /// More about it.
    pub(crate) freeze_hint: &'static str,
    /// The choice of columns.
    pub(crate) columns: &'static str,
    /// Back to the usual columns.
    pub(crate) usual_columns: &'static str,
    /// A file for a spreadsheet.
    pub(crate) export: &'static str,
    /// More about it.
    pub(crate) export_hint: &'static str,
    /// Rows selected.
    pub(crate) selected: fn(usize) -> String,
    /// Take the selection back.
    pub(crate) unselect: &'static str,
    /// Before the active filters.
    pub(crate) filters: &'static str,
    /// A filter by text.
    pub(crate) search: fn(&str) -> String,
    /// A filter by host.
    pub(crate) host: fn(&str) -> String,
    /// Take one filter away.
    pub(crate) remove: fn(&str) -> String,
    /// Take all filters away.
    pub(crate) clear: &'static str,
    /// The search field.
    pub(crate) search_hint: &'static str,
    /// Nothing matches the filters.
    pub(crate) no_match: &'static str,
    /// No containers at all.
    pub(crate) empty: &'static str,
    /// What to do about it.
    pub(crate) empty_hint: &'static str,
    /// The mark in words.
    pub(crate) mark: fn(Load) -> String,
    /// What a mark is, once.
    pub(crate) mark_hint: &'static str,
    /// It uses the host's network.
    pub(crate) network_host: &'static str,
    /// It has no network.
    pub(crate) network_none: &'static str,
    /// It uses another container's network.
    pub(crate) network_of: fn(&str) -> String,
    /// Which host is shown; nothing chosen.
    pub(crate) all_hosts: &'static str,
    /// The table, for screen readers.
    pub(crate) caption: &'static str,
}

/// English.
pub(super) const EN: Table = Table {
    summary: |[running, unhealthy, paused, restarting, _], hosts| {
        let mut parts = vec![format!("{running} running")];
        let others = [
            (unhealthy, "unhealthy"),
            (paused, "paused"),
            (restarting, "restarting"),
        ];
        parts.extend(
            others
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, word)| format!("{n} {word}")),
        );
        format!(
            "{} on {}",
            parts.join(", "),
            counted(hosts, "host", "hosts")
        )
    },
    column: |column| match column {
        Column::Mark => "Load",
        Column::Spark => "60 s",
        Column::Name => "Container",
        Column::State => "State",
        Column::Health => "Health",
        Column::Cpu => "CPU %",
        Column::Memory => "Mem usage / limit",
        Column::MemoryPercent => "Mem %",
        Column::Net => "Net I/O",
        Column::Block => "Block I/O",
        Column::Pids => "PIDs",
        Column::Image => "Image",
        Column::Host => "Host",
        Column::Up => "Up",
        Column::Restarts => "Restarts",
        Column::Id => "ID",
        Column::Ports => "Ports",
        Column::Project => "Project",
    },
    memory: "Memory",
    column_name: |column| match column {
        Column::Spark => "CPU, last 60 s",
        Column::Net => "Network, in / out",
        Column::Block => "Block devices, read / written",
        Column::Project => "Compose project",
        other => (EN.column)(other),
    },
    kind: |kind| match kind {
        Kind::Running => "running",
        Kind::Unhealthy => "unhealthy",
        Kind::Paused => "paused",
        Kind::Restarting => "restarting",
        Kind::Stopped => "stopped",
    },
    group: |group| match group {
        None => "none",
        Some(Group::Compose) => "compose project",
        Some(Group::Image) => "image",
        Some(Group::Host) => "host",
    },
    ungrouped: |group| match group {
        Group::Compose => "no compose project",
        Group::Image => "no image",
        Group::Host => "no host",
    },
    group_kinds: |[running, unhealthy, paused, restarting, stopped]| {
        let all = [
            (running, "running"),
            (unhealthy, "unhealthy"),
            (paused, "paused"),
            (restarting, "restarting"),
            (stopped, "stopped"),
        ];
        let parts = all
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{n} {word}"));
        parts.collect::<Vec<_>>().join(", ")
    },
    group_by: "group",
    density: |density| match density {
        Density::Compact => "compact",
        Density::Usual => "usual",
        Density::Roomy => "roomy",
    },
    row_height: "Row height",
    stopped: |n| format!("Stopped · {n}"),
    freeze: "freeze",
    frozen: "frozen",
    freeze_key: "space",
    freeze_hint: "Rows keep their places while their numbers go on",
    columns: "columns",
    usual_columns: "the usual columns",
    export: "CSV",
    export_hint: "Save these rows as a file for a spreadsheet",
    selected: |n| format!("{n} selected"),
    unselect: "unselect",
    filters: "Only",
    search: |text| format!("“{text}”"),
    host: |host| format!("host {host}"),
    remove: |filter| format!("Take away the filter {filter}"),
    clear: "clear all",
    search_hint: "Search containers, images, projects",
    no_match: "No container matches these filters.",
    empty: "There are no containers on this host.",
    empty_hint: "This page shows every container of the engine, with the numbers docker stats prints, and moves with them. Start one and it appears here:",
    mark: |load| match load {
        Load::Memory(percent) => {
            format!("memory {percent:.0} % of its limit; not scanned; signatures not asked for yet")
        }
        Load::Cpu(percent) => format!(
            "CPU {percent:.0} % of one core, no memory limit; not scanned; signatures not asked for yet"
        ),
        Load::Unmeasured => "not measured; not scanned; signatures not asked for yet".to_owned(),
    },
    mark_hint: "The mark: the water line is the load (memory against the container's limit, CPU where it has none). The ring is the worst finding in its image: thin dashes, not scanned. The line's stroke is its signature: dots, not asked yet.",
    network_host: "Uses the host's network: the engine counts no bytes for it",
    network_none: "Has no network",
    network_of: |id| format!("Shares the network of {id}; sums count it once"),
    all_hosts: "All hosts",
    caption: "Containers and what they use, updated every second",
};

/// Simplified Chinese.
pub(super) const ZH: Table = Table {
    summary: |[running, unhealthy, paused, restarting, _], hosts| {
        let mut parts = vec![format!("{running} 个运行中")];
        let others = [
            (unhealthy, "不健康"),
            (paused, "已暂停"),
            (restarting, "重启中"),
        ];
        parts.extend(
            others
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, word)| format!("{n} 个{word}")),
        );
        format!("{hosts} 台主机：{}", parts.join("，"))
    },
    column: |column| match column {
        Column::Mark => "负载",
        Column::Spark => "60 秒",
        Column::Name => "容器",
        Column::State => "状态",
        Column::Health => "健康",
        Column::Cpu => "CPU %",
        Column::Memory => "内存 用量 / 上限",
        Column::MemoryPercent => "内存 %",
        Column::Net => "网络 I/O",
        Column::Block => "块设备 I/O",
        Column::Pids => "PIDs",
        Column::Image => "镜像",
        Column::Host => "主机",
        Column::Up => "运行时长",
        Column::Restarts => "重启",
        Column::Id => "ID",
        Column::Ports => "端口",
        Column::Project => "项目",
    },
    memory: "内存",
    column_name: |column| match column {
        Column::Spark => "最近 60 秒 CPU",
        Column::Net => "网络 接收 / 发送",
        Column::Block => "块设备 读 / 写",
        Column::Restarts => "重启次数",
        Column::Pids => "进程与线程数",
        Column::Project => "Compose 项目",
        other => (ZH.column)(other),
    },
    kind: |kind| match kind {
        Kind::Running => "运行中",
        Kind::Unhealthy => "不健康",
        Kind::Paused => "已暂停",
        Kind::Restarting => "重启中",
        Kind::Stopped => "已停止",
    },
    group: |group| match group {
        None => "无",
        Some(Group::Compose) => "Compose 项目",
        Some(Group::Image) => "镜像",
        Some(Group::Host) => "主机",
    },
    ungrouped: |group| match group {
        Group::Compose => "不属于任何 Compose 项目",
        Group::Image => "无镜像",
        Group::Host => "无主机",
    },
    group_kinds: |[running, unhealthy, paused, restarting, stopped]| {
        let all = [
            (running, "运行中"),
            (unhealthy, "不健康"),
            (paused, "已暂停"),
            (restarting, "重启中"),
            (stopped, "已停止"),
        ];
        let parts = all
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{n} {word}"));
        parts.collect::<Vec<_>>().join("，")
    },
    group_by: "分组",
    density: |density| match density {
        Density::Compact => "紧凑",
        Density::Usual => "标准",
        Density::Roomy => "宽松",
    },
    row_height: "行高",
    stopped: |n| format!("已停止 · {n}"),
    freeze: "冻结",
    frozen: "已冻结",
    freeze_key: "空格",
    freeze_hint: "行的位置保持不变，数值继续更新",
    columns: "列",
    usual_columns: "恢复默认列",
    export: "CSV",
    export_hint: "将这些行保存为电子表格文件",
    selected: |n| format!("已选 {n} 个"),
    unselect: "取消选择",
    filters: "仅显示",
    search: |text| format!("“{text}”"),
    host: |host| format!("主机 {host}"),
    remove: |filter| format!("移除筛选条件 {filter}"),
    clear: "全部清除",
    search_hint: "搜索容器、镜像、项目",
    no_match: "没有符合筛选条件的容器。",
    empty: "这台主机上没有容器。",
    empty_hint: "本页显示引擎上的所有容器，数值与 docker stats 一致，并实时更新。启动一个容器，它就会出现在这里：",
    mark: |load| match load {
        Load::Memory(percent) => format!("内存为上限的 {percent:.0}%；尚未扫描；尚未查询签名"),
        Load::Cpu(percent) => {
            format!("CPU 为单核的 {percent:.0}%，无内存上限；尚未扫描；尚未查询签名")
        }
        Load::Unmeasured => "未测量；尚未扫描；尚未查询签名".to_owned(),
    },
    mark_hint: "标记：水线表示负载（内存相对于容器自身的上限；没有上限时为 CPU）。圆环表示镜像中最严重的发现：细虚线为尚未扫描。水线的线型表示签名：点线为尚未查询。",
    network_host: "使用主机网络：引擎不统计其流量",
    network_none: "没有网络",
    network_of: |id| format!("与 {id} 共用网络；合计时只计一次"),
    all_hosts: "所有主机",
    caption: "容器及其资源用量，每秒更新",
};
