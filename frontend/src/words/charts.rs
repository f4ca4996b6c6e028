//! Words of charts.

use plimsoll_shared::series::Metric;

/// Words of charts.
pub(crate) struct Charts {
    /// Shows the numbers of a chart as a table.
    pub(crate) as_table: &'static str,
    /// Shows the chart again.
    pub(crate) as_chart: &'static str,
    /// Name of a table: the chart's title and the time it covers.
    pub(crate) table_of: fn(&str, &str) -> String,
    /// Column of times.
    pub(crate) time: &'static str,
    /// Mean of a stretch.
    pub(crate) mean: &'static str,
    /// Smallest value of a stretch.
    pub(crate) min: &'static str,
    /// Largest value of a stretch.
    pub(crate) max: &'static str,
    /// A stretch in which nobody measured.
    pub(crate) unmeasured: &'static str,
    /// A stretch in which the container did not run.
    pub(crate) not_running: &'static str,
    /// A stretch in which the CPU quota held the container back.
    pub(crate) held_back: &'static str,
    /// A chart that has nothing to show yet.
    pub(crate) nothing_yet: &'static str,
    /// A limit with its value.
    pub(crate) limit: fn(&str) -> String,
    /// What a chart shows, for those who do not see it: title, time, then one [`Charts::summary_part`] a line.
    pub(crate) summary: fn(&str, &str) -> String,
    /// One line's name, value now (where there is one), mean, smallest and largest value.
    pub(crate) summary_part: fn(&str, Option<&str>, &str, &str, &str) -> String,
    /// How to move the crosshair without a mouse.
    pub(crate) keys: &'static str,
    /// What a line draws.
    pub(crate) metric: fn(Metric) -> &'static str,
}

/// English.
pub(super) const EN: Charts = Charts {
    as_table: "Table",
    as_chart: "Chart",
    table_of: |title, period| format!("{title}, {period}"),
    time: "Time",
    mean: "Mean",
    min: "Min",
    max: "Max",
    unmeasured: "not measured",
    not_running: "not running",
    held_back: "held back by its CPU limit",
    nothing_yet: "No readings in this time.",
    limit: |value| format!("limit {value}"),
    summary: |title, period| format!("{title}, {period}."),
    summary_part: |name, now, mean, min, max| match now {
        Some(now) => format!(" {name}: {now} now, mean {mean}, lowest {min}, highest {max}."),
        None => format!(" {name}: no value now, mean {mean}, lowest {min}, highest {max}."),
    },
    keys: "Left and right arrows move through time, Home and End go to its ends, Escape leaves.",
    metric: |metric| match metric {
        Metric::Cpu => "CPU",
        Metric::Throttled => "throttled",
        Metric::Memory => "used",
        Metric::MemoryLimit => "limit",
        Metric::MemoryCache => "page cache",
        Metric::NetReceived => "in",
        Metric::NetSent => "out",
        Metric::BlockRead => "read",
        Metric::BlockWritten => "written",
        Metric::Pids => "PIDs",
        Metric::Load => "load",
        Metric::PressureCpu => "waiting for CPU",
        Metric::PressureMemory => "waiting for memory",
        Metric::PressureIo => "waiting for disk",
        Metric::DiskUsed => "used",
        Metric::DiskTotal => "size",
    },
};

/// Simplified Chinese.
pub(super) const ZH: Charts = Charts {
    as_table: "表格",
    as_chart: "图表",
    table_of: |title, period| format!("{title}，{period}"),
    time: "时间",
    mean: "平均",
    min: "最小",
    max: "最大",
    unmeasured: "未测量",
    not_running: "未运行",
    held_back: "受 CPU 限额限制",
    nothing_yet: "这段时间没有读数。",
    limit: |value| format!("上限 {value}"),
    summary: |title, period| format!("{title}，{period}。"),
    summary_part: |name, now, mean, min, max| match now {
        Some(now) => format!("{name}：当前 {now}，平均 {mean}，最低 {min}，最高 {max}。"),
        None => format!("{name}：当前无值，平均 {mean}，最低 {min}，最高 {max}。"),
    },
    keys: "左右方向键在时间上移动，Home 和 End 到两端，Esc 离开。",
    metric: |metric| match metric {
        Metric::Cpu => "CPU",
        Metric::Throttled => "受限",
        Metric::Memory => "已用",
        Metric::MemoryLimit => "上限",
        Metric::MemoryCache => "页缓存",
        Metric::NetReceived => "入",
        Metric::NetSent => "出",
        Metric::BlockRead => "读",
        Metric::BlockWritten => "写",
        Metric::Pids => "进程数",
        Metric::Load => "负载",
        Metric::PressureCpu => "等待 CPU",
        Metric::PressureMemory => "等待内存",
        Metric::PressureIo => "等待磁盘",
        Metric::DiskUsed => "已用",
        Metric::DiskTotal => "总容量",
    },
};
