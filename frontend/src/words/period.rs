//! Words of the time that charts show, and of what it is compared with.

use crate::state::{
    moment::Unread,
    range::{Measure, Range},
    time::Clock,
};

/// Words of the time that charts show.
pub(crate) struct Period {
    /// The choice of the time shown.
    pub(crate) label: &'static str,
    /// A length.
    pub(crate) length: fn(Range) -> String,
    /// A length that ends now.
    pub(crate) last: fn(Range) -> String,
    /// The word before a count and its measure.
    pub(crate) last_word: &'static str,
    /// How many of the measure, for screen readers.
    pub(crate) count: &'static str,
    /// A measure, of several.
    pub(crate) measure: fn(Measure) -> &'static str,
    /// For screen readers: the choice of a measure.
    pub(crate) measures: &'static str,
    /// Shows what was chosen.
    pub(crate) show: &'static str,
    /// An instant with some time around it.
    pub(crate) around: &'static str,
    /// What may be typed there.
    pub(crate) around_hint: &'static str,
    /// Begin of the time shown.
    pub(crate) from: &'static str,
    /// End of the time shown.
    pub(crate) to: &'static str,
    /// Chooses a time from a calendar: which one.
    pub(crate) calendar: fn(&str) -> String,
    /// The clock that times are told on.
    pub(crate) clock: &'static str,
    /// A clock, with how far the local one is ahead of UTC, written `+08:00`.
    pub(crate) clock_of: fn(Clock, &str) -> String,
    /// Why what was typed is no time: in which field, what was typed, why.
    pub(crate) unread: fn(&str, &str, Unread) -> String,
    /// The end lies before the beginning.
    pub(crate) backwards: &'static str,
    /// The time lies in the future: in which field.
    pub(crate) future: fn(&str) -> String,
    /// A length that charts do not show.
    pub(crate) no_length: &'static str,
    /// The end is now.
    pub(crate) live: &'static str,
    /// What that means.
    pub(crate) live_hint: &'static str,
    /// Goes back to now.
    pub(crate) to_live: &'static str,
    /// Moves to earlier times.
    pub(crate) earlier: &'static str,
    /// Moves to later times.
    pub(crate) later: &'static str,
    /// Shows more time.
    pub(crate) out: &'static str,
    /// What else may be done with the time shown.
    pub(crate) hint: &'static str,
    /// Compares with something.
    pub(crate) compare: &'static str,
    /// Compares with nothing.
    pub(crate) nothing: &'static str,
    /// Compares with the same length of time before.
    pub(crate) before: fn(&str) -> String,
    /// Finds a container to compare with.
    pub(crate) find: &'static str,
    /// No container by that name.
    pub(crate) none_found: &'static str,
    /// What the lines are compared with: its name.
    pub(crate) against: fn(&str) -> String,
}

/// English.
pub(super) const EN: Period = Period {
    label: "Time shown",
    length: |range| {
        let (count, measure) = range.parts();
        let unit = match measure {
            Measure::Seconds => "s",
            Measure::Minutes => "min",
            Measure::Hours => "h",
            Measure::Days => "d",
            Measure::Months if count == 1 => "month",
            Measure::Months => "months",
        };
        format!("{count} {unit}")
    },
    last: |range| format!("Last {}", (EN.length)(range)),
    last_word: "Last",
    count: "How many",
    measure: |measure| match measure {
        Measure::Seconds => "seconds",
        Measure::Minutes => "minutes",
        Measure::Hours => "hours",
        Measure::Days => "days",
        Measure::Months => "months",
    },
    measures: "Of what",
    show: "Show",
    around: "Around",
    around_hint: "14:03, Tue 14:03, 2026-11-17 14:03",
    from: "From",
    to: "To",
    calendar: |field| format!("{field}: choose from a calendar"),
    clock: "Times are",
    clock_of: |clock, ahead| match clock {
        Clock::Local => format!("local, UTC{ahead}"),
        Clock::Utc => "UTC".to_owned(),
    },
    unread: |field, typed, why| match why {
        Unread::Empty => format!("{field}: no time given. Type one, as 14:03 or 2026-11-17 14:03."),
        Unread::Form => format!(
            "{field}: {typed:?} is no time that can be read. Type it as 14:03, Tue 14:03, yesterday 14:03 or 2026-11-17 14:03:09."
        ),
        Unread::Calendar => {
            format!("{field}: {typed:?} does not exist. Is it another day or hour?")
        }
    },
    backwards: "The end lies before the beginning. Swap them, or choose a later end.",
    future: |field| format!("{field}: this lies in the future, and nothing was measured there."),
    no_length: "Charts show from 10 seconds to 5 years.",
    live: "LIVE",
    live_hint: "The end is now: readings are drawn as they come",
    to_live: "Go back to now",
    earlier: "Earlier",
    later: "Later",
    out: "Zoom out",
    hint: "Drag across a chart to zoom, drag with Shift to move.",
    compare: "Compare",
    nothing: "With nothing",
    before: |length| format!("{length} before"),
    find: "Another container",
    none_found: "Nothing by that name.",
    against: |name| format!("Compared: {name}"),
};

/// Simplified Chinese.
pub(super) const ZH: Period = Period {
    label: "所示时间",
    length: |range| {
        let (count, measure) = range.parts();
        format!("{count} {}", (ZH.measure)(measure))
    },
    last: |range| format!("最近 {}", (ZH.length)(range)),
    last_word: "最近",
    count: "数量",
    measure: |measure| match measure {
        Measure::Seconds => "秒",
        Measure::Minutes => "分钟",
        Measure::Hours => "小时",
        Measure::Days => "天",
        Measure::Months => "个月",
    },
    measures: "单位",
    show: "显示",
    around: "前后",
    around_hint: "14:03、周二 14:03、2026-11-17 14:03",
    from: "从",
    to: "到",
    calendar: |field| format!("{field}：从日历选择"),
    clock: "时间为",
    clock_of: |clock, ahead| match clock {
        Clock::Local => format!("本地，UTC{ahead}"),
        Clock::Utc => "UTC".to_owned(),
    },
    unread: |field, typed, why| match why {
        Unread::Empty => format!("{field}：未填写时间。请输入如 14:03 或 2026-11-17 14:03。"),
        Unread::Form => format!(
            "{field}：无法识别时间“{typed}”。请输入如 14:03、周二 14:03、昨天 14:03 或 2026-11-17 14:03:09。"
        ),
        Unread::Calendar => format!("{field}：“{typed}”不存在，请检查日期和时刻。"),
    },
    backwards: "结束早于开始。请交换两者，或选择更晚的结束时间。",
    future: |field| format!("{field}：该时间在将来，尚无读数。"),
    no_length: "图表可显示 10 秒到 5 年。",
    live: "实时",
    live_hint: "结束时间为现在：读数到来即绘出",
    to_live: "回到现在",
    earlier: "更早",
    later: "更晚",
    out: "缩小",
    hint: "在图表上拖动可放大，按住 Shift 拖动可平移。",
    compare: "对比",
    nothing: "不对比",
    before: |length| format!("{length}之前"),
    find: "另一个容器",
    none_found: "没有这个名称。",
    against: |name| format!("对比：{name}"),
};
