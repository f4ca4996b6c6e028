//! Words of the frame around every page.

/// Words of the frame around every page.
pub(crate) struct Shell {
    /// Containers page.
    pub(crate) containers: &'static str,
    /// Hosts page.
    pub(crate) hosts: &'static str,
    /// Settings page.
    pub(crate) settings: &'static str,
    /// No such page.
    pub(crate) missing: &'static str,
}

/// English.
pub(super) const EN: Shell = Shell {
    containers: "Containers",
    hosts: "Hosts",
    settings: "Settings",
    missing: "There is no such page.",
};

/// Simplified Chinese.
pub(super) const ZH: Shell = Shell {
    containers: "容器",
    hosts: "主机",
    settings: "设置",
    missing: "没有这个页面。",
};
