//! Words of the settings page.

use crate::prefs::{Clock, CpuShare, Theme};

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
