//! The TOML parser's English, said in French: authors are trainers and jurists.

/// French for one message of the parser; the English is kept, in brackets, when it is not known.
pub(super) fn syntax_message(english: &str) -> String {
    let head = english.split(", expected ").next().unwrap_or(english);
    let known = KNOWN.iter().find(|(start, _)| head.starts_with(start));
    known.map_or_else(
        || format!("ce n’est pas du TOML valide ({english})"),
        |(_, french)| format!("TOML : {french}"),
    )
}

/// Beginnings of `toml` 1's messages, the ones a person writing by hand meets.
const KNOWN: &[(&str, &str)] = &[
    ("duplicate key", "cette clé est écrite deux fois"),
    ("cannot extend value", "cette clé a déjà une valeur qui ne peut pas être complétée"),
    ("string values must be quoted", "un texte s’écrit entre guillemets droits"),
    ("missing opening quote", "il manque le guillemet ouvrant"),
    ("invalid basic string", "texte mal fermé : il manque un guillemet droit"),
    ("invalid multi-line basic string", "texte mal fermé : il manque \"\"\""),
    ("invalid literal string", "texte mal fermé : il manque une apostrophe droite"),
    ("missing escaped value", "barre oblique inverse « \\ » mal employée dans un texte"),
    ("key with no value", "cette clé n’a pas de valeur"),
    ("missing value", "il manque une valeur"),
    ("invalid value", "cette valeur n’est pas lisible"),
    ("missing assignment", "il manque le signe « = »"),
    ("extra `=`", "signe « = » en trop"),
    ("extra assignment", "signe « = » en trop"),
    ("extra comma", "virgule en trop"),
    ("missing comma", "il manque une virgule"),
    ("unclosed array table", "il manque « ]] » à la fin de la ligne"),
    ("unclosed array", "il manque « ] » à la fin de la liste"),
    ("unclosed table", "il manque « ] » à la fin de la ligne"),
    ("unclosed inline table", "il manque « } »"),
    ("missing array opening", "« ] » sans « [ » qui l’ouvre"),
    ("invalid unquoted key", "cette clé contient un caractère interdit"),
    ("unquoted keys cannot be empty", "il manque le nom de la clé"),
    ("invalid key-value pair", "cette ligne n’est pas de la forme « clé = valeur »"),
    ("unexpected key or value", "la ligne contient plus qu’une clé et une valeur"),
    ("unexpected content", "la ligne contient quelque chose en trop"),
    ("unexpected leading zero", "un nombre ne commence pas par un zéro"),
    ("cannot recurse further", "listes ou tables trop imbriquées"),
    ("recursion limit", "listes ou tables trop imbriquées"),
];
