//! A subject becomes a file: composed, laid out, written.

use anyhow::Context as _;

use super::compose::{Block, compose};
use super::model::{Attachment, Kind, Subject};
use super::typeset::file::{self, About};
use super::typeset::fonts::Fonts;
use super::typeset::{layout, picture};
use crate::error::Result;

/// The largest that a logo is drawn, in points.
const LOGO: (f32, f32) = (132.0, 54.0);

/// Draws a document. The same arguments give the same bytes, whoever asks and whenever; a logo that
/// cannot be drawn is left out. It takes a core for a few milliseconds.
///
/// # Errors
/// When what would be written is not PDF/A and PDF/UA.
pub fn render(kind: Kind, subject: &Subject, attachment: Option<&Attachment>) -> Result<Vec<u8>> {
    let fonts = Fonts::embedded().context("the font of documents")?;
    let about = about(kind, subject);
    let logo = subject.provider.logo.as_deref().and_then(picture::logo);
    if let Some(logo) = logo {
        let size = Some(picture::fit(&logo, LOGO));
        let sheets = layout::layout(fonts, &compose(kind, subject), size);
        if let Ok(bytes) = file::write(fonts, &sheets, &about, Some(&logo), attachment) {
            return Ok(bytes);
        }
    }
    let blocks: Vec<Block> = compose(kind, subject);
    let sheets = layout::layout(fonts, &blocks, None);
    Ok(file::write(fonts, &sheets, &about, None, attachment)?)
}

fn about(kind: Kind, subject: &Subject) -> About {
    let (title, training) = (kind.title(), &subject.training);
    About {
        title: format!("{title} – {} – {}", training.title, subject.holder),
        author: subject.provider.name.clone(),
        description: format!("{title}, module {}, version {}", training.module, training.version),
        identifier: format!("{}/{}", subject.code, kind.slug()),
        date: subject.completed_at,
    }
}
