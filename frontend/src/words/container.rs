//! Words of a container's own page.

use crate::charts::Quantity;
use plimsoll_shared::{EventKind, Network};

/// Words of a container's own page.
pub(crate) struct Container {
    /// Heading while there is nothing else to say.
    pub(crate) title: &'static str,
    /// The page's parts, for screen readers.
    pub(crate) parts: &'static str,
    /// Part with the charts.
    pub(crate) charts: &'static str,
    /// Part with the events.
    pub(crate) events: &'static str,
    /// Part with everything else.
    pub(crate) details: &'static str,
    /// Title of a chart.
    pub(crate) quantity: fn(Quantity) -> &'static str,
    /// How long it has been running.
    pub(crate) up: fn(&str) -> String,
    /// That it was never started.
    pub(crate) never_started: &'static str,
    /// How its latest life ended: when, exit code, whether killed for want of memory.
    pub(crate) ended: fn(&str, Option<i64>, bool) -> String,
    /// How often its restart policy started it again.
    pub(crate) restarts: fn(u64) -> String,
    /// Copies the digest.
    pub(crate) copy_digest: &'static str,
    /// The engine cannot be reached: as of when.
    pub(crate) engine_down: fn(&str) -> String,
    /// It was removed: when.
    pub(crate) removed: fn(&str) -> String,
    /// What is left of it.
    pub(crate) removed_hint: &'static str,
    /// The container that took its place.
    pub(crate) replaced_by: fn(&str) -> String,
    /// There is none by that id.
    pub(crate) none: &'static str,
    /// What to do about it.
    pub(crate) none_hint: &'static str,
    /// To the list of containers.
    pub(crate) to_containers: &'static str,
    /// Its history could not be loaded.
    pub(crate) no_history: &'static str,
    /// History is not being recorded.
    pub(crate) not_recording: &'static str,
    /// CPU against one core, or all of the host.
    pub(crate) of_cores: fn(Option<u64>) -> String,
    /// Share of CPU periods in which its quota held it back.
    pub(crate) held_back: fn(&str) -> String,
    /// Of its memory limit.
    pub(crate) of_limit: fn(&str) -> String,
    /// Of the host's memory: percentage and memory.
    pub(crate) of_host: fn(&str, &str) -> String,
    /// What throttling is a share of.
    pub(crate) of_periods: &'static str,
    /// It has no CPU limit to be held back by.
    pub(crate) no_cpu_limit: &'static str,
    /// Its processes' limit.
    pub(crate) limit: fn(&str) -> String,
    /// Why its network has no numbers.
    pub(crate) no_network: fn(&Network) -> &'static str,
    /// Nothing was read or written yet, or the kernel does not count it.
    pub(crate) not_counted: &'static str,
    /// Heading of the current numbers.
    pub(crate) now: &'static str,
    /// When they were measured.
    pub(crate) measured_at: &'static str,
    /// Heading of what happened of late.
    pub(crate) last_day: &'static str,
    /// Nothing happened.
    pub(crate) quiet: fn(&str) -> String,
    /// So many more.
    pub(crate) more_events: fn(usize) -> String,
    /// So many times.
    pub(crate) times: fn(usize) -> String,
    /// An event's detail, in words; text from outside goes through unchanged.
    pub(crate) event_detail: fn(EventKind, &str) -> String,
    /// Headings of the events.
    pub(crate) when: &'static str,
    /// What happened.
    pub(crate) what: &'static str,
    /// More about it.
    pub(crate) detail: &'static str,
    /// No events at all.
    pub(crate) no_events: &'static str,
    /// Asks for older ones.
    pub(crate) older: &'static str,
    /// There are no older ones.
    pub(crate) no_older: &'static str,
    /// Headings of the details.
    pub(crate) image: &'static str,
    /// Digest of the image.
    pub(crate) digest: &'static str,
    /// Full id.
    pub(crate) id: &'static str,
    /// Host.
    pub(crate) host: &'static str,
    /// Compose project and service.
    pub(crate) compose: &'static str,
    /// When it was made.
    pub(crate) created: &'static str,
    /// When its latest life began.
    pub(crate) started: &'static str,
    /// When its latest life ended.
    pub(crate) finished: &'static str,
    /// Its command.
    pub(crate) command: &'static str,
    /// Its restart policy.
    pub(crate) restart_policy: &'static str,
    /// Memory limit.
    pub(crate) memory_limit: &'static str,
    /// CPU limit.
    pub(crate) cpu_limit: &'static str,
    /// So many cores.
    pub(crate) cores: fn(&str) -> String,
    /// Limit of processes.
    pub(crate) pids_limit: &'static str,
    /// None set.
    pub(crate) no_limit: &'static str,
    /// Not asked yet.
    pub(crate) not_asked: &'static str,
    /// Mounts.
    pub(crate) mounts: &'static str,
    /// No mounts.
    pub(crate) no_mounts: &'static str,
    /// Kind of a mount.
    pub(crate) kind: &'static str,
    /// Where a mount comes from.
    pub(crate) source: &'static str,
    /// Where it is inside.
    pub(crate) destination: &'static str,
    /// Whether it may be written.
    pub(crate) access: &'static str,
    /// It may.
    pub(crate) writable: &'static str,
    /// It may not.
    pub(crate) read_only: &'static str,
    /// Networks.
    pub(crate) networks: &'static str,
    /// Whose network it uses, where not its own.
    pub(crate) network: fn(&Network) -> Option<&'static str>,
    /// No networks.
    pub(crate) no_networks: &'static str,
    /// Name of a network or label.
    pub(crate) name: &'static str,
    /// Its address there.
    pub(crate) address: &'static str,
    /// No address.
    pub(crate) no_address: &'static str,
    /// Ports.
    pub(crate) ports: &'static str,
    /// No ports.
    pub(crate) no_ports: &'static str,
    /// Inside the container.
    pub(crate) inside: &'static str,
    /// On the host.
    pub(crate) outside: &'static str,
    /// Not published.
    pub(crate) unpublished: &'static str,
    /// Labels.
    pub(crate) labels: &'static str,
    /// No labels.
    pub(crate) no_labels: &'static str,
    /// Value of a label.
    pub(crate) value: &'static str,
}

/// English.
pub(super) const EN: Container = Container {
    title: "Container",
    parts: "Parts of this page",
    charts: "Charts",
    events: "Events",
    details: "Details",
    quantity: |quantity| match quantity {
        Quantity::Cpu => "CPU",
        Quantity::Memory => "Memory",
        Quantity::Network => "Network",
        Quantity::Block => "Block I/O",
        Quantity::Throttled => "Throttled",
        Quantity::Pids => "PIDs",
        Quantity::Load => "Load",
        Quantity::Pressure => "Pressure",
        Quantity::Disk => "Disk space",
    },
    up: |span| format!("up {span}"),
    never_started: "never started",
    ended: |ago, code, oom| {
        let mut text = format!("ended {ago}");
        if let Some(code) = code {
            text += &format!(", exit code {code}");
        }
        if oom {
            text += ", killed for want of memory";
        }
        text
    },
    restarts: |n| {
        super::counted(
            usize::try_from(n).unwrap_or(usize::MAX),
            "restart",
            "restarts",
        )
    },
    copy_digest: "Copy the image digest",
    engine_down: |clock| {
        format!(
            "The engine cannot be reached. What you see is as of {clock}; it goes on by itself when the engine answers."
        )
    },
    removed: |clock| format!("This container was removed at {clock}."),
    removed_hint: "Its history is kept.",
    replaced_by: |id| format!("Replaced by {id}"),
    none: "There is no such container.",
    none_hint: "It may have been removed before this server saw it, or the address is incomplete: a container's id has 64 digits.",
    to_containers: "See all containers",
    no_history: "Its history could not be loaded; live numbers go on.",
    not_recording: "History is not being recorded: what you see now will be missing later.",
    of_cores: |cores| match cores {
        None => "of one core".to_owned(),
        Some(cores) => format!(
            "of {}",
            super::counted(
                usize::try_from(cores).unwrap_or(usize::MAX),
                "core",
                "cores"
            )
        ),
    },
    held_back: |percent| format!("held back in {percent} of periods"),
    of_limit: |percent| format!("{percent} of limit"),
    of_host: |percent, memory| format!("{percent} of the host’s {memory}"),
    of_periods: "of CPU periods",
    no_cpu_limit: "no CPU limit",
    limit: |value| format!("limit {value}"),
    no_network: |network| match network {
        Network::Host => "It uses the host’s network: the engine counts no bytes for it.",
        Network::None => "It has no network.",
        Network::Own | Network::Container(_) => "No readings in this time.",
    },
    not_counted: "No readings in this time, or this kernel does not count it.",
    now: "Now",
    measured_at: "Measured",
    last_day: "Last 24 h",
    quiet: |clock| format!("Nothing happened. Last looked at {clock}."),
    more_events: |n| format!("{n} more"),
    times: |n| format!("{n} times"),
    event_detail: |kind, detail| match kind {
        EventKind::Die => format!("exit code {detail}"),
        EventKind::Kill => format!("signal {detail}"),
        _ => detail.to_owned(),
    },
    when: "Time",
    what: "What happened",
    detail: "Detail",
    no_events: "Nothing has happened to it since this server began to look.",
    older: "older",
    no_older: "That is all.",
    image: "Image",
    digest: "Image digest",
    id: "Container id",
    host: "Host",
    compose: "Compose",
    created: "Created",
    started: "Started",
    finished: "Ended",
    command: "Command",
    restart_policy: "Restart policy",
    memory_limit: "Memory limit",
    cpu_limit: "CPU limit",
    cores: |n| format!("{n} {}", if n == "1" { "core" } else { "cores" }),
    pids_limit: "PIDs limit",
    no_limit: "none",
    not_asked: "not known: the engine has not been asked yet",
    mounts: "Mounts",
    no_mounts: "Nothing is mounted.",
    kind: "Kind",
    source: "Source",
    destination: "Inside",
    access: "Access",
    writable: "writable",
    read_only: "read only",
    networks: "Networks",
    network: |network| match network {
        Network::Own => None,
        Network::Host => Some("It uses the host’s network."),
        Network::None => Some("It has no network."),
        Network::Container(_) => Some("It uses another container’s network:"),
    },
    no_networks: "It is in no network.",
    name: "Name",
    address: "Address",
    no_address: "none",
    ports: "Ports",
    no_ports: "No ports are published or exposed.",
    inside: "Inside",
    outside: "On the host",
    unpublished: "not published",
    labels: "Labels",
    no_labels: "It has no labels.",
    value: "Value",
};

/// Simplified Chinese.
pub(super) const ZH: Container = Container {
    title: "容器",
    parts: "本页各部分",
    charts: "图表",
    events: "事件",
    details: "详情",
    quantity: |quantity| match quantity {
        Quantity::Cpu => "CPU",
        Quantity::Memory => "内存",
        Quantity::Network => "网络",
        Quantity::Block => "块 I/O",
        Quantity::Throttled => "CPU 受限",
        Quantity::Pids => "进程数",
        Quantity::Load => "负载",
        Quantity::Pressure => "压力",
        Quantity::Disk => "磁盘空间",
    },
    up: |span| format!("已运行 {span}"),
    never_started: "从未启动",
    ended: |ago, code, oom| {
        let mut text = format!("{ago}结束");
        if let Some(code) = code {
            text += &format!("，退出码 {code}");
        }
        if oom {
            text += "，因内存不足被终止";
        }
        text
    },
    restarts: |n| format!("重启 {n} 次"),
    copy_digest: "复制镜像摘要",
    engine_down: |clock| format!("无法连接引擎。所见为 {clock} 的数据；引擎恢复响应后会自动继续。"),
    removed: |clock| format!("此容器已于 {clock} 删除。"),
    removed_hint: "其历史仍然保留。",
    replaced_by: |id| format!("已由 {id} 取代"),
    none: "没有这个容器。",
    none_hint: "它可能在本服务器看到之前就已删除，或者地址不完整：容器 ID 有 64 位。",
    to_containers: "查看所有容器",
    no_history: "无法加载其历史；实时数值不受影响。",
    not_recording: "历史记录已停止写入：现在看到的数据以后将缺失。",
    of_cores: |cores| match cores {
        None => "占单核".to_owned(),
        Some(cores) => format!("占 {cores} 核"),
    },
    held_back: |percent| format!("{percent} 的周期受限"),
    of_limit: |percent| format!("占上限 {percent}"),
    of_host: |percent, memory| format!("占主机 {memory} 的 {percent}"),
    of_periods: "占 CPU 周期",
    no_cpu_limit: "无 CPU 上限",
    limit: |value| format!("上限 {value}"),
    no_network: |network| match network {
        Network::Host => "它使用主机网络：引擎不为其统计字节数。",
        Network::None => "它没有网络。",
        Network::Own | Network::Container(_) => "这段时间没有读数。",
    },
    not_counted: "这段时间没有读数，或此内核不统计该项。",
    now: "当前",
    measured_at: "测量时间",
    last_day: "最近 24 小时",
    quiet: |clock| format!("没有事件。最后查看于 {clock}。"),
    more_events: |n| format!("另有 {n} 条"),
    times: |n| format!("{n} 次"),
    event_detail: |kind, detail| match kind {
        EventKind::Die => format!("退出码 {detail}"),
        EventKind::Kill => format!("信号 {detail}"),
        EventKind::Health => match detail {
            "healthy" => "健康".to_owned(),
            "unhealthy" => "不健康".to_owned(),
            "starting" => "启动中".to_owned(),
            _ => detail.to_owned(),
        },
        _ => detail.to_owned(),
    },
    when: "时间",
    what: "事件",
    detail: "说明",
    no_events: "自本服务器开始查看以来，它没有发生过任何事件。",
    older: "更早",
    no_older: "没有更早的了。",
    image: "镜像",
    digest: "镜像摘要",
    id: "容器 ID",
    host: "主机",
    compose: "Compose",
    created: "创建时间",
    started: "启动时间",
    finished: "结束时间",
    command: "命令",
    restart_policy: "重启策略",
    memory_limit: "内存上限",
    cpu_limit: "CPU 上限",
    cores: |n| format!("{n} 核"),
    pids_limit: "进程数上限",
    no_limit: "无",
    not_asked: "未知：尚未询问引擎",
    mounts: "挂载",
    no_mounts: "没有挂载。",
    kind: "类型",
    source: "来源",
    destination: "容器内",
    access: "权限",
    writable: "可写",
    read_only: "只读",
    networks: "网络",
    network: |network| match network {
        Network::Own => None,
        Network::Host => Some("它使用主机网络。"),
        Network::None => Some("它没有网络。"),
        Network::Container(_) => Some("它使用另一个容器的网络："),
    },
    no_networks: "它不在任何网络中。",
    name: "名称",
    address: "地址",
    no_address: "无",
    ports: "端口",
    no_ports: "没有发布或暴露端口。",
    inside: "容器内",
    outside: "主机上",
    unpublished: "未发布",
    labels: "标签",
    no_labels: "没有标签。",
    value: "值",
};
