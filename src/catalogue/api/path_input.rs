//! What a publisher sends of a path, and the value that it stands for.

use std::collections::BTreeSet;

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

use super::bodies::AudienceParam;
use super::path_bounds::{check_words, read_codes};
use crate::catalogue::model::ChangeKind;
use crate::catalogue::paths::author::Change;
use crate::content::{
    LearningPath, MOST_PREREQUISITES, ModuleCode, PathOrder, PathStep, Prerequisite,
    PrerequisiteKind, STEPS,
};
use crate::error::{Faults, Result};
use crate::http::shown::shown;

/// Longest note, in characters.
const NOTE: usize = 1_000;

shown! {
    /// Whether the steps of a path follow each other.
    OrderIn of PathOrder {
        /// One after the other, as written.
        Ordered,
        /// As the reader likes.
        Free,
    }
}

shown! {
    /// How strongly a path asks for what comes before it.
    AskedKind of PrerequisiteKind {
        /// Recommended.
        Advised,
        /// Asked of whoever enrols.
        Required,
    }
}

/// What a new version of a path changes.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "PathChange", rename_all = "snake_case")]
enum ChangeIn {
    /// Wording only.
    Editorial,
    /// What is taught.
    Substantive,
    /// What the law requires.
    Legal,
}

/// A step of a path.
#[derive(Object)]
#[oai(rename = "NewPathStep", deny_unknown_fields)]
struct StepIn {
    /// Codes of published modules, any of which will do: 1 to 8.
    any_of: Vec<String>,
    /// Whether the path is complete without it.
    #[oai(default)]
    optional: bool,
}

/// What comes before a path.
#[derive(Object)]
#[oai(rename = "NewPathPrerequisite", deny_unknown_fields)]
struct AskedIn {
    /// Codes of modules, any of which will do: 1 to 8.
    any_of: Vec<String>,
    /// How strongly.
    kind: AskedKind,
}

/// A path to publish.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NewPath {
    /// Its code for ever: a capital, then capitals, digits or hyphens, 24 characters at most.
    #[oai(validator(max_length = 100))]
    code: String,
    /// Organisation reference of its provider.
    #[oai(validator(max_length = 100))]
    provider: String,
    /// Title: 1 to 150 characters.
    #[oai(validator(min_length = 1, max_length = 150))]
    title: String,
    /// What it is about: 1 to 600 characters.
    #[oai(validator(min_length = 1, max_length = 600))]
    summary: String,
    /// For whom: 1 to 3.
    audiences: Vec<AudienceParam>,
    /// What its reader can do afterwards: 1 to 8 sentences of at most 300 characters.
    outcomes: Vec<String>,
    /// Ordered or free.
    order: OrderIn,
    /// 2 to 20 steps, one of them mandatory at least; no module twice.
    steps: Vec<StepIn>,
    /// What comes before the path: 8 at most.
    #[oai(default)]
    prerequisites: Vec<AskedIn>,
}

/// The next version of a path: all that it says, and what that changes.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NextPath {
    /// Title: 1 to 150 characters.
    #[oai(validator(min_length = 1, max_length = 150))]
    title: String,
    /// What it is about: 1 to 600 characters.
    #[oai(validator(min_length = 1, max_length = 600))]
    summary: String,
    /// For whom: 1 to 3.
    audiences: Vec<AudienceParam>,
    /// What its reader can do afterwards: 1 to 8 sentences of at most 300 characters.
    outcomes: Vec<String>,
    /// Ordered or free.
    order: OrderIn,
    /// 2 to 20 steps, one of them mandatory at least; no module twice.
    steps: Vec<StepIn>,
    /// What comes before the path: 8 at most.
    #[oai(default)]
    prerequisites: Vec<AskedIn>,
    /// What the version changes.
    change: ChangeIn,
    /// A word to readers about it: 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    note: Option<String>,
}

impl Example for NewPath {
    fn example() -> Self {
        let NextPath { title, summary, audiences, outcomes, order, steps, prerequisites, .. } =
            NextPath::example();
        Self {
            code: "PREMIER-TOUR".to_owned(),
            provider: "local:maitrise".to_owned(),
            title,
            summary,
            audiences,
            outcomes,
            order,
            steps,
            prerequisites,
        }
    }
}

impl Example for NextPath {
    fn example() -> Self {
        let of = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        Self {
            title: "Premier tour".to_owned(),
            summary: "Comprendre, puis ne rien exposer.".to_owned(),
            audiences: vec![AudienceParam::Elu, AudienceParam::Agent],
            outcomes: vec!["Vérifier une réponse avant de s'en servir.".to_owned()],
            order: OrderIn::Ordered,
            steps: vec![
                StepIn { any_of: of(&["E1", "A1"]), optional: false },
                StepIn { any_of: of(&["A2"]), optional: false },
                StepIn { any_of: of(&["A4"]), optional: true },
            ],
            prerequisites: vec![AskedIn { any_of: of(&["A3"]), kind: AskedKind::Advised }],
            change: ChangeIn::Substantive,
            note: Some("A4 devient facultatif.".to_owned()),
        }
    }
}

impl NewPath {
    /// The value that it stands for.
    ///
    /// # Errors
    /// `invalid-values`, every value at fault named.
    pub(super) fn read(self) -> Result<LearningPath> {
        let Self { code, provider, title, summary, audiences, outcomes, order, .. } = self;
        let mut faults = Faults::default();
        faults.check(
            ModuleCode::parse(&code).is_ok(),
            "/code",
            "une majuscule, puis des majuscules, des chiffres ou des tirets, 24 caractères au plus",
            "a capital, then capitals, digits or hyphens, 24 characters at most",
        );
        let steps = read_steps(self.steps, &mut faults);
        let prerequisites = read_prerequisites(self.prerequisites, &mut faults);
        let audiences = audiences.into_iter().map(Into::into).collect();
        let order = order.into();
        let path = LearningPath {
            code,
            provider,
            title,
            summary,
            audiences,
            outcomes,
            order,
            prerequisites,
            steps,
        };
        check_words(&path, &mut faults);
        faults.refuse()?;
        Ok(path)
    }
}

impl NextPath {
    /// The value that it stands for, of the path of that code and provider, and what it changes.
    ///
    /// # Errors
    /// `invalid-values`, every value at fault named.
    pub(super) fn read(self, code: String, provider: String) -> Result<(LearningPath, Change)> {
        let Self { title, summary, audiences, outcomes, order, steps, prerequisites, .. } = self;
        let kind = match self.change {
            ChangeIn::Editorial => ChangeKind::Editorial,
            ChangeIn::Substantive => ChangeKind::Substantive,
            ChangeIn::Legal => ChangeKind::Legal,
        };
        let mut faults = Faults::default();
        if let Some(note) = &self.note {
            faults.check_text(note, "/note", NOTE);
        }
        faults.refuse()?;
        let path = NewPath {
            code,
            provider,
            title,
            summary,
            audiences,
            outcomes,
            order,
            steps,
            prerequisites,
        };
        Ok((path.read()?, Change { kind, note: self.note }))
    }
}

/// The steps, within bounds; what is beyond them is told and left aside.
fn read_steps(given: Vec<StepIn>, faults: &mut Faults) -> Vec<PathStep> {
    let (least, most) = (STEPS.start(), STEPS.end());
    let (fr, en) = (format!("de {least} à {most} étapes"), format!("{least} to {most} steps"));
    faults.check(STEPS.contains(&given.len()), "/steps", fr, en);
    let (mut steps, mut taken) = (Vec::new(), BTreeSet::new());
    for (rank, StepIn { any_of, optional }) in given.into_iter().take(*most).enumerate() {
        let at = format!("/steps/{rank}/any_of");
        let any_of = read_codes(&any_of, &at, faults);
        for (nth, code) in any_of.iter().enumerate() {
            faults.check(
                taken.insert(code.clone()),
                &format!("{at}/{nth}"),
                format!("le module « {code} » est deux fois dans le parcours"),
                format!("the module “{code}” is twice in the path"),
            );
        }
        steps.push(PathStep { any_of, optional });
    }
    steps
}

fn read_prerequisites(given: Vec<AskedIn>, faults: &mut Faults) -> Vec<Prerequisite> {
    let (fr, en) =
        (format!("{MOST_PREREQUISITES} au plus"), format!("{MOST_PREREQUISITES} at most"));
    faults.check(given.len() <= MOST_PREREQUISITES, "/prerequisites", fr, en);
    let (mut asked, mut taken) = (Vec::new(), BTreeSet::new());
    let given = given.into_iter().take(MOST_PREREQUISITES).enumerate();
    for (rank, AskedIn { any_of, kind }) in given {
        let at = format!("/prerequisites/{rank}");
        let any_of = read_codes(&any_of, &format!("{at}/any_of"), faults);
        let new = taken.insert(any_of.iter().cloned().collect::<BTreeSet<_>>());
        faults.check(new, &at, "ce préalable est écrit deux fois", "this one is there twice");
        asked.push(Prerequisite { any_of, kind: kind.into() });
    }
    asked
}
