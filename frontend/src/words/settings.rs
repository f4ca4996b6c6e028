//! Words of the settings page.

use crate::{
    prefs::{Clock, CpuShare, Theme},
    state::history::{Lasting, Outlook},
};

/// Words of the settings page.
pub(crate) struct Settings {
    /// Heading of the choices.
    pub(crate) appearance: &'static str,
    /// Where they are kept.
    pub(crate) kept: &'static str,
    /// The choice of theme.
    pub(crate) theme: &'static str,
    /// A theme.
    pub(crate) themes: fn(Theme) -> &'static str,
    /// The choice of language.
    pub(crate) language: &'static str,
    /// The choice of clock.
    pub(crate) clock: &'static str,
    /// A clock.
    pub(crate) clocks: fn(Clock) -> &'static str,
    /// The choice of what 100 % CPU is.
    pub(crate) cpu: &'static str,
    /// A meaning of 100 % CPU.
    pub(crate) shares: fn(CpuShare) -> &'static str,
    /// Heading of the room that history takes.
    pub(crate) history: &'static str,
    /// It is being recorded.
    pub(crate) recorded: &'static str,
    /// What is taken.
    pub(crate) used: &'static str,
    /// What will be taken.
    pub(crate) forecast: &'static str,
    /// The most that may be taken.
    pub(crate) budget: &'static str,
    /// There is no such bound.
    pub(crate) no_budget: &'static str,
    /// What is free on the disk.
    pub(crate) free: &'static str,
    /// Where the disk is full.
    pub(crate) disk_full: &'static str,
    /// It cannot be told.
    pub(crate) unknown: &'static str,
    /// There is not enough of it to tell.
    pub(crate) not_yet: &'static str,
    /// What will become of the room that history takes.
    pub(crate) outlook: fn(Outlook) -> &'static str,
    /// What one container takes in a year.
    pub(crate) container_year: &'static str,
    /// Who is measured now.
    pub(crate) measured: &'static str,
    /// So many containers.
    pub(crate) measured_words: fn(u64) -> String,
    /// Headings of the tiers: width.
    pub(crate) resolution: &'static str,
    /// How long they are kept.
    pub(crate) kept_for: &'static str,
    /// Their oldest.
    pub(crate) oldest: &'static str,
    /// Their bytes.
    pub(crate) size: &'static str,
    /// The finest resolution.
    pub(crate) every_reading: &'static str,
    /// A whole stretch of time: the width of a resolution, or how long it is kept.
    pub(crate) lasting: fn(Lasting) -> String,
    /// Heading of how to keep a copy.
    pub(crate) copies: &'static str,
    /// What for, and the command.
    pub(crate) copy_commands: &'static [(&'static str, &'static str)],
    /// Heading of the server's settings.
    pub(crate) told: &'static str,
    /// How to change them.
    pub(crate) told_hint: &'static str,
    /// A setting's name.
    pub(crate) setting: &'static str,
    /// Its value.
    pub(crate) value: &'static str,
    /// Who set it.
    pub(crate) set_by: &'static str,
    /// Its flag.
    pub(crate) flag: &'static str,
    /// Its variable.
    pub(crate) variable: &'static str,
    /// Nobody set it.
    pub(crate) by_default: &'static str,
    /// Heading of the server's own state.
    pub(crate) about: &'static str,
    /// Version.
    pub(crate) version: &'static str,
    /// Started.
    pub(crate) started: &'static str,
    /// Interval.
    pub(crate) interval: &'static str,
    /// An interval in milliseconds.
    pub(crate) every: fn(u64) -> String,
    /// Data folder.
    pub(crate) data: &'static str,
    /// Kept for so many hours.
    pub(crate) retention: fn(u64) -> String,
    /// Recording.
    pub(crate) recording: &'static str,
    /// It is.
    pub(crate) recording_on: &'static str,
    /// It is not.
    pub(crate) recording_off: &'static str,
    /// Memory of the server.
    pub(crate) memory: &'static str,
    /// Live stream.
    pub(crate) live: &'static str,
    /// Tabs, frames encoded and frames sent.
    pub(crate) live_words: fn(u64, u64, u64) -> String,
    /// Heading of the tasks.
    pub(crate) tasks: &'static str,
    /// What a task does.
    pub(crate) task: &'static str,
    /// Its state.
    pub(crate) state: &'static str,
    /// Its restarts.
    pub(crate) restarts: &'static str,
    /// It runs.
    pub(crate) running: &'static str,
    /// It waits to start again.
    pub(crate) waiting: fn(&str) -> String,
}

/// English.
pub(super) const EN: Settings = Settings {
    appearance: "Appearance",
    kept: "Kept in this browser.",
    theme: "Theme",
    themes: |theme| match theme {
        Theme::System => "as the system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    },
    language: "Language",
    clock: "Times",
    clocks: |clock| match clock {
        Clock::Local => "local",
        Clock::Utc => "UTC",
    },
    cpu: "100 % CPU is",
    shares: |share| match share {
        CpuShare::Core => "one core, as docker prints it",
        CpuShare::Host => "all cores of the host",
    },
    history: "History",
    recorded: "Being recorded, every reading",
    used: "Taken now",
    forecast: "Forecast",
    budget: "Budget",
    no_budget: "none",
    free: "Free on the disk",
    disk_full: "disk full",
    unknown: "cannot be told",
    not_yet: "not enough to tell yet",
    outlook: |outlook| match outlook {
        Outlook::Unknown => "There is not enough history yet to tell how much room it will take.",
        Outlook::Fits => "The forecast fits: nothing will have to go early.",
        Outlook::OverBudget => {
            "The forecast reaches the budget: the oldest of the finest resolution will go early."
        }
        Outlook::OverDisk => {
            "The forecast is above what the disk has room for: make room, or set a smaller budget."
        }
    },
    container_year: "One container, a year",
    measured: "Measured now",
    measured_words: |n| {
        super::counted(
            usize::try_from(n).unwrap_or(usize::MAX),
            "container",
            "containers",
        )
    },
    resolution: "Resolution",
    kept_for: "Kept for",
    oldest: "Oldest",
    size: "Size",
    every_reading: "every reading",
    lasting: |lasting| match lasting {
        Lasting::Seconds(n) => format!("{n} s"),
        Lasting::Minutes(n) => format!("{n} min"),
        Lasting::Hours(n) => format!("{n} h"),
        Lasting::Days(n) => format!("{n} d"),
        Lasting::Months(n) => format!("{n} months"),
        Lasting::Years(n) => format!("{n} years"),
    },
    copies: "Backup",
    copy_commands: &[
        (
            "Copy all that is kept, while the server runs",
            "plimsoll backup DIR",
        ),
        (
            "See whether a copy is whole",
            "plimsoll restore DIR --verify",
        ),
        (
            "Put it back, while the server is stopped; what is there is moved aside",
            "plimsoll restore DIR --replace",
        ),
    ],
    told: "What it was told",
    told_hint: "The command line beats the environment, which beats config.toml. A change holds from the next start.",
    setting: "Setting",
    value: "Value",
    set_by: "Set by",
    flag: "Flag",
    variable: "Variable",
    by_default: "default",
    about: "This server",
    version: "Version",
    started: "Started",
    interval: "Measures",
    every: |ms| match ms {
        1000 => "every second".to_owned(),
        ms if ms % 1000 == 0 => format!("every {} s", ms / 1000),
        ms => format!("every {ms} ms"),
    },
    data: "Data",
    retention: |hours| format!("readings kept for {hours} h"),
    recording: "Recording",
    recording_on: "on",
    recording_off: "off",
    memory: "Its own memory",
    live: "Live stream",
    live_words: |tabs, encoded, sent| {
        let tabs = super::counted(usize::try_from(tabs).unwrap_or(usize::MAX), "tab", "tabs");
        format!("{tabs}; {encoded} frames made, {sent} sent")
    },
    tasks: "Its tasks",
    task: "Task",
    state: "State",
    restarts: "Restarts",
    running: "running",
    waiting: |clock| format!("starts again at {clock}"),
};

/// Simplified Chinese.
pub(super) const ZH: Settings = Settings {
    appearance: "外观",
    kept: "保存在本浏览器中。",
    theme: "主题",
    themes: |theme| match theme {
        Theme::System => "跟随系统",
        Theme::Light => "浅色",
        Theme::Dark => "深色",
    },
    language: "语言",
    clock: "时间",
    clocks: |clock| match clock {
        Clock::Local => "本地时间",
        Clock::Utc => "UTC",
    },
    cpu: "CPU 100% 表示",
    shares: |share| match share {
        CpuShare::Core => "一个核心（与 docker 一致）",
        CpuShare::Host => "主机的全部核心",
    },
    history: "历史记录",
    recorded: "正在写入每一条读数",
    used: "当前占用",
    forecast: "预计占用",
    budget: "空间上限",
    no_budget: "未设置",
    free: "磁盘剩余",
    disk_full: "磁盘已满",
    unknown: "无法得知",
    not_yet: "数据尚不足以判断",
    outlook: |outlook| match outlook {
        Outlook::Unknown => "历史数据尚不足以预计将占用多少空间。",
        Outlook::Fits => "预计空间足够，不会提前删除任何数据。",
        Outlook::OverBudget => "预计将达到空间上限：最细粒度中最早的数据会被提前删除。",
        Outlook::OverDisk => "预计将超出磁盘可用空间：请腾出空间，或设置更小的上限。",
    },
    container_year: "单个容器运行一年",
    measured: "正在测量",
    measured_words: |n| format!("{n} 个容器"),
    resolution: "粒度",
    kept_for: "保留时长",
    oldest: "最早数据",
    size: "大小",
    every_reading: "每条读数",
    lasting: |lasting| match lasting {
        Lasting::Seconds(n) => format!("{n} 秒"),
        Lasting::Minutes(n) => format!("{n} 分钟"),
        Lasting::Hours(n) => format!("{n} 小时"),
        Lasting::Days(n) => format!("{n} 天"),
        Lasting::Months(n) => format!("{n} 个月"),
        Lasting::Years(n) => format!("{n} 年"),
    },
    copies: "备份",
    copy_commands: &[
        ("服务器运行时，复制全部数据", "plimsoll backup DIR"),
        ("检查备份是否完整", "plimsoll restore DIR --verify"),
        (
            "服务器停止后恢复备份；现有数据会被移到一旁",
            "plimsoll restore DIR --replace",
        ),
    ],
    told: "服务器设置",
    told_hint: "命令行优先于环境变量，环境变量优先于 config.toml。更改在下次启动时生效。",
    setting: "设置项",
    value: "值",
    set_by: "来源",
    flag: "命令行参数",
    variable: "环境变量",
    by_default: "默认值",
    about: "本服务器",
    version: "版本",
    started: "启动于",
    interval: "测量间隔",
    every: |ms| match ms {
        1000 => "每秒一次".to_owned(),
        ms if ms % 1000 == 0 => format!("每 {} 秒一次", ms / 1000),
        ms => format!("每 {ms} 毫秒一次"),
    },
    data: "数据",
    retention: |hours| format!("读数保留 {hours} 小时"),
    recording: "历史记录",
    recording_on: "写入中",
    recording_off: "已停止",
    memory: "自身内存",
    live: "实时数据流",
    live_words: |tabs, encoded, sent| {
        format!("{tabs} 个标签页；已生成 {encoded} 帧，已发送 {sent} 帧")
    },
    tasks: "任务",
    task: "任务",
    state: "状态",
    restarts: "重启次数",
    running: "运行中",
    waiting: |clock| format!("将于 {clock} 重新启动"),
};
