//! Reading statistics.

use chrono::{Duration, NaiveDate, Utc};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::cube::{By, Line, MINUTES_PER_JFS};
use super::{completions, end_of_day};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::model::module;
use crate::error::{Faults, Result};
use crate::http::Tag;
use crate::http::guards::StatisticsReader;
use crate::http::problem::Problem;
use crate::territory::{self, OrgRef};

/// The perimeter that is the nation.
const NATIONAL: &str = "national";

/// Statistics.
pub struct StatisticsApi {
    /// The application.
    pub app: App,
}

/// What the lines stand for.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum ByShown {
    /// One line per module.
    Module,
    /// One line per audience.
    Audience,
}

/// In what capacity people learn.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum AudienceShown {
    /// Élus.
    Elu,
    /// Agents.
    Agent,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum FormatShown {
    /// JSON.
    Json,
}

/// The perimeter counted.
#[derive(Object)]
struct PerimeterShown {
    /// A CDG's reference, or `national`.
    #[oai(rename = "ref")]
    reference: String,
    /// Its name.
    name: String,
}

/// Counts of unique persons; a count that secrecy hides is `null`, and `suppressed` is then true.
#[derive(Object)]
struct LineShown {
    /// Code of the module; `null` for all.
    module: Option<String>,
    /// `elu` or `agent`; `null` for both.
    audience: Option<String>,
    /// Persons of confirmed capacity enrolled, whatever came of it: the denominator.
    enrolled: Option<i64>,
    /// Of whom, in progress.
    in_progress: Option<i64>,
    /// Of whom, completed.
    completed: Option<i64>,
    /// Of whom, withdrawn before completion.
    withdrawn: Option<i64>,
    /// Persons whose capacity was only declared at enrolment: counted apart.
    declared_persons: Option<i64>,
    /// Minutes of the modules completed.
    duration_minutes_completed: Option<i64>,
    /// The same in *journées formation stagiaire* of six hours, to the hundredth.
    jfs: Option<f64>,
    /// Whether a count of this line is hidden.
    suppressed: bool,
}

/// Completions of a perimeter at a date.
#[derive(Object)]
struct Completions {
    /// The perimeter.
    perimeter: PerimeterShown,
    /// What had happened by the end of this day (Europe/Paris) is counted.
    as_of: NaiveDate,
    /// Fewer persons than this are never shown.
    min_persons: i64,
    /// All lines together; a person in several of them counts once.
    total: LineShown,
    /// One line per value of `by`.
    lines: Vec<LineShown>,
    /// What is hidden and why, in French.
    note: String,
    /// The same in English.
    note_en: String,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Statistics")]
impl StatisticsApi {
    /// Unique persons enrolled, in progress and done in a perimeter, as of a date, under statistical secrecy
    #[oai(path = "/statistics/completions", method = "get", operation_id = "completion_statistics")]
    #[expect(clippy::too_many_arguments, reason = "each is a query parameter of the document")]
    async fn completion_statistics(
        &self,
        who: StatisticsReader,
        /// A CDG's reference, such as `cdg:CDG-35`, or `national`.
        #[oai(example = "crate::http::examples::perimeter", validator(max_length = 100))]
        perimeter: Query<String>,
        /// A day not to come (Europe/Paris); what had happened by its end counts. Now by default.
        #[oai(example = "crate::http::examples::day")]
        as_of: Query<Option<NaiveDate>>,
        /// What lines stand for; `module` by default.
        by: Query<Option<ByShown>>,
        /// One module only.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 100))]
        module: Query<Option<String>>,
        /// One audience only.
        audience: Query<Option<AudienceShown>>,
        /// Only `json` for now.
        format: Query<Option<FormatShown>>,
    ) -> Result<Json<Completions>, Problem> {
        let FormatShown::Json = format.0.unwrap_or(FormatShown::Json);
        let (cdg_id, perimeter) = self.perimeter(&who, &perimeter.0).await?;
        let conn = self.app.db.read();
        let now = self.app.clock.now();
        let today = now.with_timezone(&chrono_tz::Europe::Paris).date_naive();
        check(conn, as_of.0, today, module.0.as_deref()).await?;
        // Facts are dated to the microsecond: what happens now counts.
        let before =
            as_of.0.map_or(now + Duration::microseconds(1), end_of_day).with_timezone(&Utc);
        let k = self.app.settings.statistics.min_persons;
        let cube = completions(conn, cdg_id, before, k).await?;
        let (module, audience) = (module.0.as_deref(), audience.0.map(word));
        let by = by.0.unwrap_or(ByShown::Module).into();
        let lines = cube.lines(by, module, audience).into_iter().map(LineShown::from).collect();
        let (note, note_en) = notes(k);
        Ok(Json(Completions {
            perimeter,
            as_of: as_of.0.unwrap_or(today),
            min_persons: k,
            total: cube.line(module, audience).into(),
            lines,
            note,
            note_en,
        }))
    }
}

impl StatisticsApi {
    /// The CDG asked about (none for the nation), if the caller may ask.
    async fn perimeter(
        &self,
        who: &Principal,
        text: &str,
    ) -> Result<(Option<Uuid>, PerimeterShown)> {
        if text == NATIONAL {
            policy::allow(who, Action::ReadStatistics, &Target::National)?;
            let (reference, name) = (NATIONAL.to_owned(), "France entière".to_owned());
            return Ok((None, PerimeterShown { reference, name }));
        }
        let reference: OrgRef = text.parse()?;
        let found = territory::perimeter(self.app.db.read(), &reference).await?;
        policy::allow(who, Action::ReadStatistics, &Target::Perimeter(found.cdg_id))?;
        let reference = found.reference.to_string();
        Ok((Some(found.cdg_id), PerimeterShown { reference, name: found.name }))
    }
}

/// A mistyped filter must not answer a figure.
async fn check(
    conn: &impl ConnectionTrait,
    as_of: Option<NaiveDate>,
    today: NaiveDate,
    code: Option<&str>,
) -> Result<()> {
    let mut faults = Faults::default();
    faults.check(as_of.is_none_or(|day| day <= today), "as_of", "un jour à venir", "a day to come");
    if let Some(code) = code {
        let known = module::Entity::find().filter(module::COLUMN.code.eq(code)).count(conn).await?;
        faults.check(known > 0, "module", "module inconnu", "unknown module");
    }
    faults.refuse()
}

fn notes(k: i64) -> (String, String) {
    (
        format!(
            "Secret statistique : aucune ligne de moins de {k} personnes n'est montrée, ni les lignes \
             qui permettraient de la retrouver ; sous 11 personnes, ce qu'elles ont fait n'est montré \
             que si deux au moins sont de chaque côté. Un chiffre masqué vaut null. Une personne \
             présente dans plusieurs lignes compte une fois dans le total."
        ),
        format!(
            "Statistical secrecy: no line under {k} persons is shown, nor the lines from which it \
             could be found again; under 11 persons, what they did is shown only with at least two \
             on each side. A hidden figure is null. A person in several lines counts once in the total."
        ),
    )
}

fn word(audience: AudienceShown) -> &'static str {
    match audience {
        AudienceShown::Elu => "elu",
        AudienceShown::Agent => "agent",
    }
}

impl From<ByShown> for By {
    fn from(by: ByShown) -> Self {
        match by {
            ByShown::Module => By::Module,
            ByShown::Audience => By::Audience,
        }
    }
}

impl From<Line> for LineShown {
    fn from(line: Line) -> Self {
        Self {
            suppressed: line.suppressed(),
            jfs: line.minutes_completed.and_then(jfs),
            module: line.module,
            audience: line.audience,
            enrolled: line.enrolled,
            in_progress: line.in_progress,
            completed: line.completed,
            withdrawn: line.withdrawn,
            declared_persons: line.declared_persons,
            duration_minutes_completed: line.minutes_completed,
        }
    }
}

/// Minutes in JFS, rounded to the hundredth.
fn jfs(minutes: i64) -> Option<f64> {
    let hundredths = (minutes * 100 + MINUTES_PER_JFS / 2) / MINUTES_PER_JFS;
    i32::try_from(hundredths).ok().map(|n| f64::from(n) / 100.0)
}
