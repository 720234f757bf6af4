//! The rules of a text that comes from elsewhere than a file: those of `[[reference]]`, told by field
//! and in both languages.

use super::reference::{Reference, is_celex, is_eli, is_legifrance};
use super::shapes::{is_https, is_slug};

/// What is wrong with a field, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The field.
    pub field: &'static str,
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

fn flaw(field: &'static str, fr: impl Into<String>, en: impl Into<String>) -> Flaw {
    Flaw { field, fr: fr.into(), en: en.into() }
}

impl Reference {
    /// Everything that `module.toml` would refuse of it. The limits of length are the caller's.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = self.flaws_of_shape();
        if let Some((from, to)) = self.in_force_from.zip(self.in_force_to).filter(|(a, b)| b < a) {
            flaws.push(flaw(
                "in_force_to",
                format!(
                    "la fin ({to}) est avant le début ({from}) : corrigez l'une des deux dates"
                ),
                format!("the end ({to}) is before the beginning ({from}): mend one of the dates"),
            ));
        }
        let read = self.verified_on;
        if let Some(check_by) = self.check_by.filter(|&check_by| check_by <= read) {
            flaws.push(flaw(
                "check_by",
                format!("({check_by}) doit être postérieur à la dernière lecture ({read})"),
                format!("({check_by}) must be after the last reading ({read})"),
            ));
        }
        flaws
    }

    fn flaws_of_shape(&self) -> Vec<Flaw> {
        let good_id = self.id.len() <= 60 && is_slug(&self.id);
        let mut flaws = Vec::new();
        if !good_id {
            flaws.push(flaw(
                "id",
                "des minuscules sans accent, des chiffres et des tirets, 60 caractères au plus",
                "lower-case letters without accents, digits and hyphens, 60 characters at most",
            ));
        }
        type Good = fn(&str) -> bool;
        let shaped: [(_, &Option<String>, Good, _, _); 4] = [
            ("url", &self.url, is_https, "une adresse en https://", "an https:// address"),
            (
                "eli",
                &self.eli,
                is_eli,
                "une adresse en https:// qui contient /eli/",
                "an https:// address that holds /eli/",
            ),
            (
                "celex",
                &self.celex,
                is_celex,
                "un numéro comme 32024R1689 ou 02024R1689-20260727",
                "a number such as 32024R1689 or 02024R1689-20260727",
            ),
            (
                "legifrance",
                &self.legifrance,
                is_legifrance,
                "un identifiant comme LEGIARTI000047303477",
                "an identifier such as LEGIARTI000047303477",
            ),
        ];
        for (field, value, good, fr, en) in shaped {
            if value.as_deref().is_some_and(|value| !good(value)) {
                flaws.push(flaw(field, fr, en));
            }
        }
        flaws
    }
}
