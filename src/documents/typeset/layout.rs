//! Blocks laid out on pages: on one page where they fit, a little smaller if they must.

use super::fonts::{Fonts, Weight};
use super::lines::{fitting, wrap};
use super::ruler::Ruler;
use super::sheet::{HEIGHT, Ink, Node, Op, Role, Sheets, WIDTH};
use crate::documents::compose::Block;

/// Left and right margins.
const MARGIN: f32 = 62.0;
/// Width of the text.
const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// Where text begins on a page.
const TOP: f32 = 58.0;
/// Where text ends on a page.
const BOTTOM: f32 = HEIGHT - 52.0;
/// Height of a line, as a multiple of the size of its text.
const LEADING: f32 = 1.36;
/// Width of the labels of a table.
const LABELS: f32 = 112.0;
/// Side of the QR code, which does not shrink.
const QR_SIDE: f32 = 96.0;
/// By how much everything may be reduced so that one page is enough: never under nine points for what
/// must be read.
const SCALES: [f32; 4] = [1.0, 0.96, 0.92, 0.88];

/// How a paragraph is set.
#[derive(Clone, Copy)]
struct Style {
    weight: Weight,
    size: f32,
    ink: Ink,
}

const fn style(weight: Weight, size: f32, ink: Ink) -> Style {
    Style { weight, size, ink }
}

const TEXT: Style = style(Weight::Regular, 10.5, Ink::Black);
const SMALL: Style = style(Weight::Regular, 9.0, Ink::Grey);

/// Lays blocks out; `logo` is the size of the provider's, where there is one.
pub fn layout(fonts: Fonts, blocks: &[Block], logo: Option<(f32, f32)>) -> Sheets {
    let ruler = Ruler::new(fonts);
    let set = |scale: f32| Setter::new(&ruler, scale, logo).set(blocks);
    let one_page = SCALES.into_iter().map(set).find(|sheets| sheets.pages.len() == 1);
    one_page.unwrap_or_else(|| set(SCALES[0]))
}

struct Setter<'a> {
    ruler: &'a Ruler,
    scale: f32,
    logo: Option<(f32, f32)>,
    sheets: Sheets,
    y: f32,
}

impl<'a> Setter<'a> {
    fn new(ruler: &'a Ruler, scale: f32, logo: Option<(f32, f32)>) -> Self {
        let sheets = Sheets { pages: vec![Vec::new()], ..Sheets::default() };
        Self { ruler, scale, logo, sheets, y: TOP }
    }

    fn set(mut self, blocks: &[Block]) -> Sheets {
        for block in blocks {
            let nodes = self.block(block);
            self.sheets.structure.extend(nodes);
        }
        let total = self.sheets.pages.len();
        for page in 0..total {
            self.furniture(page, total);
        }
        self.sheets
    }

    /// What every page has and nobody reads out.
    fn furniture(&mut self, page: usize, total: usize) {
        let band = Op::Fill { area: [0.0, 0.0, WIDTH, 9.0], ink: Ink::Blue };
        self.sheets.pages[page].push(band);
        if total > 1 {
            let text = format!("Page {}/{total}", page + 1);
            let right = WIDTH - MARGIN - self.ruler.width(SMALL.weight, SMALL.size, &text);
            let at = (right, HEIGHT - 28.0);
            let style = (SMALL.weight, SMALL.size);
            self.sheets.pages[page].push(Op::Text { mark: None, at, style, ink: SMALL.ink, text });
        }
    }

    fn block(&mut self, block: &Block) -> Vec<Node> {
        match block {
            Block::Letterhead { name, lines } => self.letterhead(name, lines),
            Block::Title(text) => {
                self.gap(26.0);
                let bold = style(Weight::Bold, 25.0, Ink::Blue);
                let (text, nodes) = self.entitled(text, bold, (MARGIN, MEASURE));
                self.gap(14.0);
                vec![Node::Part(Role::Title(text), nodes)]
            }
            Block::Lead(text) => {
                self.paragraph(text, style(Weight::Regular, 11.5, Ink::Black), 5.0)
            }
            Block::Name(text) => {
                let sizes = [22.0, 19.0, 17.0, 15.0].map(|size| size * self.scale);
                let text = self.ruler.fonts().writable(text);
                let size = fitting(self.ruler, Weight::Bold, &sizes, &text, MEASURE) / self.scale;
                self.paragraph(&text, style(Weight::Bold, size, Ink::Black), 7.0)
            }
            Block::Training(text) => {
                self.paragraph(text, style(Weight::Bold, 15.0, Ink::Blue), 10.0)
            }
            Block::Facts(rows) => vec![self.table(rows)],
            Block::Heading(text) => self.heading(text),
            Block::Paragraph(text) => self.paragraph(text, TEXT, 6.0),
            Block::List(items) => vec![self.list(items)],
            Block::Notice(text) => vec![self.notice(text)],
            Block::Verification { qr, address, lines } => self.verification(qr, address, lines),
        }
    }

    fn letterhead(&mut self, name: &str, lines: &[String]) -> Vec<Node> {
        let mut nodes = Vec::new();
        let (top, mut indent) = (self.y, 0.0);
        if let Some((width, height)) = self.logo {
            let mark = self.mark();
            self.draw(Op::Logo { mark, area: [MARGIN, top, width, height] });
            nodes.push(Node::Part(Role::Figure(format!("Logo : {name}")), vec![Node::Mark(mark)]));
            indent = width + 18.0;
        }
        let (left, width) = (MARGIN + indent, MEASURE - indent);
        let bold = style(Weight::Bold, 12.0, Ink::Black);
        let marks = self.text_at(name, bold, (left, width));
        nodes.push(Node::Part(Role::Paragraph, marks));
        for line in lines {
            let marks = self.text_at(line, SMALL, (left, width));
            nodes.push(Node::Part(Role::Paragraph, marks));
        }
        if let Some((_, height)) = self.logo {
            self.y = self.y.max(top + height);
        }
        self.gap(12.0);
        self.rule();
        nodes
    }

    fn heading(&mut self, text: &str) -> Vec<Node> {
        self.gap(9.0);
        // A heading is not left alone at the foot of a page.
        self.room(60.0);
        let bold = style(Weight::Bold, 12.0, Ink::Blue);
        let (text, nodes) = self.entitled(text, bold, (MARGIN, MEASURE));
        self.gap(4.0);
        vec![Node::Part(Role::Heading(text), nodes)]
    }

    /// Sets a title or a heading, and remembers where it is.
    fn entitled(&mut self, text: &str, style: Style, column: (f32, f32)) -> (String, Vec<Node>) {
        let text = self.ruler.fonts().writable(text);
        let nodes = self.text_at(&text, style, column);
        let (page, top) = (self.sheets.pages.len() - 1, self.y - style.size * self.scale * LEADING);
        self.sheets.outline.push((text.clone(), page, top));
        (text, nodes)
    }

    fn paragraph(&mut self, text: &str, style: Style, after: f32) -> Vec<Node> {
        let nodes = self.lines(text, style);
        self.gap(after);
        vec![Node::Part(Role::Paragraph, nodes)]
    }

    fn table(&mut self, rows: &[(String, String)]) -> Node {
        let mut nodes = Vec::new();
        for (label, value) in rows {
            self.rule();
            self.gap(5.0);
            self.room(2.0 * TEXT.size * LEADING);
            let (page, top) = (self.sheets.pages.len(), self.y);
            let bold = style(Weight::Bold, 9.5, Ink::Grey);
            let header = self.text_at(label, bold, (MARGIN, LABELS - 10.0));
            let under = self.y;
            if self.sheets.pages.len() == page {
                self.y = top;
            }
            let cell = self.text_at(value, TEXT, (MARGIN + LABELS, MEASURE - LABELS));
            if self.sheets.pages.len() == page {
                self.y = self.y.max(under);
            }
            self.gap(5.0);
            let cells = vec![Node::Part(Role::Header, header), Node::Part(Role::Cell, cell)];
            nodes.push(Node::Part(Role::Row, cells));
        }
        self.rule();
        self.gap(6.0);
        Node::Part(Role::Table, nodes)
    }

    fn list(&mut self, items: &[String]) -> Node {
        let mut nodes = Vec::new();
        for item in items {
            self.room(TEXT.size * LEADING * self.scale);
            let (page, top) = (self.sheets.pages.len(), self.y);
            let bullet = self.text_at("•", style(Weight::Bold, 10.5, Ink::Blue), (MARGIN, 12.0));
            if self.sheets.pages.len() == page {
                self.y = top;
            }
            let body = self.text_at(item, TEXT, (MARGIN + 14.0, MEASURE - 14.0));
            self.gap(3.0);
            let parts = vec![Node::Part(Role::Bullet, bullet), Node::Part(Role::Body, body)];
            nodes.push(Node::Part(Role::Item, parts));
        }
        self.gap(3.0);
        Node::Part(Role::List, nodes)
    }

    fn notice(&mut self, text: &str) -> Node {
        self.gap(6.0);
        let (left, width) = (MARGIN + 14.0, MEASURE - 26.0);
        let text = self.ruler.fonts().writable(text);
        let size = TEXT.size * self.scale;
        let count = wrap(self.ruler, (TEXT.weight, size), &text, width).len();
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let height = count as f32 * size * LEADING + 16.0;
        self.room(height);
        let top = self.y;
        self.draw(Op::Fill { area: [MARGIN, top, MEASURE, height], ink: Ink::Sand });
        self.draw(Op::Fill { area: [MARGIN, top, 3.0, height], ink: Ink::Ochre });
        self.y += 8.0;
        let marks = self.text_at(&text, TEXT, (left, width));
        self.y = top + height;
        self.gap(10.0);
        Node::Part(Role::Paragraph, marks)
    }

    /// At the foot of the page, or of the next one where this one is full.
    fn verification(&mut self, qr: &str, address: &str, lines: &[String]) -> Vec<Node> {
        let height = QR_SIDE + 22.0;
        if self.y > BOTTOM - height {
            self.turn();
        }
        self.y = BOTTOM - height;
        self.rule();
        self.y += 16.0;
        let (top, side) = (self.y, QR_SIDE);
        let (left, width) = (MARGIN + side + 20.0, MEASURE - side - 20.0);
        let mut nodes = Vec::new();
        let bold = style(Weight::Bold, 12.0 / self.scale, Ink::Blue);
        let (text, marks) = self.entitled("Vérifier ce document", bold, (left, width));
        nodes.push(Node::Part(Role::Heading(text), marks));
        let small = Style { size: 9.5 / self.scale, ..TEXT };
        for (nth, line) in lines.iter().enumerate() {
            self.y += 3.0;
            let marks = self.text_at(line, small, (left, width));
            nodes.push(Node::Part(Role::Paragraph, marks));
            if nth == 0 {
                nodes.push(self.link(address, Style { ink: Ink::Blue, ..small }, (left, width)));
            }
        }
        let mark = self.mark();
        self.draw(Op::Qr { mark, at: (MARGIN, top, side), text: qr.to_owned() });
        let shows = format!("Code QR de l'adresse de vérification {address}");
        nodes.push(Node::Part(Role::Figure(shows), vec![Node::Mark(mark)]));
        self.y = BOTTOM;
        nodes
    }

    fn link(&mut self, address: &str, style: Style, column: (f32, f32)) -> Node {
        let top = self.y;
        let marks = self.text_at(address, style, column);
        let mark = self.mark();
        let area = [column.0, top, column.1, self.y - top];
        self.draw(Op::Link { mark, area, address: address.to_owned() });
        let parts = std::iter::once(Node::Mark(mark)).chain(marks).collect();
        Node::Part(Role::Paragraph, vec![Node::Part(Role::Link, parts)])
    }

    fn lines(&mut self, text: &str, style: Style) -> Vec<Node> {
        self.text_at(text, style, (MARGIN, MEASURE))
    }

    /// Sets a text in a column (left, width); each line is a mark.
    fn text_at(&mut self, text: &str, style: Style, (left, width): (f32, f32)) -> Vec<Node> {
        let size = style.size * self.scale;
        let text = self.ruler.fonts().writable(text);
        let lines = wrap(self.ruler, (style.weight, size), &text, width);
        let last = lines.len() - 1;
        let mut nodes = Vec::new();
        for (nth, line) in lines.into_iter().enumerate() {
            self.room(size * LEADING);
            let mark = self.mark();
            let at = (left, self.y + size * 1.02);
            // A space ends each line but the last: whoever reads the text aloud hears words apart.
            let text = if nth < last { format!("{line} ") } else { line };
            let style_of = (style.weight, size);
            self.draw(Op::Text { mark: Some(mark), at, style: style_of, ink: style.ink, text });
            self.y += size * LEADING;
            nodes.push(Node::Mark(mark));
        }
        nodes
    }

    fn rule(&mut self) {
        self.draw(Op::Fill { area: [MARGIN, self.y, MEASURE, 0.7], ink: Ink::Pale });
    }

    fn gap(&mut self, height: f32) {
        self.y += height * self.scale;
    }

    /// Turns the page unless there is room for this.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.sheets.pages.push(Vec::new());
        self.y = TOP;
    }

    fn mark(&mut self) -> usize {
        self.sheets.marks += 1;
        self.sheets.marks - 1
    }

    fn draw(&mut self, op: Op) {
        if let Some(page) = self.sheets.pages.last_mut() {
            page.push(op);
        }
    }
}
