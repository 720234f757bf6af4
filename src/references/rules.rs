//! What is to be reviewed because of what texts say and of the calendar. Pure: texts, modules and a
//! day in, questions out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{Cause, Consequence};
use crate::content::Reference;

/// A version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its row.
    pub id: Uuid,
    /// 1, 2, 3 …
    pub number: i32,
    /// What it says; its id is the text's slug.
    pub told: Reference,
}

/// A text with all its versions, oldest first; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Vec<Version>);

/// Texts by slug.
pub type Texts = BTreeMap<String, Text>;

/// The latest published version of a module, as far as the law goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citing {
    /// The module.
    pub module_id: Uuid,
    /// Who provides it.
    pub provider_id: Uuid,
    /// Its code.
    pub code: String,
    /// The title of that version.
    pub title: String,
    /// That version.
    pub version_id: Uuid,
    /// Its number.
    pub number: i32,
    /// Last day on which it is taken to be up to date.
    pub review_by: NaiveDate,
    /// Its copies of the texts that it cites.
    pub copies: Vec<Reference>,
}

/// What one module is to be reviewed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The module.
    pub module_id: Uuid,
    /// Why.
    pub cause: Cause,
    /// The text, unless it is the module itself.
    pub slug: Option<String>,
    /// The version of the text, for what was recorded.
    pub version_id: Option<Uuid>,
    /// The day that has passed, for what the calendar says.
    pub on: Option<NaiveDate>,
}

impl Due {
    /// What makes it the same question whoever asks it: its cause and what of, and the module. The
    /// version of the module is left out, so that what was settled is not asked again of the next one.
    pub fn key(&self) -> String {
        let module = self.module_id;
        let on = self.on.map_or_else(|| "now".to_owned(), |on| on.to_string());
        let slug = self.slug.as_deref().unwrap_or_default();
        match (self.cause, self.version_id) {
            (Cause::Amended | Cause::Repealed, Some(version)) => {
                format!("changed:{version}:{module}")
            }
            (Cause::Amended | Cause::Repealed, None) => format!("changed:{slug}:{module}"),
            (Cause::Ended, _) => format!("ended:{slug}:{on}:{module}"),
            (Cause::CheckDue, _) => format!("check:{slug}:{on}:{module}"),
            (Cause::ReviewDue, _) => format!("review:{on}:{module}"),
        }
    }
}

impl Text {
    /// A text from its versions, in any order; none without any.
    pub fn of(mut versions: Vec<Version>) -> Option<Self> {
        versions.sort_by_key(|version| version.number);
        (!versions.is_empty()).then_some(Self(versions))
    }

    /// Every version, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.0
    }

    /// What it says now.
    pub fn latest(&self) -> &Version {
        &self.0[self.0.len() - 1]
    }

    /// The last version that changed what the text says, and whether it put an end to it. A version
    /// that only says that the text was read again changes nothing, nor does the first one.
    pub fn change(&self) -> Option<(&Version, Cause)> {
        let pair = self.0.windows(2).rev().find(|w| !says_the_same(&w[0].told, &w[1].told))?;
        let (before, after) = (&pair[0].told, &pair[1].told);
        let ends = after.in_force_to.is_some() || after.superseded_by.is_some();
        let was =
            before.in_force_to == after.in_force_to && before.superseded_by == after.superseded_by;
        Some((&pair[1], if ends && !was { Cause::Repealed } else { Cause::Amended }))
    }
}

/// Whether two tellings of a text are the same law: when it was read, how well, where and until when
/// that holds is not the law.
pub fn says_the_same(one: &Reference, other: &Reference) -> bool {
    one.text == other.text
        && one.article == other.article
        && one.eli == other.eli
        && one.celex == other.celex
        && one.legifrance == other.legifrance
        && one.in_force_from == other.in_force_from
        && one.in_force_to == other.in_force_to
        && one.superseded_by == other.superseded_by
}

/// What modules are to be reviewed for on that day, in the order of the modules then of what they
/// cite. A date is told from the day after it, as by `content check`.
pub fn due(texts: &Texts, modules: &[Citing], today: NaiveDate) -> Vec<Due> {
    modules.iter().flat_map(|module| due_of(texts, module, today)).collect()
}

fn due_of(texts: &Texts, module: &Citing, today: NaiveDate) -> Vec<Due> {
    let ask = |cause, slug: Option<&str>, version_id, on| Due {
        module_id: module.module_id,
        cause,
        slug: slug.map(str::to_owned),
        version_id,
        on,
    };
    let passed = |date: Option<NaiveDate>| date.filter(|&date| today > date);
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for copy in module.copies.iter().filter(|copy| seen.insert(copy.id.as_str())) {
        let text = texts.get(&copy.id);
        let latest = text.map_or(copy, |text| &text.latest().told);
        let slug = Some(copy.id.as_str());
        let change = text.and_then(Text::change).filter(|_| !says_the_same(copy, latest));
        if let Some((version, cause)) = change {
            all.push(ask(cause, slug, Some(version.id), None));
        } else if latest.superseded_by.is_some() || passed(latest.in_force_to).is_some() {
            // Whoever knew that the end would come is told that it has; the others were told above.
            all.push(ask(Cause::Ended, slug, None, latest.in_force_to));
        }
        // Either reading will do: the register's, or the module's own.
        if let Some(on) = passed(copy.check_by.max(latest.check_by)) {
            all.push(ask(Cause::CheckDue, slug, None, Some(on)));
        }
    }
    if let Some(on) = passed(Some(module.review_by)) {
        all.push(ask(Cause::ReviewDue, None, None, Some(on)));
    }
    all
}

/// The civil day in Paris, on which dates of French law pass.
pub fn paris_day(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::Paris).date_naive()
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nobody has decided, and the question stands.
    Open,
    /// Decided, and still to be published.
    Decided,
    /// Nothing is left to do.
    Closed,
}

/// Where an item stands: `decision` is the last one, with the number of the module's latest version
/// when it was taken; `number` is that of the latest version now, `stands` whether the question would
/// be asked again today.
pub fn state(decision: Option<(Consequence, i32)>, number: Option<i32>, stands: bool) -> State {
    match decision {
        Some((Consequence::None, _)) => State::Closed,
        Some((_, then)) if number.is_some_and(|now| now <= then) => State::Decided,
        Some(_) => State::Closed,
        None if stands => State::Open,
        None => State::Closed,
    }
}

/// Whether an entry of the register is a new version of a text: it differs from what is known now, and
/// from what the register said last. So a register that has not moved does not undo what people
/// recorded since.
pub fn is_new(entry: &Reference, latest: &Reference, last_imported: Option<&Reference>) -> bool {
    entry != latest && Some(entry) != last_imported
}
