//! Three optional questions at the end of a training, and what may be told of the answers.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::super::opinions::{self, Distribution, Line};
use super::super::satisfaction::{self as answers, Given, Opinion, QUESTIONS};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue;
use crate::catalogue::api::code_of;
use crate::enrolments::find;
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{FeedbackReader, SignedIn};
use crate::http::problem::Problem;

/// Satisfaction.
pub struct SatisfactionApi {
    /// The application.
    pub app: App,
}

/// Answers: 1 « pas du tout » to 5 « tout à fait »; absent for no opinion.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct SatisfactionIn {
    /// « Ce module vous a-t-il été utile ? »
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    useful: Option<i32>,
    /// « Les explications étaient-elles claires ? »
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    clear: Option<i32>,
    /// « Pourrez-vous appliquer ce que vous avez appris, dans votre mandat ou votre métier ? »
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    applicable: Option<i32>,
    /// A word more, shown to trainers without a name: 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    comment: Option<String>,
}

impl Example for SatisfactionIn {
    fn example() -> Self {
        Self {
            useful: Some(5),
            clear: Some(4),
            applicable: None,
            comment: Some("Les exemples étaient proches de ma commune.".to_owned()),
        }
    }
}

/// A question.
#[derive(Object)]
struct SatisfactionQuestion {
    /// Its stable code, the field of its answer.
    code: String,
    /// As people read it, in French.
    text: String,
}

/// What was answered about an enrolment.
#[derive(Object)]
struct SatisfactionOut {
    /// The questions.
    questions: Vec<SatisfactionQuestion>,
    /// Answer to `useful`.
    #[oai(skip_serializing_if_is_none)]
    useful: Option<i32>,
    /// Answer to `clear`.
    #[oai(skip_serializing_if_is_none)]
    clear: Option<i32>,
    /// Answer to `applicable`.
    #[oai(skip_serializing_if_is_none)]
    applicable: Option<i32>,
    /// The comment; absent if none, and once erased.
    #[oai(skip_serializing_if_is_none)]
    comment: Option<String>,
    /// When it was answered; absent while nothing was.
    #[oai(skip_serializing_if_is_none)]
    answered_at: Option<DateTime<Utc>>,
    /// Until when the answers may be changed; absent while nothing was answered.
    #[oai(skip_serializing_if_is_none)]
    changeable_until: Option<DateTime<Utc>>,
}

/// The marks given to one question.
#[derive(Object)]
struct Marks {
    /// Code of the question.
    code: String,
    /// Persons who answered it; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    persons: Option<u64>,
    /// Their mean mark, to the hundredth; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    mean: Option<f64>,
    /// How many gave 1, 2, 3, 4, 5; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    distribution: Option<Vec<u64>>,
    /// Whether it is withheld for statistical secrecy.
    suppressed: bool,
}

/// What may be told of one version, or of all.
#[derive(Object)]
struct SatisfactionLine {
    /// Number of the version; absent for all of them.
    #[oai(skip_serializing_if_is_none)]
    version: Option<i32>,
    /// Persons who gave an opinion; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    persons: Option<u64>,
    /// Whether that number is withheld for statistical secrecy.
    suppressed: bool,
    /// The marks, question by question.
    questions: Vec<Marks>,
}

/// What those who answered thought of a module.
#[derive(Object)]
struct ModuleSatisfaction {
    /// The module's code.
    module: String,
    /// Fewest persons that a number may stand for.
    min_persons: u64,
    /// The questions.
    questions: Vec<SatisfactionQuestion>,
    /// All versions together, then each version that somebody answered about. A person counts once:
    /// their latest answer.
    lines: Vec<SatisfactionLine>,
    /// Comments, in the order of the alphabet, 200 at most: the latest. Absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    comments: Option<Vec<String>>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Feedback")]
impl SatisfactionApi {
    /// What I thought of a training, and the questions
    #[oai(path = "/enrolments/:id/satisfaction", method = "get", operation_id = "get_satisfaction")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<SatisfactionOut>, Problem> {
        let conn = self.app.db.read();
        let enrolment = find::own(conn, &who, id.0).await?;
        Ok(Json(answers::given(conn, &enrolment).await?.into()))
    }

    /// Say what I thought of a training that is over; it may be changed for thirty days
    #[oai(path = "/enrolments/:id/satisfaction", method = "put", operation_id = "put_satisfaction")]
    async fn put(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<SatisfactionIn>,
    ) -> Result<Json<SatisfactionOut>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let enrolment = find::own_locked(&tx, &who, id.0).await?;
        let now = self.app.clock.now();
        let given = answers::answer(&tx, &enrolment, body.0.into(), now).await?;
        tx.commit().await?;
        Ok(Json(Some(given).into()))
    }

    /// What those who answered thought of a module, for its provider, under statistical secrecy
    #[oai(
        path = "/modules/:code/satisfaction",
        method = "get",
        operation_id = "module_satisfaction"
    )]
    async fn of_module(
        &self,
        who: FeedbackReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Json<ModuleSatisfaction>, Problem> {
        let conn = self.app.db.read();
        let module = catalogue::find::by_code(conn, &code_of(&code)?).await?;
        policy::allow(&who, Action::ReadFeedback, &Target::Provider(module.provider_id))?;
        let min_persons = u64::try_from(self.app.settings.statistics.min_persons).unwrap_or(5);
        let told = opinions::of_module(conn, module.id, min_persons).await?;
        Ok(Json(ModuleSatisfaction {
            module: module.code,
            min_persons,
            questions: questions(),
            lines: told.lines.into_iter().map(SatisfactionLine::from).collect(),
            comments: told.comments,
        }))
    }
}

fn questions() -> Vec<SatisfactionQuestion> {
    let question = |(code, text): (&str, &str)| SatisfactionQuestion {
        code: code.to_owned(),
        text: text.to_owned(),
    };
    QUESTIONS.map(question).into()
}

impl From<SatisfactionIn> for Opinion {
    fn from(body: SatisfactionIn) -> Self {
        let SatisfactionIn { useful, clear, applicable, comment } = body;
        Self { marks: [useful, clear, applicable], comment }
    }
}

impl From<Option<Given>> for SatisfactionOut {
    fn from(given: Option<Given>) -> Self {
        let (answered_at, changeable_until) =
            given.as_ref().map(|given| (given.at, given.changeable_until)).unzip();
        let Opinion { marks: [useful, clear, applicable], comment } =
            given.map(|given| given.opinion).unwrap_or_default();
        let questions = questions();
        Self { questions, useful, clear, applicable, comment, answered_at, changeable_until }
    }
}

impl Marks {
    fn of(code: &str, told: Option<Distribution>) -> Self {
        let persons = told.map(|told| told.iter().sum::<u64>());
        let mean = told.zip(persons).map(|(told, persons)| mean(told, persons));
        Self {
            code: code.to_owned(),
            persons,
            mean,
            distribution: told.map(Into::into),
            suppressed: told.is_none(),
        }
    }
}

/// The mean of marks, to the nearest hundredth: a whole number of hundredths before it is a float.
fn mean(told: Distribution, persons: u64) -> f64 {
    let sum: u64 = told.iter().zip(1..).map(|(count, mark)| count * mark).sum();
    let hundredths = (sum * 200 + persons) / (2 * persons.max(1));
    f64::from(u32::try_from(hundredths).unwrap_or(u32::MAX)) / 100.0
}

impl From<Line> for SatisfactionLine {
    fn from(line: Line) -> Self {
        let marks = QUESTIONS.iter().zip(line.marks).map(|((code, _), told)| Marks::of(code, told));
        Self {
            version: line.version,
            persons: line.persons,
            suppressed: line.persons.is_none(),
            questions: marks.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_to_the_nearest_hundredth() {
        assert!((mean([0, 0, 0, 0, 5], 5) - 5.0).abs() < 1e-9);
        assert!((mean([1, 1, 1, 0, 3], 6) - 3.5).abs() < 1e-9);
        assert!((mean([2, 0, 0, 0, 1], 3) - 2.33).abs() < 1e-9);
        assert!((mean([1, 0, 0, 0, 2], 3) - 3.67).abs() < 1e-9);
    }
}
