//! What is laid out: pages of marks to make, and the structure that names them.

use super::fonts::Weight;

/// Width of A4, in points.
pub const WIDTH: f32 = 595.28;
/// Height of A4, in points.
pub const HEIGHT: f32 = 841.89;

/// Colours of documents; each is read well on white (contrast over 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Text.
    Black,
    /// Titles.
    Blue,
    /// What is beside the point.
    Grey,
    /// Rules.
    Pale,
    /// Ground of a notice.
    Sand,
    /// Edge of a notice.
    Ochre,
}

/// What a mark is drawn for: the nth of the document, or decoration that nobody reads out.
pub type Mark = Option<usize>;

/// Something to draw on a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A line of text, from its baseline.
    Text {
        /// Its mark.
        mark: Mark,
        /// Left end and baseline.
        at: (f32, f32),
        /// Weight and size.
        style: (Weight, f32),
        /// Colour.
        ink: Ink,
        /// The text.
        text: String,
    },
    /// A filled rectangle: decoration.
    Fill {
        /// Left, top, width, height.
        area: [f32; 4],
        /// Colour.
        ink: Ink,
    },
    /// The provider's logo.
    Logo {
        /// Its mark.
        mark: usize,
        /// Left, top, width, height.
        area: [f32; 4],
    },
    /// A QR code.
    Qr {
        /// Its mark.
        mark: usize,
        /// Left, top, side.
        at: (f32, f32, f32),
        /// What it holds.
        text: String,
    },
    /// A link over what is drawn there.
    Link {
        /// Its mark.
        mark: usize,
        /// Left, top, width, height.
        area: [f32; 4],
        /// Where it leads.
        address: String,
    },
}

/// What a part of the document is, for whoever listens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Title of the document, as it reads.
    Title(String),
    /// Heading, as it reads.
    Heading(String),
    /// Paragraph.
    Paragraph,
    /// List.
    List,
    /// Item of a list.
    Item,
    /// Bullet of an item.
    Bullet,
    /// Body of an item.
    Body,
    /// Table.
    Table,
    /// Row of a table.
    Row,
    /// What a row is about.
    Header,
    /// What a row says.
    Cell,
    /// Picture, with what it shows.
    Figure(String),
    /// Link: its mark, then what is clicked.
    Link,
}

/// A node of the structure, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A part and what it holds.
    Part(Role, Vec<Node>),
    /// What was drawn under a mark.
    Mark(usize),
}

/// A whole document, laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheets {
    /// What to draw, page by page.
    pub pages: Vec<Vec<Op>>,
    /// The structure.
    pub structure: Vec<Node>,
    /// How many marks there are.
    pub marks: usize,
    /// Titles and headings with their page and their top: what a reader leaps to.
    pub outline: Vec<(String, usize, f32)>,
}
