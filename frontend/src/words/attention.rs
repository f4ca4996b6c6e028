//! Words for what needs a person.

use super::counted;
use crate::state::attention::Need;
use plimsoll_shared::units;

/// Words for what needs a person.
pub(crate) struct Attention {
    /// Heading for screen readers.
    pub(crate) title: &'static str,
    /// Why; the container's name stands before it, and the time after it where there is one.
    pub(crate) need: fn(Need) -> String,
    /// Everything is quiet.
    pub(crate) nothing: &'static str,
    /// When it was last looked at, by the clock.
    pub(crate) checked: fn(&str) -> String,
    /// That many more.
    pub(crate) more: fn(usize) -> String,
    /// Show fewer again.
    pub(crate) fewer: &'static str,
}

/// English.
pub(super) const EN: Attention = Attention {
    title: "Needs attention",
    need: |need| match need {
        Need::RestartLoop { restarts: Some(n) } => {
            let times = usize::try_from(n).unwrap_or(usize::MAX);
            format!(
                "keeps ending and being restarted, {} so far",
                counted(times, "time", "times")
            )
        }
        Need::RestartLoop { restarts: None } => "keeps ending and being restarted".to_owned(),
        Need::OomKilled { .. } => "was killed for want of memory".to_owned(),
        Need::Unhealthy => "fails its health check".to_owned(),
        Need::MemoryFull { percent, limit } => {
            format!(
                "memory at {percent} % of its limit of {}",
                units::binary(limit)
            )
        }
        Need::Paused => "is paused".to_owned(),
    },
    nothing: "Nothing needs you",
    checked: |clock| format!("last checked {clock}"),
    more: |n| format!("{n} more"),
    fewer: "fewer",
};

/// Simplified Chinese.
pub(super) const ZH: Attention = Attention {
    title: "需要关注",
    need: |need| match need {
        Need::RestartLoop { restarts: Some(n) } => format!("反复退出并重启，已重启 {n} 次"),
        Need::RestartLoop { restarts: None } => "反复退出并重启".to_owned(),
        Need::OomKilled { at: Some(_) } => "因内存不足，被终止于".to_owned(),
        Need::OomKilled { at: None } => "因内存不足被终止".to_owned(),
        Need::Unhealthy => "健康检查未通过".to_owned(),
        Need::MemoryFull { percent, limit } => {
            format!("内存已用到上限 {} 的 {percent}%", units::binary(limit))
        }
        Need::Paused => "已暂停".to_owned(),
    },
    nothing: "一切正常，无需处理",
    checked: |clock| format!("最近检查 {clock}"),
    more: |n| format!("另有 {n} 项"),
    fewer: "收起",
};
