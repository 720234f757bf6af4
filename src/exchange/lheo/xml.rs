//! Writing XML, element by element.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::exchange::text::cut;

/// What nothing can be said of: LHEO has elements that must not be empty.
const UNSAID: &str = "Non renseigné";

/// An XML document being written in memory.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A document with its declaration.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut writer = Writer::new(Vec::new());
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    /// A comment of ours: nothing that others wrote goes into one.
    pub(super) fn comment(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.0.write_event(Event::Comment(BytesText::from_escaped(text)))?)
    }

    /// An element and what is inside.
    pub(super) fn within(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.with(name, &[], inside)
    }

    /// The same, with attributes.
    pub(super) fn with(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut start = BytesStart::new(name);
        for attribute in attributes {
            start.push_attribute(*attribute);
        }
        self.0.write_event(Event::Start(start))?;
        inside(self)?;
        Ok(self.0.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// An element that holds a word of ours.
    pub(super) fn word(&mut self, name: &str, word: &str) -> anyhow::Result<()> {
        self.within(name, |xml| Ok(xml.0.write_event(Event::Text(BytesText::new(word)))?))
    }

    /// An element that must be there and holds a text of at most `max` characters.
    pub(super) fn text(&mut self, name: &str, text: &str, max: usize) -> anyhow::Result<()> {
        self.word(name, cut(text, max).as_deref().unwrap_or(UNSAID))
    }

    /// An element that is there only if it has something to say.
    pub(super) fn maybe(
        &mut self,
        name: &str,
        text: Option<&str>,
        max: usize,
    ) -> anyhow::Result<()> {
        match text.and_then(|text| cut(text, max)) {
            Some(text) => self.word(name, &text),
            None => Ok(()),
        }
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }
}
