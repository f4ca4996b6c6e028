//! An SVG picture as PNG.
//!
//! The font is in the program, so that a picture looks the same on a machine without any: DejaVu Sans, whose licence lies in
//! `.licenses/DejaVu`. For scripts that it lacks the machine's own fonts are looked through, once.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};
use std::sync::{Arc, OnceLock};

/// The picture's pixels, `density` of them along each pixel of the SVG; `None` if it could not be made, which no picture of ours should do.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand pixels"
)]
pub(crate) fn png(svg: &str, density: u32) -> Option<Vec<u8>> {
    let options = Options {
        fontdb: fonts(),
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)
        .inspect_err(|error| tracing::error!(%error, "a picture of ours is no SVG"))
        .ok()?;
    let scale = density as f32;
    let side = |length: f32| (length * scale).round() as u32;
    let mut pixels = Pixmap::new(side(tree.size().width()), side(tree.size().height()))?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .inspect_err(|error| tracing::error!(%error, "a picture could not be written"))
        .ok()
}

fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = Database::new();
            fonts.load_font_data(dejavu::sans::regular().to_vec());
            fonts.set_sans_serif_family("DejaVu Sans");
            fonts.load_system_fonts();
            Arc::new(fonts)
        })
        .clone()
}
