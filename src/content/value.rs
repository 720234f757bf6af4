//! One TOML value and the shapes it may be asked to take. Each method notes what is wrong, in
//! French with the line, so that all is told at once. A value that can be understood is answered even
//! when a rule is against it: reading is then refused by the finding, but a version that was
//! published before the rule can still be read. What cannot be understood answers `None`.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::fields::{Source, nearest};

/// Most items of a list that are compared with each other.
const MOST_COMPARED: usize = 100;

/// A value with the key that holds it and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'v> {
    source: &'v Source<'v>,
    key: &'static str,
    value: &'v DeValue<'v>,
    line: u32,
}

impl<'v> Value<'v> {
    pub(super) fn new(
        source: &'v Source<'v>,
        key: &'static str,
        value: &'v Spanned<DeValue<'v>>,
    ) -> Self {
        Self { source, key, value: value.get_ref(), line: source.line(value.span().start) }
    }

    /// Line of the value in its file.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Whether the value is exactly this text.
    pub(super) fn is_text(&self, text: &str) -> bool {
        self.value.as_str() == Some(text)
    }

    /// Notes a problem at this value; answers `None` for the caller to return.
    pub(super) fn refuse<T>(&self, what: impl AsRef<str>, remedy: impl Into<String>) -> Option<T> {
        let what = format!("« {} » {}", self.key, what.as_ref());
        self.source.complain(self.line, what, remedy);
        None
    }

    fn wrong_type<T>(&self, expected: &str, example: &str) -> Option<T> {
        self.refuse(
            format!("est {}, {expected} est attendu", type_name(self.value)),
            format!("écrivez par exemple {} = {example}", self.key),
        )
    }

    /// A text of 1 to `max` characters on one line.
    pub(super) fn line_of_text(self, max: usize) -> Option<String> {
        self.one_line(max).map(|(text, _)| text)
    }

    /// A text of 1 to `max` characters, blank ends not counted as text.
    pub(super) fn prose(self, max: usize) -> Option<String> {
        self.text(max).map(|(text, _)| text)
    }

    /// A text of 1 to `max` characters for which `good` holds; `shape` says what is expected.
    pub(super) fn shaped(
        self,
        max: usize,
        good: impl FnOnce(&str) -> bool,
        shape: &str,
    ) -> Option<String> {
        let (text, sound) = self.one_line(max)?;
        if sound && !good(&text) {
            self.refuse::<()>(format!("vaut « {text} »"), format!("écrivez {shape}"));
        }
        Some(text)
    }

    /// A text on one line, and whether nothing was noted against it.
    fn one_line(self, max: usize) -> Option<(String, bool)> {
        let (text, sound) = self.text(max)?;
        if sound && text.contains('\n') {
            self.refuse::<()>("tient sur une seule ligne", "retirez les retours à la ligne");
            return Some((text, false));
        }
        Some((text, sound))
    }

    /// A text, and whether nothing was noted against it.
    fn text(self, max: usize) -> Option<(String, bool)> {
        let Some(text) = self.value.as_str() else {
            return self.wrong_type("un texte", "\"…\"");
        };
        let length = text.chars().count();
        let fault = if text.trim().is_empty() {
            Some(("est vide".to_owned(), format!("écrivez 1 à {max} caractères")))
        } else if length > max {
            let remedy = format!("raccourcissez à {max} caractères au plus");
            Some((format!("compte {length} caractères"), remedy))
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            // An escape such as "\u0000" gets past the check of the file's own bytes.
            Some(("contient un caractère de contrôle".to_owned(), "retirez-le".to_owned()))
        } else {
            None
        };
        let sound = fault.is_none();
        if let Some((what, remedy)) = fault {
            self.refuse::<()>(what, remedy);
        }
        Some((text.to_owned(), sound))
    }

    /// One word of a closed vocabulary.
    pub(super) fn word<T: Copy>(self, words: &[(&'static str, T)]) -> Option<T> {
        let names: Vec<&'static str> = words.iter().map(|&(name, _)| name).collect();
        let Some(text) = self.value.as_str() else {
            return self.wrong_type("un mot", &format!("\"{}\"", names.join("\" ou \"")));
        };
        if let Some(&(_, value)) = words.iter().find(|(name, _)| *name == text) {
            return Some(value);
        }
        let near = if self.source.is_full() { None } else { nearest(text, &names) };
        let guess =
            near.map(|name| format!("vouliez-vous écrire « {name} » ? ")).unwrap_or_default();
        let shown: String = text.chars().take(60).collect();
        self.refuse(
            format!("vaut « {shown} »"),
            format!("{guess}valeurs permises : {}", names.join(", ")),
        )
    }

    /// A whole number within `range`.
    pub(super) fn integer(self, range: RangeInclusive<u32>) -> Option<u32> {
        let (low, high) = (range.start(), range.end());
        let Some(number) = self.value.as_integer() else {
            return self.wrong_type("un nombre entier", &low.to_string());
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .and_then(|wide| u32::try_from(wide).ok());
        if !parsed.is_some_and(|parsed| range.contains(&parsed)) {
            let remedy = format!("écrivez un nombre de {low} à {high}");
            self.refuse::<()>(format!("vaut {number}"), remedy);
        }
        parsed
    }

    /// `true` or `false`.
    pub(super) fn flag(self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type("« true » ou « false »", "true"))
    }

    /// A TOML local date: `2026-11-22` without quotes, hour or zone.
    pub(super) fn date(self) -> Option<NaiveDate> {
        let local = self
            .value
            .as_datetime()
            .filter(|found| found.time.is_none() && found.offset.is_none())
            .and_then(|found| found.date);
        let Some(local) = local else {
            return self.wrong_type("une date seule", "2026-11-22 (sans guillemets)");
        };
        NaiveDate::from_ymd_opt(local.year.into(), local.month.into(), local.day.into())
            .or_else(|| self.refuse("n’est pas une date du calendrier", "corrigez le jour"))
    }

    /// The items of a list whose length is within `sizes`.
    pub(super) fn list(self, sizes: RangeInclusive<usize>) -> Vec<Value<'v>> {
        let Some(items) = self.value.as_array() else {
            self.wrong_type::<()>("une liste", "[…]");
            return Vec::new();
        };
        if !sizes.contains(&items.len()) {
            self.refuse::<()>(
                format!("compte {} élément(s)", items.len()),
                format!("donnez-en de {} à {}", sizes.start(), sizes.end()),
            );
        }
        let item = |item| Value::new(self.source, self.key, item);
        items.iter().map(item).collect()
    }

    /// A list of distinct values, each read by `read`; those that could be.
    pub(super) fn distinct<T: PartialEq>(
        self,
        sizes: RangeInclusive<usize>,
        read: impl Fn(Value<'v>) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.value.as_array().or_else(|| self.wrong_type("une liste", "[…]"))?;
        let mut kept: Vec<T> = Vec::new();
        // Past a number that no rule ever allowed, the length alone is noted: comparing pairs stays
        // cheap.
        for item in self.list(sizes).into_iter().take(MOST_COMPARED) {
            match read(item) {
                Some(value) if kept.contains(&value) => {
                    item.refuse::<()>("contient deux fois la même valeur", "retirez le doublon");
                }
                Some(value) => kept.push(value),
                None => {}
            }
        }
        Some(kept)
    }
}

/// A TOML type with its French article.
pub(super) fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "un texte",
        DeValue::Integer(_) => "un nombre entier",
        DeValue::Float(_) => "un nombre à virgule",
        DeValue::Boolean(_) => "un booléen",
        DeValue::Datetime(_) => "une date ou une heure",
        DeValue::Array(_) => "une liste",
        DeValue::Table(_) => "une table",
    }
}
