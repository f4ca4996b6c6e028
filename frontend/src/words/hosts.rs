//! Words of the hosts' pages.

use crate::charts::Quantity;
use plimsoll_shared::Collection;

/// Words of the hosts' pages.
pub(crate) struct Hosts {
    /// How many hosts.
    pub(crate) summary: fn(usize) -> String,
    /// Headings of the table.
    pub(crate) host: &'static str,
    /// State.
    pub(crate) state: &'static str,
    /// Engine version.
    pub(crate) engine: &'static str,
    /// Containers, running of all.
    pub(crate) containers: &'static str,
    /// CPU.
    pub(crate) cpu: &'static str,
    /// Memory.
    pub(crate) memory: &'static str,
    /// How it is measured.
    pub(crate) measured: &'static str,
    /// Last heard.
    pub(crate) heard: &'static str,
    /// Clock skew.
    pub(crate) skew: &'static str,
    /// The skew in words, by milliseconds.
    pub(crate) skew_words: fn(i64) -> String,
    /// How it is measured, in words.
    pub(crate) collection: fn(Collection) -> &'static str,
    /// More about it.
    pub(crate) collection_hint: fn(Collection) -> &'static str,
    /// CPU of so many cores.
    pub(crate) of_cores: fn(u64) -> String,
    /// Of so much memory.
    pub(crate) of_memory: fn(&str) -> String,
    /// Version of the engine's API.
    pub(crate) api: fn(&str) -> String,
    /// Heading of the engine's facts.
    pub(crate) facts: &'static str,
    /// Address of the engine.
    pub(crate) endpoint: &'static str,
    /// Version.
    pub(crate) version: &'static str,
    /// API version.
    pub(crate) api_version: &'static str,
    /// Operating system.
    pub(crate) os: &'static str,
    /// Kernel.
    pub(crate) kernel: &'static str,
    /// Architecture.
    pub(crate) arch: &'static str,
    /// Cores.
    pub(crate) cores: &'static str,
    /// cgroup version and driver.
    pub(crate) cgroup: &'static str,
    /// Storage driver.
    pub(crate) storage: &'static str,
    /// Security options.
    pub(crate) security: &'static str,
    /// Live restore.
    pub(crate) live_restore: &'static str,
    /// Yes.
    pub(crate) yes: &'static str,
    /// No.
    pub(crate) no: &'static str,
    /// Images.
    pub(crate) images: &'static str,
    /// Engine's own id.
    pub(crate) engine_id: &'static str,
    /// Heading of the engine's warnings.
    pub(crate) warnings: &'static str,
    /// Heading of the events.
    pub(crate) events: &'static str,
    /// No events.
    pub(crate) no_events: &'static str,
    /// Older events.
    pub(crate) older: &'static str,
    /// No such host.
    pub(crate) unknown_host: &'static str,
    /// Heading while no engine was found.
    pub(crate) searching: &'static str,
    /// What was tried.
    pub(crate) tried: &'static str,
    /// Nothing was tried yet.
    pub(crate) nothing_tried: &'static str,
    /// What to do about it.
    pub(crate) searching_hint: &'static str,
    /// Headings of what was tried.
    pub(crate) place: &'static str,
    /// Where the address came from.
    pub(crate) source: &'static str,
    /// Why it did not do.
    pub(crate) problem: &'static str,
    /// The charts of a host, for screen readers.
    pub(crate) charts: &'static str,
    /// Heading of the machine's own charts.
    pub(crate) machine: &'static str,
    /// The machine cannot be measured.
    pub(crate) machine_unseen: &'static str,
    /// Word in URLs and title of the chart of what containers use of a machine.
    pub(crate) stack: fn(Quantity) -> (&'static str, &'static str),
    /// So many containers that are drawn as one.
    pub(crate) others: fn(usize) -> String,
    /// No container was measured.
    pub(crate) no_consumers: &'static str,
    /// The most there is of what a chart shows.
    pub(crate) most: fn(Quantity, &str) -> String,
    /// A chart that has nothing to show.
    pub(crate) nothing: fn(Quantity) -> &'static str,
}

/// English.
pub(super) const EN: Hosts = Hosts {
    summary: |n| super::counted(n, "Docker host", "Docker hosts"),
    host: "Host",
    state: "State",
    engine: "Engine",
    containers: "Containers",
    cpu: "CPU",
    memory: "Memory",
    measured: "Measured",
    heard: "Last heard",
    skew: "Clock",
    skew_words: |ms| match ms {
        -999..=999 => "in step".to_owned(),
        ahead @ 1000.. => format!("{} s ahead", ahead / 1000),
        behind => format!("{} s behind", -behind / 1000),
    },
    collection: |collection| match collection {
        Collection::Cgroup1 => "kernel files (cgroup v1)",
        Collection::Cgroup2 => "kernel files (cgroup v2)",
        Collection::Streams => "engine streams",
        Collection::Undecided => "not yet",
    },
    collection_hint: |collection| match collection {
        Collection::Cgroup1 | Collection::Cgroup2 => {
            "Straight from the kernel's cgroup files, which costs the engine nothing"
        }
        Collection::Streams => {
            "One stats connection to the engine per container, because the kernel's files are not readable from here"
        }
        Collection::Undecided => "Nothing runs, so there is nothing to measure yet",
    },
    of_cores: |n| match n {
        1 => "of 1 core".to_owned(),
        n => format!("of {n} cores"),
    },
    of_memory: |memory| format!("of {memory}"),
    api: |version| format!("API {version}"),
    facts: "Engine",
    endpoint: "Address",
    version: "Version",
    api_version: "API in use",
    os: "System",
    kernel: "Kernel",
    arch: "Architecture",
    cores: "Cores",
    cgroup: "cgroup",
    storage: "Storage driver",
    security: "Security",
    live_restore: "Containers outlive a restart of the engine",
    yes: "yes",
    no: "no",
    images: "Images",
    engine_id: "Engine id",
    warnings: "The engine warns",
    events: "Recent events",
    no_events: "Nothing has happened since the server began to watch.",
    older: "older events",
    unknown_host: "There is no such host.",
    searching: "No container engine found yet",
    tried: "These places were tried; the server goes on trying.",
    nothing_tried: "The first places are being tried.",
    searching_hint: "Start Docker or Podman, or tell the server where the engine is: set DOCKER_HOST and start it again. As soon as an engine answers, its containers appear here.",
    place: "Place",
    source: "Taken from",
    problem: "What happened",
    charts: "Charts of this host",
    machine: "The machine",
    machine_unseen: "This machine cannot be measured from here: its engine runs elsewhere, or its kernel's files cannot be read. What its containers use is known all the same.",
    stack: |quantity| match quantity {
        Quantity::Cpu => ("cpu_by_container", "CPU by container"),
        _ => ("memory_by_container", "Memory by container"),
    },
    others: |n| super::counted(n, "other", "others"),
    no_consumers: "No container was measured in this time.",
    most: |quantity, value| match quantity {
        Quantity::Load => format!("{value} cores"),
        _ => format!("{value} in all"),
    },
    nothing: |quantity| match quantity {
        Quantity::Pressure => {
            "This kernel does not count pressure; Linux does from 4.20 on, where it is not turned off."
        }
        Quantity::Disk => "The disk with the engine's data cannot be seen from here.",
        _ => "No readings in this time.",
    },
};

/// Simplified Chinese.
pub(super) const ZH: Hosts = Hosts {
    summary: |n| format!("{n} 台 Docker 主机"),
    host: "主机",
    state: "状态",
    engine: "引擎",
    containers: "容器",
    cpu: "CPU",
    memory: "内存",
    measured: "测量方式",
    heard: "最近响应",
    skew: "时钟",
    skew_words: |ms| match ms {
        -999..=999 => "一致".to_owned(),
        ahead @ 1000.. => format!("快 {} 秒", ahead / 1000),
        behind => format!("慢 {} 秒", -behind / 1000),
    },
    collection: |collection| match collection {
        Collection::Cgroup1 => "内核文件（cgroup v1）",
        Collection::Cgroup2 => "内核文件（cgroup v2）",
        Collection::Streams => "引擎数据流",
        Collection::Undecided => "尚未开始",
    },
    collection_hint: |collection| match collection {
        Collection::Cgroup1 | Collection::Cgroup2 => "直接读取内核的 cgroup 文件，不增加引擎负担",
        Collection::Streams => "每个容器与引擎保持一个统计连接，因为在这里无法读取内核文件",
        Collection::Undecided => "没有正在运行的容器，暂时无需测量",
    },
    of_cores: |n| format!("共 {n} 核"),
    of_memory: |memory| format!("共 {memory}"),
    api: |version| format!("API {version}"),
    facts: "引擎",
    endpoint: "地址",
    version: "版本",
    api_version: "使用的 API",
    os: "系统",
    kernel: "内核",
    arch: "架构",
    cores: "核心数",
    cgroup: "cgroup",
    storage: "存储驱动",
    security: "安全选项",
    live_restore: "引擎重启时容器继续运行",
    yes: "是",
    no: "否",
    images: "镜像",
    engine_id: "引擎 ID",
    warnings: "引擎警告",
    events: "最近事件",
    no_events: "自服务器开始监视以来没有发生任何事件。",
    older: "更早的事件",
    unknown_host: "没有这台主机。",
    searching: "尚未找到容器引擎",
    tried: "已尝试以下位置；服务器会继续尝试。",
    nothing_tried: "正在尝试第一批位置。",
    searching_hint: "请启动 Docker 或 Podman，或设置 DOCKER_HOST 指明引擎位置后重新启动服务器。引擎一有响应，其容器就会出现在这里。",
    place: "位置",
    source: "来源",
    problem: "结果",
    charts: "此主机的图表",
    machine: "机器",
    machine_unseen: "无法从此处测量这台机器：引擎在别处运行，或其内核文件不可读。容器的用量仍然可知。",
    stack: |quantity| match quantity {
        Quantity::Cpu => ("cpu_by_container", "各容器 CPU"),
        _ => ("memory_by_container", "各容器内存"),
    },
    others: |n| format!("其他 {n} 个"),
    no_consumers: "这段时间没有容器读数。",
    most: |quantity, value| match quantity {
        Quantity::Load => format!("{value} 核"),
        _ => format!("共 {value}"),
    },
    nothing: |quantity| match quantity {
        Quantity::Pressure => "此内核不统计压力；Linux 4.20 起支持（未关闭时）。",
        Quantity::Disk => "无法从此处看到引擎数据所在的磁盘。",
        _ => "这段时间没有读数。",
    },
};
