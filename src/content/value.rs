//! One TOML value and the shapes it may be asked to take. Each method notes what is wrong, in
//! French with the line, and then answers `None`: reading goes on, so that all is told at once.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::fields::{Source, nearest};

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
        let text = self.prose(max)?;
        if text.contains('\n') {
            return self.refuse("tient sur une seule ligne", "retirez les retours à la ligne");
        }
        Some(text)
    }

    /// A text of 1 to `max` characters, blank ends not counted as text.
    pub(super) fn prose(self, max: usize) -> Option<String> {
        let Some(text) = self.value.as_str() else {
            return self.wrong_type("un texte", "\"…\"");
        };
        let length = text.chars().count();
        if text.trim().is_empty() {
            return self.refuse("est vide", format!("écrivez 1 à {max} caractères"));
        }
        if length > max {
            return self.refuse(
                format!("compte {length} caractères"),
                format!("raccourcissez à {max} caractères au plus"),
            );
        }
        // An escape such as "\u0000" gets past the check of the file's own bytes.
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return self.refuse("contient un caractère de contrôle", "retirez-le");
        }
        Some(text.to_owned())
    }

    /// A text of 1 to `max` characters for which `good` holds; `shape` says what is expected.
    pub(super) fn shaped(
        self,
        max: usize,
        good: impl FnOnce(&str) -> bool,
        shape: &str,
    ) -> Option<String> {
        let text = self.line_of_text(max)?;
        if good(&text) {
            Some(text)
        } else {
            self.refuse(format!("vaut « {text} »"), format!("écrivez {shape}"))
        }
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
        let guess = nearest(text, &names)
            .map(|name| format!("vouliez-vous écrire « {name} » ? "))
            .unwrap_or_default();
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
        match parsed.filter(|parsed| range.contains(parsed)) {
            Some(parsed) => Some(parsed),
            None => self
                .refuse(format!("vaut {number}"), format!("écrivez un nombre de {low} à {high}")),
        }
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

    /// A list of distinct values, each read by `read`; `None` if any of them is refused.
    pub(super) fn distinct<T: PartialEq>(
        self,
        sizes: RangeInclusive<usize>,
        read: impl Fn(Value<'v>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let most = *sizes.end();
        let mut kept: Vec<T> = Vec::new();
        let mut sound = true;
        // Past the permitted number the length alone was noted: comparing pairs stays cheap.
        for item in self.list(sizes).into_iter().take(most) {
            match read(item) {
                Some(value) if kept.contains(&value) => {
                    item.refuse::<()>("contient deux fois la même valeur", "retirez le doublon");
                    sound = false;
                }
                Some(value) => kept.push(value),
                None => sound = false,
            }
        }
        sound.then_some(kept)
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
