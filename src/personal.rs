//! How a room declares the personal data it keeps: which column, why, and for how long.
//!
//! `privacy` (export, erasure, the register of processing) reads these declarations; a test compares
//! them with the schema, so that no personal column can be added in silence.

/// A column that holds personal data (RGPD art. 4(1)), with what article 30 asks to record.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Purpose, in French: the register is read by the DPO.
    pub purpose: &'static str,
    /// Retention, in French.
    pub retention: &'static str,
}

/// How long what proves a training is kept.
pub const PROOF: &str =
    "six ans après la formation (pièces justificatives), puis archives publiques";

/// Columns as one table: `"table"."column", purpose, retention;`.
macro_rules! columns {
    ($($table:literal . $column:literal, $purpose:literal, $retention:expr;)*) => {
        &[$($crate::personal::Column { table: $table, column: $column, purpose: $purpose, retention: $retention },)*]
    };
}

pub(crate) use columns;
