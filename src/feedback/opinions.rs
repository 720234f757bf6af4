//! What those who answered thought of a module, in all and by version, under statistical secrecy. One
//! person is one voice: their latest answer, in the version that they followed.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::model::satisfaction;
use super::{secrecy, texts};
use crate::catalogue::model::module_version;
use crate::error::Result;

/// Comments told at most: the latest.
const COMMENTS: u64 = 200;

/// How many gave each mark to one question, 1 to 5.
pub type Distribution = [u64; 5];

/// What may be told of one version, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The version's number; `None` for all.
    pub version: Option<i32>,
    /// Persons who gave an opinion; `None` when it may not be told.
    pub persons: Option<u64>,
    /// The marks of each question, in their order; `None` where they may not be told.
    pub marks: [Option<Distribution>; 3],
}

/// What may be told of a module.
#[derive(Clone, Debug)]
pub struct Opinions {
    /// All of it, then version by version, in the order of their numbers.
    pub lines: Vec<Line>,
    /// What people wrote, in no order that says when or by whom; `None` when it may not be told.
    pub comments: Option<Vec<String>>,
}

/// What was answered in one version: who said anything, and the marks.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    persons: u64,
    marks: [Distribution; 3],
}

impl Tally {
    fn add(&mut self, marks: [Option<i32>; 3], persons: u64) {
        self.persons += persons;
        for (told, mark) in self.marks.iter_mut().zip(marks) {
            let index = mark.and_then(|mark| usize::try_from(mark - 1).ok());
            if let Some(count) = index.and_then(|index| told.get_mut(index)) {
                *count += persons;
            }
        }
    }
}

/// What may be told of a module: nothing for fewer than `min_persons` persons.
///
/// # Errors
/// When the database fails.
pub async fn of_module(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    min_persons: u64,
) -> Result<Opinions> {
    let by_version = tallies(conn, module_id).await?;
    let lines = protect(&by_version, min_persons);
    let comments = match lines.first().and_then(|all| all.persons) {
        Some(_) => Some(comments(conn, module_id).await?),
        None => None,
    };
    Ok(Opinions { lines, comments })
}

/// The lines that may be told: all, then each version.
fn protect(by_version: &BTreeMap<i32, Tally>, min: u64) -> Vec<Line> {
    let tallies: Vec<&Tally> = by_version.values().collect();
    let persons: Vec<u64> = tallies.iter().map(|tally| tally.persons).collect();
    let enough = |counts: &[u64]| counts.iter().sum::<u64>() >= std::cmp::max(min, 1);
    let versions_told = secrecy::told(&persons, &vec![enough(&persons); persons.len()], min);
    let mut all = Line {
        version: None,
        persons: enough(&persons).then(|| persons.iter().sum()),
        marks: [None; 3],
    };
    let mut lines: Vec<Line> = by_version
        .keys()
        .zip(persons.iter().zip(&versions_told))
        .map(|(number, (count, told))| Line {
            version: Some(*number),
            persons: told.then_some(*count),
            marks: [None; 3],
        })
        .collect();
    for question in 0..3 {
        let answered: Vec<u64> =
            tallies.iter().map(|tally| tally.marks[question].iter().sum()).collect();
        if all.persons.is_none() || !enough(&answered) {
            continue;
        }
        let told = secrecy::told(&answered, &versions_told, min);
        let sum = |mark: usize| tallies.iter().map(|tally| tally.marks[question][mark]).sum();
        all.marks[question] = Some(std::array::from_fn(sum));
        for ((line, tally), told) in lines.iter_mut().zip(&tallies).zip(told) {
            line.marks[question] = told.then_some(tally.marks[question]);
        }
    }
    std::iter::once(all).chain(lines).collect()
}

/// The latest answers of each person, counted by version and marks in one statement: as many rows as
/// there are different answers, not persons.
async fn tallies(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<BTreeMap<i32, Tally>> {
    use satisfaction::Column::{Applicable, Clear, Id, ModuleId, TextId, Useful, VersionId};
    let own = |column| Expr::col((satisfaction::Entity, column));
    let number = (module_version::Entity, module_version::Column::Number);
    let says = own(Useful)
        .is_not_null()
        .or(own(Clear).is_not_null())
        .or(own(Applicable).is_not_null())
        .or(own(TextId).is_not_null());
    let query = Query::select()
        .expr_as(Expr::col(number), Alias::new("version"))
        .expr_as(own(Useful), Alias::new("useful"))
        .expr_as(own(Clear), Alias::new("clear"))
        .expr_as(own(Applicable), Alias::new("applicable"))
        .expr_as(own(Id).count(), Alias::new("persons"))
        .from(satisfaction::Entity)
        .inner_join(
            module_version::Entity,
            Expr::col((module_version::Entity, module_version::Column::Id))
                .equals((satisfaction::Entity, VersionId)),
        )
        .and_where(own(ModuleId).eq(module_id))
        .and_where(says)
        .and_where(is_latest())
        .group_by_columns([number])
        .group_by_columns([Useful, Clear, Applicable].map(|c| (satisfaction::Entity, c)))
        .to_owned();
    let mut by_version: BTreeMap<i32, Tally> = BTreeMap::new();
    for row in conn.query_all(&query).await? {
        let mark = |name| row.try_get::<Option<i32>>("", name);
        let marks = [mark("useful")?, mark("clear")?, mark("applicable")?];
        let persons: i64 = row.try_get("", "persons")?;
        let tally = by_version.entry(row.try_get("", "version")?).or_default();
        tally.add(marks, u64::try_from(persons).unwrap_or(0));
    }
    Ok(by_version)
}

/// The latest comments, in the order of the alphabet.
async fn comments(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<Vec<String>> {
    let ids: Vec<Option<Uuid>> = satisfaction::Entity::find()
        .select_only()
        .column(satisfaction::Column::TextId)
        .filter(satisfaction::COLUMN.module_id.eq(module_id))
        .filter(satisfaction::COLUMN.text_id.is_not_null())
        .filter(is_latest())
        .order_by_desc(satisfaction::Column::At)
        .limit(COMMENTS)
        .into_tuple()
        .all(conn)
        .await?;
    let mut comments: Vec<String> =
        texts::of(conn, ids.into_iter().flatten()).await?.into_values().collect();
    comments.sort();
    Ok(comments)
}

/// That the person has answered nothing later about the module.
fn is_latest() -> SimpleExpr {
    use satisfaction::Column::{ModuleId, Number, PersonId};
    let later = Alias::new("later");
    let of = |column| (satisfaction::Entity, column);
    let mut after = Query::select();
    after
        .expr(Expr::val(1))
        .from_as(satisfaction::Entity, later.clone())
        .and_where(Expr::col((later.clone(), PersonId)).equals(of(PersonId)))
        .and_where(Expr::col((later.clone(), ModuleId)).equals(of(ModuleId)))
        .and_where(Expr::col((later, Number)).gt(Expr::col(of(Number))));
    Expr::exists(after).not()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(persons: u64, marks: [Distribution; 3]) -> Tally {
        Tally { persons, marks }
    }

    #[test]
    fn a_question_that_few_answered_is_hidden_and_the_others_are_told() {
        let six = [0, 0, 1, 2, 3];
        let versions = BTreeMap::from([(1, tally(6, [six, [0, 0, 0, 0, 4], six]))]);
        let lines = protect(&versions, 5);
        assert_eq!(lines.len(), 2);
        for line in &lines {
            assert_eq!((line.persons, line.marks), (Some(6), [Some(six), None, Some(six)]));
        }
    }

    #[test]
    fn two_versions_and_all_never_give_away_the_small_one() {
        let of = |n: u64| tally(n, [[0, 0, 0, 0, n]; 3]);
        let lines = protect(&BTreeMap::from([(1, of(3)), (2, of(9))]), 5);
        assert_eq!(lines[0].persons, Some(12));
        assert!(lines[1..].iter().all(|line| line.persons.is_none() && line.marks == [None; 3]));
        let lines = protect(&BTreeMap::from([(1, of(3)), (2, of(1))]), 5);
        assert!(lines.iter().all(|line| line.persons.is_none() && line.marks == [None; 3]));
    }

    #[test]
    fn a_version_hidden_by_its_persons_has_no_marks_either() {
        // Everybody of version 1 answered the first question, few of them the second.
        let one = tally(7, [[0, 0, 0, 0, 7], [0, 0, 0, 0, 7], [0; 5]]);
        let two = tally(3, [[0, 0, 0, 0, 0], [0, 0, 0, 0, 3], [0; 5]]);
        let lines = protect(&BTreeMap::from([(1, one), (2, two)]), 5);
        assert_eq!(lines[0].marks[0], Some([0, 0, 0, 0, 7]));
        assert!(lines[1..].iter().all(|line| line.persons.is_none() && line.marks == [None; 3]));
    }
}
