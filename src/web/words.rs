//! What values are called on a page: the words of the reader, not those of the files.

use chrono::{DateTime, NaiveDate, Utc};

use crate::catalogue::model::ChangeKind;
use crate::catalogue::search::Band;
use crate::content::{
    Audience, CalendarDuration, Grade, Level, Minutes, PathOrder, PrerequisiteKind,
};
use crate::territory::model::OrganisationKind;
use crate::text;

/// Themes whose name is more than their slug with spaces: what a slug loses is its accents.
const THEMES: [(&str, &str); 14] = [
    ("accessibilite", "Accessibilité"),
    ("algorithmes-publics", "Algorithmes publics"),
    ("analyse-d-impact", "Analyse d’impact"),
    ("conformite", "Conformité"),
    ("continuite", "Continuité"),
    ("cybersecurite", "Cybersécurité"),
    ("donnees", "Données"),
    ("ia", "Intelligence artificielle"),
    ("nis-2", "NIS 2"),
    ("reglement-ia", "Règlement sur l’IA"),
    ("responsabilite", "Responsabilité"),
    ("reversibilite", "Réversibilité"),
    ("rgpd", "RGPD"),
    ("sobriete", "Sobriété"),
];

/// A theme.
pub fn theme(slug: &str) -> String {
    let known = THEMES.iter().find(|(known, _)| *known == slug);
    let spaced = || {
        let words = slug.replace('-', " ");
        let mut letters = words.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect()
    };
    known.map_or_else(spaced, |(_, name)| (*name).to_owned())
}

/// For whom a module is.
pub const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Elu => "Élus",
        Audience::Agent => "Agents",
        Audience::Cadre => "Cadres",
    }
}

/// What a module claims to be.
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Awareness => "Sensibilisation",
        Level::Training => "Formation",
    }
}

/// What a version changes.
pub const fn change(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::First => "première version",
        ChangeKind::Editorial => "corrections de forme",
        ChangeKind::Substantive => "contenu modifié",
        ChangeKind::Legal => "droit modifié",
    }
}

/// How strongly another module is asked for.
pub const fn prerequisite(kind: PrerequisiteKind) -> &'static str {
    match kind {
        PrerequisiteKind::Advised => "conseillé",
        PrerequisiteKind::Required => "à achever d’abord",
    }
}

/// How well a text was checked.
pub const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::V => "Cote V : lu dans une source datée",
        Grade::S => "Cote S : sources secondaires concordantes",
        Grade::M => "Cote M : cité de mémoire",
    }
}

/// A licence, by its SPDX identifier.
pub fn licence(spdx: &str) -> String {
    match spdx {
        "etalab-2.0" => "Licence Ouverte 2.0 (Etalab)".to_owned(),
        other => other.to_owned(),
    }
}

/// A duration of the calendar: « 2 ans », « 1 an et 6 mois ».
pub fn validity(duration: &CalendarDuration) -> String {
    // As ISO 8601 writes it: `P1Y6M`.
    let (text, mut parts, mut number) = (duration.to_string(), Vec::new(), 0);
    for letter in text.chars() {
        match (letter, letter.to_digit(10)) {
            (_, Some(digit)) => number = number * 10 + digit as usize,
            ('Y', _) => parts.push(count(std::mem::take(&mut number), "an", "ans")),
            ('M', _) => parts.push(count(std::mem::take(&mut number), "mois", "mois")),
            ('D', _) => parts.push(count(std::mem::take(&mut number), "jour", "jours")),
            _ => {}
        }
    }
    parts.join(" et ")
}

/// A duration: « 45 minutes », « 1 h 30 ».
pub fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0 | 1) => format!("{minutes} minute"),
        (0, _) => format!("{minutes} minutes"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest:02}"),
    }
}

/// A duration that depends on choices: « 45 minutes », « de 45 minutes à 1 h ».
pub fn range(Minutes { least, most }: Minutes) -> String {
    if least == most {
        return minutes(least);
    }
    format!("de {} à {}", minutes(least), minutes(most))
}

/// How the steps of a path follow each other.
pub const fn order(order: PathOrder) -> &'static str {
    match order {
        PathOrder::Ordered => "une étape après l’autre",
        PathOrder::Free => "dans l’ordre que vous voulez",
    }
}

/// A band of durations.
pub fn band(band: Band) -> &'static str {
    match band {
        Band::UpTo15 => "15 minutes au plus",
        Band::UpTo30 => "De 16 à 30 minutes",
        Band::UpTo60 => "De 31 à 60 minutes",
        Band::Over60 => "Plus d’une heure",
    }
}

/// A count with its noun: « 1 module », « 15 modules »; nothing is singular in French.
pub fn count(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { several })
}

/// A date without its day of the week: « 1er août 2026 ».
pub fn date(date: NaiveDate) -> String {
    let whole = text::french_date(date);
    whole.split_once(' ').map_or(whole.clone(), |(_, rest)| rest.to_owned())
}

/// The date of an instant, where these readers are.
pub fn day(at: DateTime<Utc>) -> String {
    date(at.with_timezone(&chrono_tz::Europe::Paris).date_naive())
}

/// What an organisation is.
pub fn organisation(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Commune => "commune",
        OrganisationKind::Epci => "intercommunalité",
        OrganisationKind::Departement => "département",
        OrganisationKind::Region => "région",
        OrganisationKind::Cdg => "centre de gestion",
        OrganisationKind::Association => "association",
        OrganisationKind::TrainingBody => "organisme de formation",
        OrganisationKind::Other => "collectivité ou organisme",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_french() {
        assert_eq!(
            [theme("ia"), theme("nis-2"), theme("charte")],
            ["Intelligence artificielle", "NIS 2", "Charte"]
        );
        assert_eq!(theme("commande-publique"), "Commande publique");
        assert_eq!(
            [minutes(1), minutes(22), minutes(60), minutes(95)],
            ["1 minute", "22 minutes", "1 h", "1 h 35"]
        );
        let range = |least, most| range(Minutes { least, most });
        assert_eq!([range(45, 45), range(45, 65)], ["45 minutes", "de 45 minutes à 1 h 05"]);
        assert_eq!(
            [count(0, "module", "modules"), count(2, "module", "modules")],
            ["0 module", "2 modules"]
        );
        let validity = |text: &str| validity(&text.parse().expect("a duration"));
        assert_eq!([validity("P1Y6M"), validity("P90D")], ["1 an et 6 mois", "90 jours"]);
        let first = NaiveDate::from_ymd_opt(2026, 8, 1).expect("a date");
        assert_eq!(date(first), "1er août 2026");
    }
}
