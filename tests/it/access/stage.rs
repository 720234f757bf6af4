//! Two places that have everything, and people of every role in each.

use maitrise::accounts::model::Role;
use maitrise::accounts::principal::Scope;
use maitrise::config::Settings;
use serde_json::{Value, json};

use super::bulk::{self, Bulk};
use super::capacities::{self, Kept};
use super::feedback::Said;
use super::paths::{self, Followed};
use super::quizzing::Superseded;
use super::requirements::{self, Owed};
use super::sessions::Dated;
use crate::deeds::{fill_draft, learn, picture, publish_with_media};
use crate::newcomers::Newcomer;
use crate::references::past_its_review;
use crate::world::World;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    Anonymous,
    Learner,
    Trainer,
    Reviewer,
    Publisher,
    Employer,
    Cdg,
    National,
    Auditor,
    Operator,
}

/// Somebody who asks.
pub struct Asker {
    /// For messages.
    pub name: String,
    /// Their role.
    pub role: Cast,
    /// The place they belong to; none for a role over the nation or the machine.
    pub home: Option<&'static str>,
    /// Their token.
    pub token: Option<String>,
}

/// A provider, an employer, a CDG, a learner, and what is theirs.
pub struct Place {
    /// For messages.
    pub name: &'static str,
    /// The provider.
    pub provider: &'static str,
    /// Its module: a draft until the table publishes it.
    pub module: &'static str,
    /// The employer.
    pub organisation: &'static str,
    /// The CDG of the employer.
    pub cdg: &'static str,
    /// The learner's enrolment.
    pub enrolment: String,
    /// Its first lesson.
    pub lesson: String,
    /// Its open attempt.
    pub attempt: String,
    /// A question of the attempt and one of its choices.
    pub answer: (String, String),
    /// The learner's attestation.
    pub attestation: String,
    /// Its verification code.
    pub code: String,
    /// The verification code of another, of a module of the provider.
    pub provided: String,
    /// What the learner has written to the provider, and a training that is over.
    pub said: Said,
    pub superseded: Superseded,
    /// Sessions of the provider, and the learner's seats and calendar.
    pub dated: Dated,
    /// A grant of `employer_manager` over the employer.
    pub grant: String,
    /// The account that holds it.
    pub holder: String,
    /// An account that reviews at a third provider.
    pub outsider: String,
    /// Something to review in a module of the provider.
    pub review_item: String,
    /// The provider's path, and the learner's enrolment in it.
    pub path: Followed,
    /// A requirement about the employer's people, and what the learner owes by it.
    pub owed: Owed,
    /// An agrément of the provider.
    pub agrement: String,
    /// Somebody of the employer, and what is known of them.
    pub kept: Kept,
    /// What the employer asked for in bulk, and granted to its CDG.
    pub bulk: Bulk,
    /// A reminder rule: the nation's, the same in both places.
    pub rule: Value,
    /// The digest of a picture that a published module shows: the same in both places.
    pub picture: String,
    /// What the élue signs in with: the same in both places.
    pub credentials: Value,
}

/// The places, the people, and the application they speak to.
pub struct Stage {
    pub world: World,
    pub places: [Place; 2],
    pub cast: Vec<Asker>,
}

const HERE: &str = "Beaucé (35)";
const THERE: &str = "Talence (33)";

impl Stage {
    /// Sets it.
    pub async fn set() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let world = World::with(change).await;
        let mut cast = vec![asker("anonymous", Cast::Anonymous, None, None)];
        for (word, role) in [
            ("national", Cast::National),
            ("auditeur", Cast::Auditor),
            ("exploitant", Cast::Operator),
        ] {
            cast.push(asker(word, role, None, Some(demonstrator(&world, word).await.token)));
        }
        cast.extend(people_here(&world).await);
        cast.extend(people_there(&world).await);
        let here = place(
            &world,
            &cast,
            (HERE, "local:demonstration", "PREMIERS-PAS"),
            ("insee:35021", "cdg:CDG-35"),
        )
        .await;
        let there = (THERE, "local:ailleurs", "AILLEURS");
        let trainer = find(&cast, Cast::Trainer, THERE).token.as_deref().expect("a token");
        fill_draft(&world, trainer, there.2, there.1, "").await;
        let trainer = find(&cast, Cast::Trainer, HERE).token.as_deref().expect("a token");
        publish_with_media(&world, trainer, "ILLUSTRE").await;
        let there = place(&world, &cast, there, ("insee:33522", "cdg:CDG-33")).await;
        Self { world, places: [here, there], cast }
    }

    /// Somebody of a place, or of the nation.
    pub fn asker(&self, role: Cast, place: &Place) -> &Asker {
        find(&self.cast, role, place.name)
    }
}

fn find<'a>(cast: &'a [Asker], role: Cast, place: &str) -> &'a Asker {
    let fits = |a: &&Asker| a.role == role && a.home.is_none_or(|home| home == place);
    // The nation's auditor is not of any place: the place's own comes first.
    let of_the_place = cast.iter().find(|a| a.role == role && a.home == Some(place));
    of_the_place.or_else(|| cast.iter().find(fits)).expect("someone")
}

fn asker(name: &str, role: Cast, home: Option<&'static str>, token: Option<String>) -> Asker {
    let name = home.map_or(name.to_owned(), |home| format!("{role:?} of {home}"));
    Asker { name, role, home, token }
}

async fn demonstrator(world: &World, word: &str) -> Newcomer {
    world.known(&format!("{word}@demonstration.example")).await
}

/// The demonstration's own cast, and an auditor of its provider.
async fn people_here(world: &World) -> Vec<Asker> {
    let mut people = Vec::new();
    for (word, role) in [
        ("elue", Cast::Learner),
        ("formatrice", Cast::Trainer),
        ("relecteur", Cast::Reviewer),
        ("editrice", Cast::Publisher),
        ("employeur", Cast::Employer),
        ("cdg35", Cast::Cdg),
    ] {
        people.push(asker(word, role, Some(HERE), Some(demonstrator(world, word).await.token)));
    }
    let provider = world.provider("local:demonstration").await;
    let auditor = world.admit_as("auditrice", Role::Auditor, provider).await;
    people.push(asker("auditrice", Cast::Auditor, Some(HERE), Some(auditor.token)));
    people
}

/// The same roles elsewhere: another provider, another commune, the CDG next door.
async fn people_there(world: &World) -> Vec<Asker> {
    let provider = world.provider("local:ailleurs").await;
    let commune = world.organisation("insee:33522").await;
    let roles: [(&str, Cast, Role, Scope); 5] = [
        ("formateur-33", Cast::Trainer, Role::Trainer, provider),
        ("relectrice-33", Cast::Reviewer, Role::Reviewer, provider),
        ("editeur-33", Cast::Publisher, Role::Publisher, provider),
        ("auditeur-33", Cast::Auditor, Role::Auditor, provider),
        ("employeuse-33", Cast::Employer, Role::EmployerManager, commune),
    ];
    let mut people = Vec::new();
    for (word, cast, role, scope) in roles {
        let newcomer = world.admit_as(word, role, scope).await;
        people.push(asker(word, cast, Some(THERE), Some(newcomer.token)));
    }
    let elu = world.admit("elu-33").await;
    world.elect(&elu, "insee:33522").await;
    people.push(asker("elu-33", Cast::Learner, Some(THERE), Some(elu.token)));
    let cdg = demonstrator(world, "cdg33").await;
    people.push(asker("cdg33", Cast::Cdg, Some(THERE), Some(cdg.token)));
    people
}

async fn place(
    world: &World,
    cast: &[Asker],
    (name, provider, module): (&'static str, &'static str, &'static str),
    (organisation, cdg): (&'static str, &'static str),
) -> Place {
    let token = |role| find(cast, role, name).token.as_deref().expect("a token");
    let learner = token(Cast::Learner);
    let attested = learn(world, learner, "A1").await;
    let open = learn_half(world, learner).await;
    let path = paths::follow(world, (learner, token(Cast::Publisher)), provider).await;
    let holder = world.admit(&format!("titulaire-{}", &cdg[8..])).await.account_id;
    let third = world.provider("local:tierce").await;
    let outsider = format!("pretee-{}", &cdg[8..]);
    let outsider = world.admit_as(&outsider, Role::Reviewer, third).await;
    let wish = json!({
        "account_id": holder, "role": "employer_manager",
        "scope": "organisation", "scope_ref": organisation,
    });
    let grant = world.api.post("/api/v1/grants").bearer(token(Cast::Cdg)).json(&wish).await;
    let granted = world.api.post(&format!("/api/v1/providers/{provider}/agrements"));
    let granted = granted.bearer(token(Cast::National)).json(&super::providers::agrement());
    let granted = granted.await.expect(201).json()["agrements"].take();
    let granted = granted.as_array().and_then(|all| all.last()).expect("an agrément").clone();
    let keeper = (organisation, token(Cast::Employer));
    let kept = capacities::keep(world, keeper, &format!("gardee-{}", &cdg[8..])).await;
    let rules = world.api.get("/api/v1/reminder-rules").bearer(token(Cast::National)).await;
    let review_item = past_its_review(world, provider, &format!("REVU-{}", &cdg[8..])).await;
    let elue = maitrise::demo::cast::CAST.iter().find(|p| p.word == "elue").expect("the élue");
    let said = super::feedback::said(world, provider, learner, token).await;
    let mine = world.api.get("/api/v1/me/attestations").bearer(learner).await.expect(200).json();
    Place {
        name,
        provider,
        module,
        organisation,
        cdg,
        enrolment: open.enrolment,
        lesson: open.lesson,
        attempt: open.attempt,
        answer: open.answer,
        attestation: text(&attested["id"]),
        code: text(&attested["code"]),
        provided: text(&mine["items"][0]["code"]),
        said,
        superseded: super::quizzing::superseded(world, provider, learner, token).await,
        dated: super::sessions::dated(world, provider, learner, token(Cast::Trainer)).await,
        grant: text(&grant.expect(201).json()["id"]),
        holder: holder.to_string(),
        outsider: outsider.account_id.to_string(),
        review_item,
        path,
        owed: requirements::owed(world, token(Cast::National), learner, organisation).await,
        agrement: text(&granted["id"]),
        kept,
        bulk: bulk::asked(world, keeper, learner, cdg).await,
        picture: picture().0,
        rule: rules.expect(200).json()["items"][0]["id"].take(),
        credentials: json!({ "login": elue.login(), "password": elue.password(&world.app) }),
    }
}

/// An enrolment under way.
struct Open {
    enrolment: String,
    lesson: String,
    attempt: String,
    answer: (String, String),
}

async fn learn_half(world: &World, token: &str) -> Open {
    let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(token);
    let enrolled = enrol.json(&json!({})).await.expect(201).json();
    let enrolment = text(&enrolled["id"]);
    let start = world.api.post(&format!("/api/v1/enrolments/{enrolment}/attempts"));
    let attempt = start.bearer(token).await.expect(201).json();
    // One that a single letter answers, whatever was drawn.
    let asked = attempt["questions"].as_array().expect("questions").iter();
    let question = asked.clone().find(|q| q["kind"] == "single").expect("a question to tick");
    Open {
        lesson: text(&enrolled["lessons"][0]["slug"]),
        attempt: text(&attempt["id"]),
        answer: (text(&question["id"]), text(&question["choices"][0]["id"])),
        enrolment,
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
