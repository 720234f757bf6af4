//! What the values of one's own learning are called on its pages.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::catalogue::model::ChangeKind;
use crate::enrolments::api::withdrawal::WithdrawalReason;
use crate::learning::resume::Resume;
use crate::people::model::CapacityKind;
use crate::records::State;
use crate::web::words;

/// Where an enrolment stands.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Enrolled => "à commencer",
        State::InProgress => "en cours",
        State::Completed => "achevé",
        State::Withdrawn => "quitté",
    }
}

/// Why one leaves, with its word in forms.
pub(super) const LEAVING: [(WithdrawalReason, &str); 6] = [
    (WithdrawalReason::NoTime, "Je n’ai pas le temps en ce moment"),
    (WithdrawalReason::NotRelevant, "Ce n’est pas ce que j’attendais, ou je le sais déjà"),
    (WithdrawalReason::MandateEnded, "Mon mandat a pris fin"),
    (WithdrawalReason::LeftEmployer, "J’ai quitté mon employeur"),
    (WithdrawalReason::Mistake, "Je me suis inscrit·e par erreur"),
    (WithdrawalReason::Other, "Une autre raison"),
];

/// What a newer version changes, after « une version plus récente existe ».
pub(super) const fn newer(change: ChangeKind) -> &'static str {
    match change {
        ChangeKind::First | ChangeKind::Editorial => "seule la forme a changé",
        ChangeKind::Substantive => "le contenu a changé",
        ChangeKind::Legal => "le droit a changé",
    }
}

/// What going on is called.
pub(super) fn resume(place: &Resume, title: impl Fn(&str) -> Option<String>) -> String {
    match place {
        Resume::Attempt(_) => "Reprendre le test".to_owned(),
        Resume::Lesson(slug) => match title(slug) {
            Some(title) => format!("Continuer : {title}"),
            None => "Continuer la lecture".to_owned(),
        },
        Resume::Quiz => "Passer le test".to_owned(),
    }
}

/// A date and a time of day where somebody is: « 3 mars 2027 à 14 h 05 ».
pub(in crate::web) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} à {}", words::date(local.date_naive()), local.format("%H\u{a0}h\u{a0}%M"))
}

/// By when: « au plus tard le 3 mars 2027 ».
pub(super) fn by(date: NaiveDate) -> String {
    format!("au plus tard le {}", words::date(date))
}

/// What a person is.
pub(in crate::web) const fn capacity(kind: CapacityKind) -> &'static str {
    match kind {
        CapacityKind::Elu => "élu·e",
        CapacityKind::Agent => "agent·e",
    }
}

/// A zone, or the one of Paris for a name that is not one any more.
pub(in crate::web) fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(chrono_tz::Europe::Paris)
}

/// Credit of a test: « 5 », « 5,5 ».
pub(super) fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_french() {
        assert_eq!([points(5.0), points(5.5), points(0.0)], ["5", "5,5", "0"]);
        let at = "2027-03-03T13:05:00Z".parse().expect("an instant");
        assert_eq!(moment(at, chrono_tz::Europe::Paris), "3 mars 2027 à 14\u{a0}h\u{a0}05");
        assert_eq!(moment(at, zone("Pacific/Noumea")), "4 mars 2027 à 00\u{a0}h\u{a0}05");
        assert_eq!(zone("Nulle/Part"), chrono_tz::Europe::Paris);
    }
}
