//! The font of documents: Lato, embedded in the program, of which a file holds the glyphs that it uses.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, ShapePlan, UnicodeBuffer, script};
use unicode_normalization::UnicodeNormalization as _;

static REGULAR: &[u8] = include_bytes!("../../../content/fonts/Lato-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../content/fonts/Lato-Bold.ttf");

/// What stands for a character that the font does not have.
const UNKNOWN: char = '□';

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Regular.
    Regular,
    /// Bold.
    Bold,
}

/// One weight of the font.
struct Cut {
    font: Font,
    face: rustybuzz::Face<'static>,
    /// What the font does with Latin text, looked up once: it costs more than shaping a line.
    plan: ShapePlan,
}

static CUTS: LazyLock<Option<[Cut; 2]>> = LazyLock::new(|| Some([cut(REGULAR)?, cut(BOLD)?]));

fn cut(bytes: &'static [u8]) -> Option<Cut> {
    let face = rustybuzz::Face::from_slice(bytes, 0)?;
    let plan = ShapePlan::new(&face, Direction::LeftToRight, Some(script::LATIN), None, &[]);
    Some(Cut { font: Font::new(bytes.into(), 0)?, face, plan })
}

/// The font in its two weights. Cheap to clone; read once per process.
#[derive(Clone, Copy)]
pub struct Fonts(&'static [Cut; 2]);

impl Fonts {
    /// The embedded font; `None` would say that the program was built with something else in its place.
    pub fn embedded() -> Option<Self> {
        CUTS.as_ref().map(Self)
    }

    fn cut(self, weight: Weight) -> &'static Cut {
        &self.0[weight as usize]
    }

    /// The font of a weight.
    pub fn font(self, weight: Weight) -> Font {
        self.cut(weight).font.clone()
    }

    /// A text made of characters that both weights have: composed, or else without what they lack, or
    /// else a box in place of a letter of another script. Control characters are spaces.
    pub fn writable(self, text: &str) -> String {
        let has = |c: char| self.0.iter().all(|cut| cut.face.glyph_index(c).is_some());
        let mut out = String::with_capacity(text.len());
        for c in text.nfc() {
            match c {
                c if c.is_control() => out.push(' '),
                c if is_invisible(c) => {}
                c if has(c) => out.push(c),
                '\u{2011}' => out.push('-'),
                c => {
                    let plain = std::iter::once(c).nfkd().filter(|part| has(*part));
                    let before = out.len();
                    out.extend(plain);
                    if out.len() == before {
                        out.push(UNKNOWN);
                    }
                }
            }
        }
        out
    }

    /// The glyphs of a text, from left to right.
    pub fn shape(self, weight: Weight, text: &str) -> Vec<KrillaGlyph> {
        let Cut { face, plan, .. } = self.cut(weight);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let shaped = rustybuzz::shape_with_plan(face, plan, buffer);
        let em = units(face.units_per_em());
        let (infos, places) = (shaped.glyph_infos(), shaped.glyph_positions());
        let starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        let end_of = |nth: usize| {
            let later = starts[nth..].iter().find(|start| **start != starts[nth]);
            later.copied().unwrap_or(text.len())
        };
        let glyph = |nth: usize| {
            let at = &places[nth];
            KrillaGlyph::new(
                GlyphId::new(infos[nth].glyph_id),
                units(at.x_advance) / em,
                units(at.x_offset) / em,
                units(at.y_offset) / em,
                units(at.y_advance) / em,
                starts[nth]..end_of(nth),
                None,
            )
        };
        (0..infos.len()).map(glyph).collect()
    }
}

/// Joiners, marks of direction and variants: nothing to see, and nothing to draw.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

/// Units of a font, which are small integers: exact in an `f32`.
#[expect(clippy::cast_precision_loss, reason = "font units are 16 bits wide")]
fn units(value: i32) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::embedded().expect("the embedded font")
    }

    /// ʻ is U+02BB, the Polynesian glottal; ā ē ī ō ū carry a macron.
    #[test]
    fn every_letter_of_french_and_of_polynesian_languages_is_in_the_font() {
        let text = "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ « » ’ – — … · n° № • ʻʼ āēīōū ĀĒĪŌŪ ñ ß ł ș ű 5\u{a0}%\u{202f}! €";
        assert_eq!(fonts().writable(text), text);
        let alone = fonts().writable("Ma\u{304}ʻohi");
        assert_eq!(alone, "Māʻohi", "composed");
    }

    #[test]
    fn what_the_font_lacks_is_brought_near_or_shown_as_missing() {
        assert_eq!(fonts().writable("ﬁn\u{2011}de\tligne"), "ﬁn-de ligne");
        assert_eq!(fonts().writable("李 Chen\u{200d}\u{202e}"), "□ Chen");
        assert_eq!(fonts().writable("\u{1d400}nne"), "Anne");
    }

    #[test]
    fn glyphs_cover_their_text_in_order() {
        for text in ["office de l’efficacité", "Tāmaʻarangi", "e\u{301}\u{304}x", ""] {
            let glyphs = fonts().shape(Weight::Regular, text);
            let mut at = 0;
            for glyph in &glyphs {
                assert!(glyph.text_range.start == at || glyph.text_range.end == at, "{text}");
                at = glyph.text_range.end;
            }
            assert_eq!(at, text.len());
        }
    }
}
