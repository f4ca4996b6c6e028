//! Words for times.

use crate::state::time::Span;

/// Words for times.
pub(crate) struct Time {
    /// A stretch of time: `12 d`.
    pub(crate) span: fn(Span) -> String,
    /// A time before now: `12 d ago`.
    pub(crate) ago: fn(Span) -> String,
    /// What is shown of a host is as old as the clock says: host, `15:03`.
    pub(crate) as_of: fn(&str, &str) -> String,
    /// Since a clock time.
    pub(crate) since: fn(&str) -> String,
}

/// English.
pub(super) const EN: Time = Time {
    span: |span| match span {
        Span::Seconds(n) => format!("{n} s"),
        Span::Minutes(n) => format!("{n} min"),
        Span::Hours(n) => format!("{n} h"),
        Span::Days(n) => format!("{n} d"),
    },
    ago: |span| match span {
        Span::Seconds(0..=4) => "just now".to_owned(),
        Span::Seconds(n) => format!("{n} s ago"),
        Span::Minutes(n) => format!("{n} min ago"),
        Span::Hours(n) => format!("{n} h ago"),
        Span::Days(n) => format!("{n} d ago"),
    },
    as_of: |host, clock| format!("{host} as of {clock}"),
    since: |clock| format!("since {clock}"),
};

/// Simplified Chinese.
pub(super) const ZH: Time = Time {
    span: |span| match span {
        Span::Seconds(n) => format!("{n} 秒"),
        Span::Minutes(n) => format!("{n} 分钟"),
        Span::Hours(n) => format!("{n} 小时"),
        Span::Days(n) => format!("{n} 天"),
    },
    ago: |span| match span {
        Span::Seconds(0..=4) => "刚刚".to_owned(),
        Span::Seconds(n) => format!("{n} 秒前"),
        Span::Minutes(n) => format!("{n} 分钟前"),
        Span::Hours(n) => format!("{n} 小时前"),
        Span::Days(n) => format!("{n} 天前"),
    },
    as_of: |host, clock| format!("{host} 截至 {clock}"),
    since: |clock| format!("自 {clock} 起"),
};
