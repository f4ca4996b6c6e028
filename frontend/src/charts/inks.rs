//! The colours of a chart, read from the stylesheet's tokens.

use plotters::style::RGBAColor;

/// The tokens of the lines' hues; the last is for all that is drawn as one.
const HUES: [&str; 9] = [
    "--sea", "--kelp", "--hue-3", "--hue-4", "--hue-5", "--hue-6", "--hue-7", "--hue-8", "--ring",
];

/// One theme's colours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inks {
    /// First, second, … line; those after the last have its hue.
    pub(crate) hues: Vec<RGBAColor>,
    /// Limits.
    pub(crate) mark: RGBAColor,
    /// Labels and event lines.
    pub(crate) label: RGBAColor,
    /// Grid and hatching.
    pub(crate) rule: RGBAColor,
    /// Font of the labels, as CSS writes it.
    pub(crate) font: String,
}

impl Inks {
    /// The inks that `token` knows: the value of a custom property such as `--sea`. What it does not know is drawn in grey.
    pub(crate) fn read(token: impl Fn(&str) -> String, font: String) -> Self {
        let ink = |name| colour(&token(name)).unwrap_or(RGBAColor(128, 128, 128, 1.0));
        Self {
            hues: HUES.into_iter().map(ink).collect(),
            mark: ink("--mark"),
            label: ink("--ink-2"),
            rule: ink("--rule"),
            font,
        }
    }

    /// The hue of a chart's first, second, … line.
    pub(crate) fn line(&self, place: usize) -> RGBAColor {
        let last = self.hues.last().copied();
        let hue = self.hues.get(place).copied().or(last);
        hue.unwrap_or(self.label)
    }
}

/// A colour written `#rgb`, `#rrggbb`, `rgb(1, 2, 3)` or `rgb(1 2 3)`.
fn colour(text: &str) -> Option<RGBAColor> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix('#') {
        let digits: Vec<u8> = hex
            .chars()
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect::<Option<_>>()?;
        return match digits[..] {
            [r, g, b] => Some(RGBAColor(r * 17, g * 17, b * 17, 1.0)),
            [r, r2, g, g2, b, b2] => Some(RGBAColor(r * 16 + r2, g * 16 + g2, b * 16 + b2, 1.0)),
            _ => None,
        };
    }
    let inside = text.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Vec<u8> = inside
        .split([',', ' '])
        .filter(|p| !p.is_empty())
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    match parts[..] {
        [r, g, b] => Some(RGBAColor(r, g, b, 1.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_however_the_stylesheet_writes_it() {
        for text in [
            " #0b6e8a",
            "#0B6E8A",
            "rgb(11, 110, 138)",
            "rgb(11 110 138)",
        ] {
            assert_eq!(colour(text), Some(RGBAColor(11, 110, 138, 1.0)), "{text}");
        }
        assert_eq!(colour("#fff"), Some(RGBAColor(255, 255, 255, 1.0)));
        for bad in ["", "#12", "#ééé", "sea", "rgb(1,2)", "rgb(900,1,1)"] {
            assert_eq!(colour(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_token_that_is_missing_still_draws() {
        let inks = Inks::read(|_| String::new(), "serif".to_owned());
        for place in [0, 8, 99] {
            assert_eq!(inks.line(place), RGBAColor(128, 128, 128, 1.0));
        }
    }
}
