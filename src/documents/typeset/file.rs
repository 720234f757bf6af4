//! The file: pages drawn, structure named, metadata, attachment. PDF 1.7, PDF/UA-1 (ISO 14289-1) and
//! PDF/A (ISO 19005): part 2 level A, or part 3 level A with something attached.

use std::num::NonZeroU16;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{self, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::fonts::Fonts;
use super::picture;
use super::sheet::{HEIGHT, Ink, Mark, Node, Op, Role, Sheets, WIDTH};
use crate::documents::model::{Attachment, Relation};

/// Language of the documents.
const LANGUAGE: &str = "fr-FR";

/// What a file says of itself.
#[derive(Clone, Debug)]
pub struct About {
    /// Its title.
    pub title: String,
    /// Who is behind it.
    pub author: String,
    /// What it is about, in a sentence.
    pub description: String,
    /// What sets it apart from any other: the same for the same document.
    pub identifier: String,
    /// When what it says happened.
    pub date: DateTime<Utc>,
}

/// Writes a file.
///
/// # Errors
/// When the result would not be the PDF/A and PDF/UA that it says it is, or a picture cannot be drawn.
pub fn write(
    fonts: Fonts,
    sheets: &Sheets,
    about: &About,
    logo: Option<&Image>,
    attachment: Option<&Attachment>,
) -> anyhow::Result<Vec<u8>> {
    let settings = SerializeSettings {
        configuration: configuration(attachment.is_some())?,
        enable_tagging: true,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let mut marks = vec![None; sheets.marks];
    for ops in &sheets.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).context("the size of a page")?;
        let mut page = document.start_page_with(size);
        Drawing { fonts, logo, marks: &mut marks }.page(&mut page, ops);
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for node in &sheets.structure {
        grow(node, &marks, &mut |child| tree.push(child));
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(sheets));
    document.set_metadata(metadata(about));
    if let Some(attachment) = attachment {
        let file = embedded(attachment, about.date).context("the attachment's media type")?;
        document.embed_file(file).context("an attachment of that name is there already")?;
    }
    document.finish().map_err(|error| anyhow!("a document could not be written: {error:?}"))
}

fn configuration(attaches: bool) -> anyhow::Result<Configuration> {
    ConfigurationBuilder::new()
        .with_archival_validator(if attaches { Archival::A3_A } else { Archival::A2_A })
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| anyhow!("the conformance of documents: {error:?}"))
}

fn outline(sheets: &Sheets) -> Outline {
    let mut outline = Outline::new();
    for (text, page, top) in &sheets.outline {
        let place = XyzDestination::new(*page, Point::from_xy(0.0, *top));
        outline.push_child(OutlineNode::new(text.clone(), place));
    }
    outline
}

fn metadata(about: &About) -> Metadata {
    Metadata::new()
        .title(about.title.clone())
        .authors(vec![about.author.clone()])
        .description(about.description.clone())
        .creator("maitrise".to_owned())
        .producer("maitrise, krilla".to_owned())
        .language(LANGUAGE.to_owned())
        .document_id(about.identifier.clone())
        .creation_date(date_of(about.date))
}

#[expect(clippy::cast_possible_truncation, reason = "months, days, hours, minutes, seconds")]
fn date_of(at: DateTime<Utc>) -> metadata::DateTime {
    metadata::DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(at.month() as u8)
        .day(at.day() as u8)
        .hour(at.hour() as u8)
        .minute(at.minute() as u8)
        .second(at.second() as u8)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn embedded(attachment: &Attachment, date: DateTime<Utc>) -> Option<EmbeddedFile> {
    Some(EmbeddedFile {
        path: attachment.name.clone(),
        mime_type: Some(MimeType::new(&attachment.media_type)?),
        description: Some(attachment.description.clone()),
        association_kind: match attachment.relation {
            Relation::Alternative => AssociationKind::Alternative,
            Relation::Data => AssociationKind::Data,
        },
        data: attachment.bytes.clone().into(),
        modification_date: Some(date_of(date)),
        compress: Some(true),
        location: None,
    })
}

struct Drawing<'d> {
    fonts: Fonts,
    logo: Option<&'d Image>,
    marks: &'d mut Vec<Option<Identifier>>,
}

impl Drawing<'_> {
    fn page(&mut self, page: &mut Page<'_>, ops: &[Op]) {
        let mut surface = page.surface();
        for op in ops {
            self.draw(&mut surface, op);
        }
        surface.finish();
        for op in ops {
            if let Op::Link { mark, area: [x, y, w, h], address } = op
                && let Some(rect) = Rect::from_xywh(*x, *y, *w, *h)
            {
                let leads = Target::Action(Action::Link(LinkAction::new(address.clone())));
                let says = Some(format!("Vérifier ce document : {address}"));
                let link = Annotation::new_link(LinkAnnotation::new(rect, leads), says);
                self.marks[*mark] = Some(page.add_tagged_annotation(link));
            }
        }
    }

    fn draw(&mut self, surface: &mut Surface<'_>, op: &Op) {
        match op {
            Op::Text { mark, at: (x, y), style: (weight, size), ink, text } => {
                self.tagged(surface, *mark, |drawing, surface| {
                    surface.set_fill(Some(fill(*ink)));
                    let (at, font) = (Point::from_xy(*x, *y), drawing.fonts.font(*weight));
                    let glyphs = drawing.fonts.shape(*weight, text);
                    surface.draw_glyphs(at, &glyphs, font, text, *size, false);
                });
            }
            Op::Fill { area: [x, y, w, h], ink } => self.tagged(surface, None, |_, surface| {
                let mut path = PathBuilder::new();
                if let Some(rect) = Rect::from_xywh(*x, *y, *w, *h) {
                    path.push_rect(rect);
                }
                if let Some(path) = path.finish() {
                    surface.set_fill(Some(fill(*ink)));
                    surface.draw_path(&path);
                }
            }),
            Op::Logo { mark, area: [x, y, w, h] } => {
                self.tagged(surface, Some(*mark), |drawing, surface| {
                    if let (Some(image), Some(size)) = (drawing.logo, Size::from_wh(*w, *h)) {
                        surface.push_transform(&Transform::from_translate(*x, *y));
                        surface.draw_image(image.clone(), size);
                        surface.pop();
                    }
                });
            }
            Op::Qr { mark, at, text } => self.tagged(surface, Some(*mark), |_, surface| {
                if let Some(path) = picture::qr(text, *at) {
                    surface.set_fill(Some(fill(Ink::Black)));
                    surface.draw_path(&path);
                }
            }),
            Op::Link { .. } => {}
        }
    }

    /// Draws what a mark stands for, or decoration.
    fn tagged(
        &mut self,
        surface: &mut Surface<'_>,
        mark: Mark,
        draw: impl FnOnce(&mut Self, &mut Surface<'_>),
    ) {
        let tag = match mark {
            Some(_) => ContentTag::Span(SpanTag::empty()),
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        };
        let identifier = surface.start_tagged(tag);
        draw(self, surface);
        surface.end_tagged();
        if let Some(mark) = mark {
            self.marks[mark] = Some(identifier);
        }
    }
}

fn fill(ink: Ink) -> Fill {
    let (r, g, b) = match ink {
        Ink::Black => (0x1a, 0x1c, 0x20),
        Ink::Blue => (0x1b, 0x3a, 0x6b),
        Ink::Grey => (0x4a, 0x4f, 0x58),
        Ink::Pale => (0xcf, 0xd6, 0xe1),
        Ink::Sand => (0xfc, 0xf5, 0xe4),
        Ink::Ochre => (0xb7, 0x79, 0x1f),
    };
    let paint = rgb::Color::new(r, g, b).into();
    Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// Grows the structure: a part with its parts, a mark with what was drawn under it.
fn grow(node: &Node, marks: &[Option<Identifier>], push: &mut dyn FnMut(krilla::tagging::Node)) {
    match node {
        Node::Mark(mark) => {
            if let Some(identifier) = marks[*mark] {
                push(identifier.into());
            }
        }
        Node::Part(role, parts) => {
            let mut group = group(role);
            for part in parts {
                grow(part, marks, &mut |child| group.push(child));
            }
            push(group.into());
        }
    }
}

fn heading(level: u16, text: &str) -> TagGroup {
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    TagGroup::new(Tag::Hn(level, Some(text.to_owned())))
}

fn group(role: &Role) -> TagGroup {
    match role {
        Role::Title(text) => heading(1, text),
        Role::Heading(text) => heading(2, text),
        Role::Paragraph => TagGroup::new(Tag::P),
        Role::List => TagGroup::new(Tag::L(ListNumbering::Disc)),
        Role::Item => TagGroup::new(Tag::LI),
        Role::Bullet => TagGroup::new(Tag::Lbl),
        Role::Body => TagGroup::new(Tag::LBody),
        Role::Table => TagGroup::new(Tag::Table),
        Role::Row => TagGroup::new(Tag::TR),
        Role::Header => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Role::Cell => TagGroup::new(Tag::TD),
        Role::Figure(shows) => TagGroup::new(Tag::Figure(Some(shows.clone()))),
        Role::Link => TagGroup::new(Tag::Link),
    }
}
