//! Words of the frame around every page, and words that several pages use.

use crate::state::link::Link;

/// Words of the frame around every page.
pub(crate) struct Shell {
    /// Overview page.
    pub(crate) overview: &'static str,
    /// Containers page.
    pub(crate) containers: &'static str,
    /// Hosts page.
    pub(crate) hosts: &'static str,
    /// Settings page.
    pub(crate) settings: &'static str,
    /// The rail, for screen readers.
    pub(crate) pages: &'static str,
    /// Jumps over the rail.
    pub(crate) skip: &'static str,
    /// No such page.
    pub(crate) missing: &'static str,
    /// Where to go instead.
    pub(crate) missing_hint: &'static str,
    /// The connection, in a word.
    pub(crate) link: fn(Link, &str) -> String,
    /// The connection, in a sentence.
    pub(crate) link_hint: fn(Link) -> &'static str,
    /// The switch to the other language, in that language.
    pub(crate) other_language: &'static str,
    /// The sign on that switch.
    pub(crate) language_sign: &'static str,
    /// The switch between light and dark.
    pub(crate) theme: &'static str,
    /// Another version of the console is being served.
    pub(crate) new_version: &'static str,
    /// Load it.
    pub(crate) reload: &'static str,
    /// History is not being written; the server's sentence follows.
    pub(crate) not_recording: &'static str,
    /// Readings lost so far.
    pub(crate) lost: fn(u64) -> String,
    /// An engine cannot be reached: host, since.
    pub(crate) engine_down: fn(&str, &str) -> String,
    /// What still works then.
    pub(crate) engine_down_hint: &'static str,
    /// An engine is silent: host, since.
    pub(crate) engine_stale: fn(&str, &str) -> String,
    /// Something could not be loaded.
    pub(crate) failed: &'static str,
    /// Try again.
    pub(crate) retry: &'static str,
    /// The id of the failed request.
    pub(crate) request: fn(&str) -> String,
    /// Copy to the clipboard.
    pub(crate) copy: &'static str,
    /// Copied.
    pub(crate) copied: &'static str,
    /// Waiting.
    pub(crate) loading: &'static str,
    /// Closes a dialog.
    pub(crate) close: &'static str,
    /// The dialog of keys.
    pub(crate) keys: &'static str,
    /// Keys and what they do.
    pub(crate) key_list: &'static [(&'static str, &'static str)],
    /// The palette.
    pub(crate) palette: &'static str,
    /// Its field.
    pub(crate) palette_hint: &'static str,
    /// Nothing found.
    pub(crate) palette_empty: &'static str,
    /// A page, in the palette.
    pub(crate) palette_page: &'static str,
    /// A host, in the palette.
    pub(crate) palette_host: &'static str,
    /// A container, in the palette.
    pub(crate) palette_container: &'static str,
    /// Version of the console.
    pub(crate) version: fn(&str) -> String,
}

/// English.
pub(super) const EN: Shell = Shell {
    overview: "Overview",
    containers: "Containers",
    hosts: "Hosts",
    settings: "Settings",
    pages: "Pages",
    skip: "Skip to the content",
    missing: "There is no such page.",
    missing_hint: "See all containers",
    link: |link, clock| match link {
        Link::Connecting => "connecting".to_owned(),
        Link::Live => "live".to_owned(),
        Link::Reconnecting => "reconnecting".to_owned(),
        Link::Stale { .. } => format!("stale since {clock}"),
    },
    link_hint: |link| match link {
        Link::Connecting => "Connecting to the server",
        Link::Live => "Numbers come from the server as it measures",
        Link::Reconnecting => "The connection to the server broke; it is being made again",
        Link::Stale { .. } => {
            "The server has been silent; what you see is the last it said. The connection is being made again"
        }
    },
    other_language: "切换到简体中文",
    language_sign: "EN",
    theme: "Light or dark",
    new_version: "A new version is running",
    reload: "reload",
    not_recording: "History is not being recorded; live numbers go on.",
    lost: |n| format!("{n} readings lost so far."),
    engine_down: |host, clock| format!("The engine of {host} cannot be reached since {clock}."),
    engine_down_hint: "What it last said is shown in grey. The server keeps trying.",
    engine_stale: |host, clock| format!("The engine of {host} has been silent since {clock}."),
    failed: "This could not be loaded.",
    retry: "try again",
    request: |id| format!("request {id}"),
    copy: "copy",
    copied: "copied",
    loading: "Loading",
    close: "close",
    keys: "Keys",
    key_list: &[
        ("/", "search"),
        ("Ctrl K", "go to a container, host or page"),
        ("j k ↓ ↑", "next and previous row"),
        ("Enter", "open the row"),
        ("x", "select the row"),
        ("Space", "freeze the order of rows, or let them move again"),
        ("e", "save the rows, or the selected ones, as CSV"),
        ("Shift click", "on a heading: sort by it too"),
        (
            "← →",
            "on a chart: move through time; Home and End go to its ends",
        ),
        (
            "Shift ← →",
            "on a chart: earlier and later; so does dragging with Shift",
        ),
        (
            "+ −",
            "on a chart: zoom in and out; so does dragging across it",
        ),
        ("l", "on a chart: back to now"),
        ("Esc", "close, or take the selection back"),
        ("?", "this list"),
    ],
    palette: "Go to",
    palette_hint: "A container, a host or a page",
    palette_empty: "Nothing by that name.",
    palette_page: "page",
    palette_host: "host",
    palette_container: "container",
    version: |version| format!("v{version}"),
};

/// Simplified Chinese.
pub(super) const ZH: Shell = Shell {
    overview: "概览",
    containers: "容器",
    hosts: "主机",
    settings: "设置",
    pages: "页面",
    skip: "跳到内容",
    missing: "没有这个页面。",
    missing_hint: "查看所有容器",
    link: |link, clock| match link {
        Link::Connecting => "正在连接".to_owned(),
        Link::Live => "实时".to_owned(),
        Link::Reconnecting => "正在重连".to_owned(),
        Link::Stale { .. } => format!("自 {clock} 起未更新"),
    },
    link_hint: |link| match link {
        Link::Connecting => "正在连接服务器",
        Link::Live => "数值随服务器的测量实时更新",
        Link::Reconnecting => "与服务器的连接已断开，正在重新连接",
        Link::Stale { .. } => "服务器没有响应；显示的是最后收到的数据。正在重新连接",
    },
    other_language: "Switch to English",
    language_sign: "中",
    theme: "浅色或深色",
    new_version: "服务器已运行新版本",
    reload: "重新加载",
    not_recording: "历史记录已停止写入；实时数值不受影响。",
    lost: |n| format!("目前已丢失 {n} 条读数。"),
    engine_down: |host, clock| format!("自 {clock} 起无法连接主机 {host} 的引擎。"),
    engine_down_hint: "灰色显示的是最后收到的数据。服务器会继续尝试连接。",
    engine_stale: |host, clock| format!("主机 {host} 的引擎自 {clock} 起没有响应。"),
    failed: "加载失败。",
    retry: "重试",
    request: |id| format!("请求 {id}"),
    copy: "复制",
    copied: "已复制",
    loading: "正在加载",
    close: "关闭",
    keys: "快捷键",
    key_list: &[
        ("/", "搜索"),
        ("Ctrl K", "转到容器、主机或页面"),
        ("j k ↓ ↑", "下一行、上一行"),
        ("Enter", "打开该行"),
        ("x", "选择该行"),
        ("Space", "冻结或恢复行的排序"),
        ("e", "将所有行或选中的行保存为 CSV"),
        ("Shift 单击", "在列标题上：追加排序"),
        ("← →", "图表上：在时间上移动；Home 和 End 到两端"),
        ("Shift ← →", "图表上：更早或更晚；按住 Shift 拖动亦可"),
        ("+ −", "图表上：放大或缩小；拖动选取亦可放大"),
        ("l", "图表上：回到现在"),
        ("Esc", "关闭或取消选择"),
        ("?", "显示本列表"),
    ],
    palette: "转到",
    palette_hint: "容器、主机或页面",
    palette_empty: "没有找到。",
    palette_page: "页面",
    palette_host: "主机",
    palette_container: "容器",
    version: |version| format!("v{version}"),
};
