//! Widths of texts. Each text is shaped once, at whatever sizes it is asked about: several are tried
//! until one page is enough.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::fonts::{Fonts, Weight};

/// What is known of the texts of one document.
pub struct Ruler {
    fonts: Fonts,
    /// Regular, then bold.
    known: [RefCell<HashMap<String, Rc<[f32]>>>; 2],
}

impl Ruler {
    /// A ruler that knows nothing yet.
    pub fn new(fonts: Fonts) -> Self {
        Self { fonts, known: Default::default() }
    }

    /// The font that it measures.
    pub fn fonts(&self) -> Fonts {
        self.fonts
    }

    /// Where each byte of a text begins, in ems from its left, and where the text ends.
    pub fn offsets(&self, weight: Weight, text: &str) -> Rc<[f32]> {
        let known = &self.known[weight as usize];
        if let Some(offsets) = known.borrow().get(text) {
            return Rc::clone(offsets);
        }
        let mut offsets = Vec::with_capacity(text.len() + 1);
        let mut right = 0.0;
        for glyph in self.fonts.shape(weight, text) {
            offsets.resize(offsets.len().max(glyph.text_range.start + 1), right);
            right += glyph.x_advance;
        }
        offsets.resize(text.len() + 1, right);
        let offsets: Rc<[f32]> = offsets.into();
        known.borrow_mut().insert(text.to_owned(), Rc::clone(&offsets));
        offsets
    }

    /// How wide a text is, in points.
    pub fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        self.offsets(weight, text)[text.len()] * size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_wide_as_its_letters_in_its_weight_and_at_its_size() {
        let ruler = Ruler::new(Fonts::embedded().expect("the embedded font"));
        let width = |weight, size, text| ruler.width(weight, size, text);
        assert!(width(Weight::Bold, 10.0, "mm") > width(Weight::Bold, 10.0, "ii"));
        assert!(width(Weight::Bold, 10.0, "mm") > width(Weight::Regular, 10.0, "mm"));
        for _ in 0..2 {
            let (once, twice) = (width(Weight::Bold, 10.0, "mm"), width(Weight::Bold, 20.0, "mm"));
            assert!((twice - 2.0 * once).abs() < 1e-3, "the second time too");
        }
        let offsets = ruler.offsets(Weight::Regular, "éa");
        assert_eq!(offsets.len(), 4, "a place for each byte, and for the end");
        assert!(offsets.windows(2).all(|pair| pair[0] <= pair[1]), "{offsets:?}");
    }
}
