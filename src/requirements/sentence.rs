//! The sentence that says why somebody owes something, and why that day, in both languages.

use chrono::{DateTime, NaiveDate, Utc};

use super::due::{After, When, after};
use super::exempt::Ground;
use super::explain::Explained;
use super::model::Force;
use crate::obligations::model::{Basis, EventKind, obligation_event};
use crate::obligations::{self, Status, Subject};
use crate::people::model::CapacityKind;
use crate::text::french_date;

impl Explained {
    /// The sentence, in French: to the person themselves, or to somebody else.
    pub fn in_french(&self, own: bool) -> String {
        let (you, are) =
            if own { ("vous", "vous concerne") } else { ("la personne", "la concerne") };
        let force = match (self.version.force, own) {
            (Force::Mandatory, true) => "Vous devez achever",
            (Force::Mandatory, false) => "La personne doit achever",
            (Force::Recommended, true) => "Il vous est recommandé d’achever",
            (Force::Recommended, false) => "Il est recommandé à la personne d’achever",
        };
        let mut text = format!(
            "{force} {} au plus tard le {}, parce que l’exigence « {} » {are} comme {} depuis le {}",
            self.subject_fr(),
            french_date(self.row.due_on),
            self.version.title_fr,
            self.post_fr(),
            french_date(self.capacity.valid_from),
        );
        if let Some((_, law)) = &self.basis {
            text.push_str(&format!(" ({})", law.text));
        }
        text.push_str(&format!(" ; {}.", self.because_fr()));
        text.push_str(&self.now_fr(you));
        text
    }

    /// The sentence, in English.
    pub fn in_english(&self, own: bool) -> String {
        let who = if own { "You" } else { "The person" };
        let force = match (self.version.force, own) {
            (Force::Mandatory, true) => "must complete",
            (Force::Mandatory, false) => "must complete",
            (Force::Recommended, true) => "are advised to complete",
            (Force::Recommended, false) => "is advised to complete",
        };
        let mut text = format!(
            "{who} {force} {} by {}, because the requirement “{}” concerns {} as {} since {}",
            self.subject_en(),
            english(self.row.due_on),
            self.version.title_en,
            if own { "you" } else { "them" },
            self.post_en(),
            english(self.capacity.valid_from),
        );
        if let Some((_, law)) = &self.basis {
            text.push_str(&format!(" ({})", law.text));
        }
        text.push_str(&format!("; {}.", self.because_en()));
        text.push_str(&self.now_en());
        text
    }

    fn subject_fr(&self) -> String {
        let name = self.subject.name();
        let kind = match self.subject {
            Subject::Module(_) => "le module",
            Subject::Path(_) => "le parcours",
        };
        format!("{kind} {} « {} »{}", name.code, name.title, self.counted().0)
    }

    fn subject_en(&self) -> String {
        let name = self.subject.name();
        let kind = match self.subject {
            Subject::Module(_) => "the module",
            Subject::Path(_) => "the path",
        };
        format!("{kind} {} “{}”{}", name.code, name.title, self.counted().1)
    }

    /// What counts, in both languages.
    fn counted(&self) -> (String, String) {
        let (mut fr, mut en) = (String::new(), String::new());
        if let Some(number) = self.row.from_version {
            fr.push_str(&format!(", dans sa version {number} ou une suivante"));
            en.push_str(&format!(", in version {number} or a later one"));
        }
        if let Some(from) = self.row.accepts_from {
            let day = self.day(from);
            fr.push_str(&format!(", à compter du {}", french_date(day)));
            en.push_str(&format!(", no earlier than {}", english(day)));
        }
        if self.row.agreed_only {
            fr.push_str(", auprès d’un organisme agréé ce jour-là pour la formation des élus");
            en.push_str(", with a provider that holds an agrément for élus that day");
        }
        (fr, en)
    }

    fn post_fr(&self) -> String {
        let kind = match self.capacity.kind {
            CapacityKind::Elu => "élu·e",
            CapacityKind::Agent => "agent·e",
        };
        let function = self.capacity.function.as_ref();
        let function = function.map(|function| format!(" ({function})")).unwrap_or_default();
        format!("{kind}{function}, {}", self.organisation.name)
    }

    fn post_en(&self) -> String {
        let kind = match self.capacity.kind {
            CapacityKind::Elu => "élu",
            CapacityKind::Agent => "agent",
        };
        let function = self.capacity.function.as_ref();
        let function = function.map(|function| format!(" ({function})")).unwrap_or_default();
        format!("{kind}{function}, {}", self.organisation.name)
    }

    fn because_fr(&self) -> String {
        let anchor = self.row.anchor_on.map(french_date).unwrap_or_default();
        let (fr, _) = self.delay();
        let mut text = match self.row.basis {
            None | Some(Basis::Date) => "cette date est la même pour tous".to_owned(),
            Some(Basis::Office) => {
                format!("le délai de {fr} court depuis la prise de fonctions, le {anchor}")
            }
            Some(Basis::Delegation) => {
                format!("le délai de {fr} court depuis la délégation reçue le {anchor}")
            }
            Some(Basis::Hiring) => {
                format!("le délai de {fr} court depuis le recrutement, le {anchor}")
            }
            Some(Basis::Publication) => format!(
                "le délai de {fr} court depuis le {anchor}, premier jour où l’exigence, une fois publiée, s’appliquait"
            ),
            Some(Basis::LegalChange) => format!(
                "le délai de {fr} court depuis le {anchor}, premier jour où le texte, une fois en vigueur, s’appliquait"
            ),
            Some(Basis::Renewal) => {
                format!("ce qui a été achevé le {anchor} est à renouveler au bout de {fr}")
            }
        };
        if self.is_put_off() {
            text.push_str(&format!(
                ", sans laisser moins de {} jours après l’ouverture de l’obligation, le {}",
                self.due.notice_days,
                french_date(self.day(self.row.opened_at))
            ));
        }
        text
    }

    fn because_en(&self) -> String {
        let anchor = self.row.anchor_on.map(english).unwrap_or_default();
        let (_, en) = self.delay();
        let mut text = match self.row.basis {
            None | Some(Basis::Date) => "that date is everybody's".to_owned(),
            Some(Basis::Office) => format!("{en} are given from taking office, on {anchor}"),
            Some(Basis::Delegation) => format!("{en} are given from the delegation of {anchor}"),
            Some(Basis::Hiring) => format!("{en} are given from hiring, on {anchor}"),
            Some(Basis::Publication) => {
                format!("{en} are given from {anchor}, when the requirement first applied")
            }
            Some(Basis::LegalChange) => {
                format!("{en} are given from {anchor}, when the text first applied")
            }
            Some(Basis::Renewal) => {
                format!("what was completed on {anchor} is to be renewed after {en}")
            }
        };
        if self.is_put_off() {
            text.push_str(&format!(
                ", with no less than {} days from its opening on {}",
                self.due.notice_days,
                english(self.day(self.row.opened_at))
            ));
        }
        text
    }

    /// The delay, in both languages.
    fn delay(&self) -> (String, String) {
        let (months, days) = match (self.row.basis, &self.due.when) {
            (Some(Basis::Renewal), _) => {
                (u32::try_from(self.version.renewal_months.unwrap_or(0)).unwrap_or(0), 0)
            }
            (_, When::After(After { months, days, .. })) => (*months, *days),
            (_, When::On(_)) => (0, 0),
        };
        let of = |n: u32, one: &str, many: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        };
        let join = |parts: [Option<String>; 2], and: &str, none: &str| {
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            if parts.is_empty() { none.to_owned() } else { parts.join(and) }
        };
        (
            join([of(months, "mois", "mois"), of(days, "jour", "jours")], " et ", "0 jour"),
            join([of(months, "month", "months"), of(days, "day", "days")], " and ", "0 days"),
        )
    }

    /// Whether the due day is later than what it is reckoned from says.
    fn is_put_off(&self) -> bool {
        let reckoned = match (self.row.basis, self.row.anchor_on, &self.due.when) {
            (Some(Basis::Renewal), Some(anchor), _) => {
                let months = self.version.renewal_months.unwrap_or(0);
                Some(after(anchor, u32::try_from(months).unwrap_or(0), 0))
            }
            (_, Some(anchor), When::After(rule)) => Some(after(anchor, rule.months, rule.days)),
            (_, _, When::On(date)) => Some(*date),
            _ => None,
        };
        reckoned.is_some_and(|reckoned| reckoned < self.row.due_on)
    }

    /// Where it stands, when that is not simply owed.
    fn now_fr(&self, you: &str) -> String {
        let on = |at: DateTime<Utc>| french_date(self.day(at));
        match self.standing.status {
            Status::Open | Status::Overdue => String::new(),
            Status::Satisfied => self.standing.satisfied.as_ref().map_or(String::new(), |done| {
                format!(" L’achèvement du {} y satisfait.", on(done.at))
            }),
            Status::Exempted => self.last(EventKind::Exempted).map_or(String::new(), |event| {
                let (ground, _) = Ground::said(event.reason.as_deref().unwrap_or_default());
                let until = event.until.map(|day| format!(", jusqu’au {}", french_date(day)));
                let until = until.unwrap_or_default();
                format!(" Dispense accordée le {} ({ground}){until}.", on(event.at))
            }),
            Status::Superseded => self.last(EventKind::Superseded).map_or(String::new(), |event| {
                format!(" Une autre obligation a pris sa place le {}.", on(event.at))
            }),
            Status::Closed => {
                let end = self.last(EventKind::Disabled).or(self.last(EventKind::LeftAudience));
                end.map_or(" Le module a quitté le catalogue.".to_owned(), |event| {
                    match event.kind {
                        EventKind::Disabled => {
                            format!(" L’exigence a été levée pour tous le {}.", on(event.at))
                        }
                        _ => format!(" Elle ne concerne plus {you} depuis le {}.", on(event.at)),
                    }
                })
            }
        }
    }

    fn now_en(&self) -> String {
        let on = |at: DateTime<Utc>| english(self.day(at));
        match self.standing.status {
            Status::Open | Status::Overdue => String::new(),
            Status::Satisfied => self.standing.satisfied.as_ref().map_or(String::new(), |done| {
                format!(" The completion of {} satisfies it.", on(done.at))
            }),
            Status::Exempted => self.last(EventKind::Exempted).map_or(String::new(), |event| {
                let (_, ground) = Ground::said(event.reason.as_deref().unwrap_or_default());
                let until = event.until.map(|day| format!(", until {}", english(day)));
                let until = until.unwrap_or_default();
                format!(" Exempted on {} ({ground}){until}.", on(event.at))
            }),
            Status::Superseded => self.last(EventKind::Superseded).map_or(String::new(), |event| {
                format!(" Another obligation took its place on {}.", on(event.at))
            }),
            Status::Closed => {
                let end = self.last(EventKind::Disabled).or(self.last(EventKind::LeftAudience));
                end.map_or(" The module has left the catalogue.".to_owned(), |event| {
                    format!(" It has been owed no more since {}.", on(event.at))
                })
            }
        }
    }

    fn last(&self, kind: EventKind) -> Option<&obligation_event::Model> {
        self.standing.events.iter().rfind(|event| event.kind == kind)
    }

    /// The civil day of an instant where the obligation is owed.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        obligations::satisfied::day_in(&self.row.time_zone, at)
    }
}

fn english(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}
