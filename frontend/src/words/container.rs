//! Words of a container's own page. Its page's author adds them here, both languages side by side.

/// Words of a container's own page.
pub(crate) struct Container {
    /// Heading while there is nothing else to say.
    pub(crate) title: &'static str,
}

/// English.
pub(super) const EN: Container = Container { title: "Container" };

/// Simplified Chinese.
pub(super) const ZH: Container = Container { title: "容器" };
