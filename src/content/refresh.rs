//! Copying again what modules copied: their references from the register, their terms from the
//! common glossary. What is not a copy is left byte for byte as its author wrote it.

use std::collections::BTreeSet;

use comrak::Arena;
use comrak::nodes::NodeValue;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::copies::{Cell, Cells, Shared};
use super::finding::{Finding, Sheet};
use super::hygiene::text_of;
use super::markdown;
use super::module::{GLOSSARY_PATH, MANIFEST_PATH};
use super::tree::Tree;

/// A file of a module that is not what it should be any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    /// Path in the module.
    pub path: &'static str,
    /// What it should hold.
    pub text: String,
    /// What changes, in French, one line a table.
    pub changes: Vec<String>,
}

/// The files of a module to write again; none when its copies are what the shared files say.
///
/// A table of `module.toml` may hold its `id` alone. Terms that a lesson names (`terme:…`) and that
/// the module does not have are added; none is taken away.
///
/// # Errors
/// The findings of a file that cannot be edited: not text, not TOML, or another
/// thing than tables at the key of its copies.
pub fn refresh(tree: &Tree, shared: &Shared) -> Result<Vec<Refreshed>, Vec<Finding>> {
    let mut refreshed = Vec::new();
    if let Some(register) = &shared.register {
        let original = |id: &str| register.get(id).map(super::Reference::cells);
        refreshed.extend(copy_again(tree, MANIFEST_PATH, "reference", &[], original)?);
    }
    if let Some(glossary) = &shared.glossary {
        let linked = linked_terms(tree);
        let wanted: Vec<&str> =
            linked.iter().map(String::as_str).filter(|id| glossary.contains_key(*id)).collect();
        let original = |id: &str| glossary.get(id).map(super::Term::cells);
        refreshed.extend(copy_again(tree, GLOSSARY_PATH, "term", &wanted, original)?);
    }
    Ok(refreshed)
}

/// The file at `path` with its `[[key]]` tables copied again, those `wanted` added.
fn copy_again(
    tree: &Tree,
    path: &'static str,
    key: &str,
    wanted: &[&str],
    original: impl Fn(&str) -> Option<Cells>,
) -> Result<Option<Refreshed>, Vec<Finding>> {
    let bytes = tree.get(path).unwrap_or_default();
    let mut document = document(path, bytes)?;
    if document.get(key).is_some_and(|item| !item.is_array_of_tables()) {
        let what = format!("« {key} » n’est pas une suite de tables [[{key}]]");
        let remedy = format!("commencez chaque table par une ligne [[{key}]]");
        return Err(vec![Finding::of_file(path, what, remedy)]);
    }
    let mut changes = Vec::new();
    let mut present = BTreeSet::new();
    if let Some(tables) = document.get_mut(key).and_then(Item::as_array_of_tables_mut) {
        for table in tables.iter_mut() {
            let Some(id) = table.get("id").and_then(Item::as_str).map(str::to_owned) else {
                continue;
            };
            let keys = original(&id).map(|cells| copy_into(table, cells)).unwrap_or_default();
            if !keys.is_empty() {
                changes.push(format!("« {id} » : {}", keys.join(", ")));
            }
            present.insert(id);
        }
    }
    for id in wanted.iter().filter(|id| !present.contains(**id)) {
        let mut table = Table::new();
        copy_into(&mut table, original(id).unwrap_or_default());
        if !document.is_empty() {
            table.decor_mut().set_prefix("\n");
        }
        let tables = document.entry(key).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        if let Some(tables) = tables.as_array_of_tables_mut() {
            tables.push(table);
            changes.push(format!("« {id} » : ajouté"));
        }
    }
    let text = document.to_string();
    Ok((!changes.is_empty()).then_some(Refreshed { path, text, changes }))
}

/// The file as a document that keeps its spaces and comments.
fn document(path: &str, bytes: &[u8]) -> Result<DocumentMut, Vec<Finding>> {
    let mut sheet = Sheet::new(path);
    let text = text_of(bytes, &mut sheet);
    let findings = sheet.into_findings();
    match text {
        // Bytes that are not as they should be would not be kept as they are.
        Some(text) if findings.is_empty() => text.parse().map_err(|_| {
            let remedy = "lancez « maitrise content check » pour savoir où";
            vec![Finding::of_file(path, "ce n’est pas du TOML valide", remedy)]
        }),
        _ => Err(findings),
    }
}

/// Makes a table say what the cells say; answers the keys that changed.
fn copy_into(table: &mut Table, cells: Cells) -> Vec<&'static str> {
    let mut changed = Vec::new();
    for (key, cell) in cells {
        let held = table.get(key).and_then(Item::as_value).and_then(cell_of);
        if held == cell && (cell.is_some() || !table.contains_key(key)) {
            continue;
        }
        changed.push(key);
        let Some(cell) = cell else {
            table.remove(key);
            continue;
        };
        let mut value = match cell {
            Cell::Text(text) => Value::from(text),
            // A date of chrono is written as TOML writes one.
            Cell::Date(date) => match date.to_string().parse::<toml_edit::Datetime>() {
                Ok(date) => Value::from(date),
                Err(_) => continue,
            },
        };
        if let Some(old) = table.get(key).and_then(Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        table.insert(key, Item::Value(value));
    }
    changed
}

fn cell_of(value: &Value) -> Option<Cell> {
    match value {
        Value::String(text) => Some(Cell::Text(text.value().clone())),
        Value::Datetime(date) => date.value().to_string().parse().ok().map(Cell::Date),
        _ => None,
    }
}

/// The ids that the lessons name as `terme:…`, sorted.
fn linked_terms(tree: &Tree) -> BTreeSet<String> {
    let mut linked = BTreeSet::new();
    for (_, bytes) in tree.iter().filter(|(path, _)| path.starts_with("lessons/")) {
        let arena = Arena::new();
        let text = String::from_utf8_lossy(bytes);
        let Ok(root) = markdown::parse(&arena, &text) else { continue };
        for node in root.descendants() {
            if let NodeValue::Link(link) = &node.data().value
                && let Some(id) = link.url.strip_prefix("terme:")
            {
                linked.insert(id.to_owned());
            }
        }
    }
    linked
}
