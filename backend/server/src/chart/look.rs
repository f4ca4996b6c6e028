//! The colours of a picture: those of the pages.

use plotters::style::RGBColor;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// Chart paper.
    #[default]
    Light,
    /// A ship's bridge at night.
    Dark,
}

/// One theme's colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) paper: RGBColor,
    pub(super) ink: RGBColor,
    pub(super) label: RGBColor,
    pub(super) rule: RGBColor,
    pub(super) mark: RGBColor,
    hues: [RGBColor; 8],
}

impl Look {
    pub(super) fn of(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self {
                paper: RGBColor(0xff, 0xfd, 0xf8),
                ink: RGBColor(0x16, 0x20, 0x2b),
                label: RGBColor(0x51, 0x60, 0x6e),
                rule: RGBColor(0xe2, 0xdd, 0xd0),
                mark: RGBColor(0xd9, 0x48, 0x0f),
                hues: [
                    RGBColor(0x0b, 0x6e, 0x8a),
                    RGBColor(0x7a, 0x8b, 0x1f),
                    RGBColor(0x8a, 0x3f, 0x8f),
                    RGBColor(0xb0, 0x6a, 0x00),
                    RGBColor(0x2f, 0x5f, 0xb8),
                    RGBColor(0xb4, 0x23, 0x4f),
                    RGBColor(0x2f, 0x7d, 0x4f),
                    RGBColor(0x6b, 0x5b, 0x4b),
                ],
            },
            Theme::Dark => Self {
                paper: RGBColor(0x13, 0x1b, 0x24),
                ink: RGBColor(0xe6, 0xe9, 0xec),
                label: RGBColor(0x9e, 0xab, 0xb7),
                rule: RGBColor(0x25, 0x30, 0x3b),
                mark: RGBColor(0xff, 0x7a, 0x3d),
                hues: [
                    RGBColor(0x5c, 0xc1, 0xda),
                    RGBColor(0xc2, 0xd3, 0x5a),
                    RGBColor(0xd0, 0x93, 0xe0),
                    RGBColor(0xe0, 0xa8, 0x3a),
                    RGBColor(0x86, 0xac, 0xff),
                    RGBColor(0xff, 0x8f, 0xa8),
                    RGBColor(0x63, 0xc0, 0x8a),
                    RGBColor(0xc2, 0xb0, 0x9c),
                ],
            },
        }
    }

    /// The hue of a chart's first, second, … line.
    pub(super) fn hue(&self, place: usize) -> RGBColor {
        self.hues[place % self.hues.len()]
    }
}
