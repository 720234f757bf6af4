//! A module laid out as places and the texts that stand there, in reading order: what comparing two
//! versions works on.

use super::module::Module;
use super::question::{Question, Task};
use super::quiz::{Bank, Unit};

/// Where the questions stand, whatever their file.
const QUIZ: &str = "Quiz";

/// One text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// From the whole to the part, in French; unique in its module.
    pub(super) place: Vec<String>,
    pub(super) text: String,
}

/// Every leaf of a module.
pub(super) fn leaves(module: &Module) -> Vec<Leaf> {
    let mut all = Vec::new();
    manifest(module, &mut all);
    references(module, &mut all);
    for lesson in &module.lessons {
        let place = |part: &str| vec![format!("Leçon {}", lesson.slug), part.to_owned()];
        put(&mut all, place("titre"), &lesson.title);
        let minutes = Some(lesson.activity_minutes).filter(|minutes| *minutes > 0);
        put_some(&mut all, place("activité (minutes)"), minutes);
        put(&mut all, place("texte"), &lesson.markdown);
    }
    module.quiz.banks.iter().for_each(|bank| quiz(bank, &mut all));
    for term in &module.glossary {
        let grade = format!("cote {}, vérifiée le {}", term.grade, term.verified_on);
        let text = format!("{}\n\n{}\n\n{grade}", term.term, term.definition);
        put(&mut all, vec![format!("Glossaire : {}", term.id)], &text);
    }
    for (path, figure) in &module.figures {
        put(&mut all, vec![format!("Figure {path}")], figure.in_page(""));
    }
    for (path, media) in &module.media {
        let text = format!("{} octets, SHA-256 {}", media.bytes, media.digest);
        put(&mut all, vec![format!("Média {path}")], &text);
    }
    for (path, text) in &module.texts_of_media {
        put(&mut all, vec![format!("Texte de média {path}")], text);
    }
    all
}

fn put(all: &mut Vec<Leaf>, place: Vec<String>, text: impl ToString) {
    all.push(Leaf { place, text: text.to_string() });
}

fn put_some(all: &mut Vec<Leaf>, place: Vec<String>, text: Option<impl ToString>) {
    if let Some(text) = text {
        put(all, place, text);
    }
}

/// One value a line, so that a list shows which of its lines changed.
fn list<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

fn manifest(module: &Module, all: &mut Vec<Leaf>) {
    let m = &module.manifest;
    let mut say = |part: &str, text: String| {
        put(all, vec!["Fiche".to_owned(), part.to_owned()], text);
    };
    say("code", m.code.to_string());
    say("titre", m.title.clone());
    say("résumé", m.summary.clone());
    say("fournisseur", m.provider.clone());
    say("code externe", m.external_code.clone().unwrap_or_default());
    say("publics", list(&m.audiences));
    say("niveau", m.level.to_string());
    say("langue", m.language.clone());
    say("état", m.status.to_string());
    say("durée annoncée (minutes)", m.duration_minutes.to_string());
    say("activités hors écran (minutes)", m.activity_minutes.to_string());
    say("objectifs", list(&m.objectives));
    say("recommandations du rapport n° 447", list(&m.recommendations));
    say("thèmes", list(&m.themes));
    for (part, codes) in [("FORMACODE", &m.formacodes), ("NSF", &m.nsf)] {
        if !codes.is_empty() {
            say(part, list(codes));
        }
    }
    say("licence", m.licence.clone());
    say("accessibilité", m.accessibility.clone());
    say("contact", m.contact.clone());
    say("sources lues le", m.verified_on.to_string());
    say("à relire avant le", m.review_by.to_string());
    say("relecture juridique", m.legal_review.clone());
    say("note de passage (%)", m.pass_mark_percent.to_string());
    say("tentatives", m.attempt_limit.map_or("sans limite".to_owned(), |n| n.to_string()));
    for (part, minutes) in [
        ("pause entre deux tentatives (minutes)", m.attempt_pause_minutes),
        ("durée d’une tentative (minutes)", m.attempt_time_minutes),
    ] {
        if let Some(minutes) = minutes {
            say(part, minutes.to_string());
        }
    }
    say("validité", m.validity.map_or("sans limite".to_owned(), |v| v.to_string()));
    for prerequisite in &m.prerequisites {
        let codes: Vec<&str> = prerequisite.any_of.iter().map(|code| code.as_str()).collect();
        say(&format!("prérequis {}", codes.join(" ou ")), prerequisite.kind.to_string());
    }
}

fn references(module: &Module, all: &mut Vec<Leaf>) {
    for reference in &module.manifest.references {
        let parts = [
            Some(reference.text.clone()),
            reference.article.clone(),
            reference.url.clone(),
            reference.eli.clone().map(|eli| format!("ELI {eli}")),
            reference.celex.clone().map(|celex| format!("CELEX {celex}")),
            reference.legifrance.clone().map(|id| format!("Légifrance {id}")),
            reference.in_force_from.map(|day| format!("en vigueur depuis le {day}")),
            reference.in_force_to.map(|day| format!("en vigueur jusqu’au {day}")),
            reference.superseded_by.clone().map(|text| format!("remplacé par {text}")),
            Some(format!("cote {}, lu le {}", reference.grade, reference.verified_on)),
            reference.check_by.map(|day| format!("à relire avant le {day}")),
        ];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        put(all, vec![format!("Texte cité {}", reference.id)], text);
    }
}

/// A bank goes by the name of its file, and a question by its id, unique in the module: a file added
/// or a question moved to another one moves nothing else.
fn quiz(bank: &Bank, all: &mut Vec<Leaf>) {
    for (name, title) in &bank.titles {
        put(all, vec![format!("Quiz {name}"), "titre".to_owned()], title);
    }
    let place = bank.name.as_ref().map_or_else(|| QUIZ.to_owned(), |name| format!("Quiz {name}"));
    let drawn = format!("{} sur {}", bank.draw, bank.units.len());
    put(all, vec![place.clone(), "tirage".to_owned()], drawn);
    if bank.name.is_some() {
        // Their order is nothing: each attempt shuffles them.
        let mut ids: Vec<&str> = bank.units.iter().map(id).collect();
        ids.sort_unstable();
        put(all, vec![place, "banque".to_owned()], ids.join(", "));
    }
    for unit in &bank.units {
        if let Unit::Scenario(scenario) = unit {
            let place = |part: &str| {
                let name = format!("Mise en situation {}", scenario.id);
                vec![QUIZ.to_owned(), name, part.to_owned()]
            };
            put(all, place("situation"), &scenario.situation);
            let ids: Vec<&str> = scenario.questions.iter().map(|q| q.id.as_str()).collect();
            put(all, place("questions, dans l’ordre"), ids.join(", "));
        }
        unit.questions().iter().for_each(|asked| question(asked, all));
    }
}

fn id(unit: &Unit) -> &str {
    match unit {
        Unit::Question(question) => &question.id,
        Unit::Scenario(scenario) => &scenario.id,
    }
}

fn question(question: &Question, all: &mut Vec<Leaf>) {
    let mut say = |part: &str, text: String| {
        let place = vec![QUIZ.to_owned(), format!("Question {}", question.id), part.to_owned()];
        put(all, place, text);
    };
    say("type", question.task.kind().to_string());
    say("énoncé", question.text.clone());
    for (id, text) in question.task.options() {
        say(&format!("choix {id}"), text.to_owned());
    }
    let key = match &question.task {
        Task::Ordering { .. } => "ordre juste",
        _ => "bonne réponse",
    };
    say(key, question.task.key().join(", "));
    say("barème", question.task.credit().to_string());
    say("explication", question.explanation.clone());
    say("référence", question.reference.clone());
    say("textes cités", question.cites.join(", "));
    say("cote", format!("{}, vérifiée le {}", question.grade, question.verified_on));
    say("sources", list(&question.sources));
}
