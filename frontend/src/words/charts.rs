//! Words of charts.

use plimsoll_shared::series::{GapReason, Metric};

/// Puts percentiles in words.
type Percentiles = fn(Option<&str>, &[(u8, String)], bool) -> String;

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
    /// Why there are no values.
    pub(crate) reason: fn(GapReason) -> &'static str,
    /// Another container took over: the image before, where it is known, and the image from then on.
    pub(crate) redeployed: fn(Option<&str>, &str) -> String,
    /// What else can be done with the chart of that title.
    pub(crate) more: fn(&str) -> String,
    /// A scale on which equal distances are equal ratios.
    pub(crate) log_scale: &'static str,
    /// Lines that lie on one another.
    pub(crate) stacked: &'static str,
    /// Saves the numbers shown.
    pub(crate) as_csv: &'static str,
    /// Saves the picture shown, to be drawn at any size.
    pub(crate) as_svg: &'static str,
    /// Saves the picture shown, in pixels.
    pub(crate) as_png: &'static str,
    /// Copies the address of the page, which shows the same to anyone.
    pub(crate) copy_link: &'static str,
    /// What a name in a legend does.
    pub(crate) toggle_line: &'static str,
    /// Where the time of an event leads.
    pub(crate) at_that_time: &'static str,
    /// Every line was hidden.
    pub(crate) all_hidden: &'static str,
    /// Percentiles of the time shown: whose, where there are several lines, and each with its value; whether every measurement was looked at.
    pub(crate) percentiles: Percentiles,
    /// The mean over the time shown, after it.
    pub(crate) on_average: &'static str,
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
    /// One line's name, mean, smallest and largest value over a time that is past.
    pub(crate) summary_past: fn(&str, &str, &str, &str) -> String,
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
    reason: |reason| match reason {
        GapReason::Unknown => "not measured",
        GapReason::HostDown => "host did not answer",
        GapReason::ContainerStopped => "not running",
        GapReason::HubStopped => "Plimsoll was stopped",
        GapReason::BufferOverflow => "readings dropped: too many to write",
    },
    redeployed: |before, image| match before {
        Some(before) if before == image => format!("redeployed, the same image {image}"),
        Some(before) => format!("redeployed, {before} → {image}"),
        None => format!("redeployed with {image}"),
    },
    more: |title| format!("{title}: scale, and save as"),
    log_scale: "Logarithmic scale",
    stacked: "Stacked",
    as_csv: "Save as CSV",
    as_svg: "Save as SVG",
    as_png: "Save as PNG",
    copy_link: "Copy the link to this view",
    toggle_line: "Hide this line, or draw it again",
    at_that_time: "Show the charts at that time",
    all_hidden: "Every line is hidden; its name above draws it again.",
    percentiles: |name, values, exact| {
        let mut text = percentiles(name.map(|name| format!("{name}: ")), values);
        if !exact {
            text += " (of means)";
        }
        text
    },
    on_average: "on average",
    held_back: "held back by its CPU limit",
    nothing_yet: "No readings in this time.",
    limit: |value| format!("limit {value}"),
    summary: |title, period| format!("{title}, {period}."),
    summary_part: |name, now, mean, min, max| match now {
        Some(now) => format!(" {name}: {now} now, mean {mean}, lowest {min}, highest {max}."),
        None => format!(" {name}: no value now, mean {mean}, lowest {min}, highest {max}."),
    },
    summary_past: |name, mean, min, max| {
        format!(" {name}: mean {mean}, lowest {min}, highest {max}.")
    },
    keys: "Left and right arrows move through time, Home and End go to its ends, with Shift they move the time shown, plus and minus zoom, L goes back to now, Escape leaves.",
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
    reason: |reason| match reason {
        GapReason::Unknown => "未测量",
        GapReason::HostDown => "主机无响应",
        GapReason::ContainerStopped => "未运行",
        GapReason::HubStopped => "Plimsoll 未运行",
        GapReason::BufferOverflow => "读数过多，未能写入",
    },
    redeployed: |before, image| match before {
        Some(before) if before == image => format!("重新部署，镜像未变 {image}"),
        Some(before) => format!("重新部署，{before} → {image}"),
        None => format!("重新部署为 {image}"),
    },
    more: |title| format!("{title}：刻度与导出"),
    log_scale: "对数刻度",
    stacked: "堆叠",
    as_csv: "导出 CSV",
    as_svg: "导出 SVG",
    as_png: "导出 PNG",
    copy_link: "复制此视图的链接",
    toggle_line: "隐藏或重新显示这条线",
    at_that_time: "查看当时的图表",
    all_hidden: "所有线都已隐藏；点击上方名称可重新显示。",
    percentiles: |name, values, exact| {
        let mut text = percentiles(name.map(|name| format!("{name}：")), values);
        if !exact {
            text += "（按均值）";
        }
        text
    },
    on_average: "平均",
    held_back: "受 CPU 限额限制",
    nothing_yet: "这段时间没有读数。",
    limit: |value| format!("上限 {value}"),
    summary: |title, period| format!("{title}，{period}。"),
    summary_part: |name, now, mean, min, max| match now {
        Some(now) => format!("{name}：当前 {now}，平均 {mean}，最低 {min}，最高 {max}。"),
        None => format!("{name}：当前无值，平均 {mean}，最低 {min}，最高 {max}。"),
    },
    summary_past: |name, mean, min, max| format!("{name}：平均 {mean}，最低 {min}，最高 {max}。"),
    keys: "左右方向键在时间上移动，Home 和 End 到两端，按住 Shift 平移所示时间，加减号缩放，L 回到现在，Esc 离开。",
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

/// `used: p50 1GiB · p95 2GiB`.
fn percentiles(lead: Option<String>, values: &[(u8, String)]) -> String {
    let parts: Vec<String> = values
        .iter()
        .map(|(p, value)| format!("p{p} {value}"))
        .collect();
    format!("{}{}", lead.unwrap_or_default(), parts.join(" · "))
}
