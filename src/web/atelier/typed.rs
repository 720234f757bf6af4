//! What the form of a review holds until it is sent.

use crate::catalogue::model::{ReviewKind, Verdict};
use crate::content::{Body, Tree};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::publication::review::{Opinion, Remark};
use crate::web::form::Fields;

/// The words of kinds in the form.
pub(super) const KINDS: [(&str, ReviewKind, &str); 3] = [
    ("pedagogical", ReviewKind::Pedagogical, "Pédagogique : ce qui est enseigné, et comment"),
    ("legal", ReviewKind::Legal, "Juridique : le droit qui s’y trouve"),
    ("both", ReviewKind::Both, "Les deux"),
];
/// Those of verdicts.
pub(super) const VERDICTS: [(&str, Verdict, &str); 2] = [
    ("accepted", Verdict::Accepted, "Accepter ces fichiers tels quels"),
    ("changes_requested", Verdict::ChangesRequested, "Demander des changements"),
];

/// What the form holds.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) path: String,
    pub(super) digest: String,
    pub(super) kind: String,
    pub(super) verdict: String,
    pub(super) comment: String,
    pub(super) remarks: Vec<Remark>,
    pub(super) line: String,
    pub(super) text: String,
}

impl Typed {
    /// What was sent.
    pub(super) fn of(fields: &Fields) -> Self {
        let places = fields.all("remarque-fichier").zip(fields.all("remarque-ligne"));
        let remarks = places.zip(fields.all("remarque-texte")).map(|((path, line), text)| Remark {
            path: path.to_owned(),
            line: line.parse().unwrap_or(0),
            text: text.replace("\r\n", "\n"),
        });
        Self {
            path: fields.line("fichier").to_owned(),
            digest: fields.line("empreinte").to_owned(),
            kind: fields.line("genre").to_owned(),
            verdict: fields.line("conclusion").to_owned(),
            comment: fields.text("avis"),
            // A comment that is emptied is taken away.
            remarks: remarks.filter(|remark| !remark.text.trim().is_empty()).collect(),
            line: fields.line("ligne").trim().to_owned(),
            text: fields.text("texte"),
        }
    }

    /// Adds the comment that was typed to those that are kept.
    pub(super) fn keep(&mut self, tree: &Tree) -> Result<()> {
        let count = text_of(tree, &self.path).map_or(0, |text| text.lines().count());
        let line = self
            .line
            .parse::<u32>()
            .ok()
            .filter(|line| (1..=count).contains(&usize::try_from(*line).unwrap_or(usize::MAX)));
        let fault = |fr: String| {
            let fault = Fault::new("", fr, "a line of the file, and a text");
            Refusal::naming(Reason::InvalidValues, vec![fault])
        };
        let line = line.ok_or_else(|| fault(format!("Ligne : un nombre de 1 à {count}")))?;
        if self.text.trim().is_empty() {
            return Err(fault("Commentaire : écrivez ce que vous en dites".to_owned()).into());
        }
        let text = std::mem::take(&mut self.text);
        self.remarks.push(Remark { path: self.path.clone(), line, text });
        self.line.clear();
        Ok(())
    }

    /// The review that it makes.
    pub(super) fn opinion(self) -> Result<Opinion> {
        let kind = KINDS.iter().find(|(word, ..)| *word == self.kind);
        let verdict = VERDICTS.iter().find(|(word, ..)| *word == self.verdict);
        let (Some((_, kind, _)), Some((_, verdict, _))) = (kind, verdict) else {
            let fr = "Dites sur quoi porte la relecture, et ce que vous en concluez";
            let fault = Fault::new("", fr, "a kind and a verdict");
            return Err(Refusal::naming(Reason::InvalidValues, vec![fault]).into());
        };
        Ok(Opinion {
            digest: self.digest,
            kind: *kind,
            verdict: *verdict,
            comment: self.comment,
            remarks: self.remarks,
        })
    }
}

/// The text of a file of the tree; a medium has none.
pub(super) fn text_of(tree: &Tree, path: &str) -> Option<String> {
    let (_, body) = tree.files().find(|(known, _)| *known == path)?;
    match body {
        Body::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Body::Media(_) => None,
    }
}
