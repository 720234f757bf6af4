//! Reading and linting manifests.

use chrono::NaiveDate;

use super::super::{
    Audience, Grade, Level, Manifest, ModuleCode, PrerequisiteKind, Status, overdue, read,
};
use super::{MANIFEST, broken, one_finding, put, said, sound};

/// One finding in `module.toml`.
#[track_caller]
fn one(from: &str, to: &str, line: u32, words: &str) {
    one_finding("module.toml", from, to, line, words);
}

fn sound_manifest() -> Manifest {
    read(&sound()).expect("a sound module").manifest
}

#[test]
fn a_sound_manifest_gives_its_values() {
    let manifest = sound_manifest();
    assert_eq!(manifest.code.as_str(), "E1");
    assert_eq!(manifest.audiences, [Audience::Elu, Audience::Agent]);
    assert_eq!((manifest.level, manifest.status), (Level::Awareness, Status::Complete));
    assert_eq!((manifest.duration_minutes, manifest.activity_minutes), (11, 10));
    assert_eq!(manifest.recommendations, [1, 8]);
    assert_eq!((manifest.pass_mark_percent, manifest.attempt_limit), (80, None));
    assert_eq!(manifest.prerequisites[0].any_of[0].as_str(), "C1");
    assert_eq!(manifest.prerequisites[0].kind, PrerequisiteKind::Advised);
    assert_eq!(manifest.references[0].grade, Grade::V);
    assert_eq!(NaiveDate::from_ymd_opt(2027, 2, 22), Some(manifest.review_by));
}

#[test]
fn a_manifest_survives_json() {
    let manifest = sound_manifest();
    let json = serde_json::to_value(&manifest).expect("serialised");
    assert_eq!(json["audiences"][0], "elu");
    assert_eq!(json["references"][0]["grade"], "V");
    assert_eq!(json["verified_on"], "2026-11-22");
    assert_eq!(serde_json::from_value::<Manifest>(json).expect("read"), manifest);
}

#[test]
fn past_a_hundred_problems_a_file_has_one_last_finding_that_counts_the_others() {
    let keys: String = (0..40_000).map(|n| format!("titl{n} = 1\n")).collect();
    let mut tree = sound();
    put(&mut tree, "module.toml", &(keys + MANIFEST));
    let said = said(&tree);
    assert_eq!(said.lines().count(), 101, "{said}");
    assert!(said.lines().take(100).all(|line| line.contains("clé inconnue « titl")), "{said}");
    let last = said.lines().last().expect("a line");
    assert!(last.contains(": et 39900 autres anomalies dans ce fichier — corrigez les"), "{last}");
}

#[test]
fn a_hundred_problems_are_all_told_and_the_next_one_is_counted() {
    let with = |count| {
        let keys: String = (0..count).map(|n| format!("titl{n} = 1\n")).collect();
        let mut tree = sound();
        put(&mut tree, "module.toml", &(keys + MANIFEST));
        said(&tree)
    };
    assert!(with(100).lines().count() == 100 && !with(100).contains("autre"));
    assert!(with(101).ends_with(
        ": et une autre anomalie dans ce fichier — corrigez les premières, puis vérifiez à nouveau"
    ));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    one("language = \"fr\"", "language = \"fr\"\nattempts_limit = 3", 8, "« attempt_limit »");
    one(
        "language = \"fr\"",
        "language = \"fr\"\npass-mark-percent = 3",
        8,
        "« pass_mark_percent »",
    );
    one("language = \"fr\"", "language = \"fr\"\nzzz = 3", 8, "clés connues : code");
    one("kind = \"advised\"", "kind = \"advised\"\nmodul = 1", 24, "« module »");
    one("id = \"ria-4\"", "id = \"ria-4\"\nurI = 1", 27, "« url »");
}

#[test]
fn a_missing_key_is_named_with_its_table() {
    let said_of_root = said(&broken("module.toml", "title = \"L’IA à la mairie\"\n", ""));
    assert!(said_of_root.starts_with("module.toml: la clé « title » manque — "), "{said_of_root}");
    one("kind = \"advised\"", "", 21, "« kind » manque dans [[prerequisite]] n° 1");
    one("grade = \"V\"\n", "", 25, "« grade » manque dans [[reference]] n° 1");
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    one(
        "title = \"L’IA à la mairie\"",
        "title = 3",
        2,
        "est un nombre entier, un texte est attendu",
    );
    one("duration_minutes = 11", "duration_minutes = \"11\"", 9, "un nombre entier est attendu");
    one("duration_minutes = 11", "duration_minutes = 11.0", 9, "est un nombre à virgule");
    one("verified_on = 2026-11-22", "verified_on = \"2026-11-22\"", 17, "une date seule");
    one("verified_on = 2026-11-22", "verified_on = 2026-11-22T10:00:00Z", 17, "une date seule");
    one("themes = [\"ia\"]", "themes = \"ia\"", 13, "une liste est attendu");
    one("themes = [\"ia\"]", "themes = [\"ia\", 2]", 13, "« themes » est un nombre entier");
}

#[test]
fn the_value_rules_of_the_format_are_enforced() {
    one("\"E1\"", "\"e1\"", 1, "une majuscule, puis");
    one("L’IA à la mairie", &"a".repeat(151), 2, "compte 151 caractères");
    one("Pour commencer.", " ", 3, "est vide");
    one("local:maitrise", "maitrise", 4, "local:maitrise");
    one("[\"elu\", \"agent\"]", "[]", 5, "compte 0 élément");
    one("\"agent\"]", "\"agents\"]", 5, "vouliez-vous écrire « agent »");
    one("\"agent\"]", "\"elu\"]", 5, "deux fois");
    one("awareness", "sensibilisation", 6, "awareness, training");
    one("\"fr\"", "\"français\"", 7, "compte 8 caractères");
    one("[1, 8]", "[1, 12]", 12, "de 1 à 11");
    one("[\"ia\"]", "[\"IA\"]", 13, "vaut « IA »");
    one("formation@maitrise.example", "formation", 16, "adresse électronique");
    one("url = \"https", "url = \"http", 28, "https://");
    one("id = \"ria-4\"", "id = \"RIA 4\"", 26, "minuscules");
    one("language = \"fr\"", "language = \"fr\"\npass_mark_percent = 101", 8, "de 1 à 100");
    one("language = \"fr\"", "language = \"fr\"\nattempt_limit = 0", 8, "de 1 à");
    one("language = \"fr\"", "language = \"fr\"\nattempt_pause_minutes = 43201", 8, "de 1 à 43");
    one("language = \"fr\"", "language = \"fr\"\nattempt_time_minutes = 0", 8, "de 1 à 600");
    one("L’IA à la", "L’IA\\u0007 à la", 2, "caractère de contrôle");
    one("L’IA à la", "L’IA\\n à la", 2, "une seule ligne");
}

#[test]
fn the_review_must_come_after_the_verification() {
    one("review_by = 2027-02-22", "review_by = 2026-11-22", 18, "n’est pas après");
    one("review_by = 2027-02-22", "review_by = 2027-02-30", 18, "TOML");
}

#[test]
fn references_and_prerequisites_are_written_once() {
    let reference = "[[reference]]\nid = \"ria-4\"\ntext = \"x\"\ngrade = \"S\"\nverified_on = 2026-11-22\n\n[[reference]]\n";
    one("[[reference]]\n", reference, 31, "« ria-4 » est écrite deux fois");
    let twice = "[[prerequisite]]\nmodule = \"C1\"\nkind = \"required\"\n[[prerequisite]]\n";
    one("[[prerequisite]]\n", twice, 24, "C1 est écrit deux fois");
    one("\"C1\"", "\"E1\"", 21, "lui-même");
    one("[[prerequisite]]", "[prerequisite]", 21, "une suite de tables est attendue");
}

#[test]
fn a_prerequisite_may_be_any_one_of_several_modules() {
    let tree = broken("module.toml", "module = \"C1\"", "any_of = [\"C1\", \"A1\"]");
    let manifest = read(&tree).expect("sound").manifest;
    let codes: Vec<&str> =
        manifest.prerequisites[0].any_of.iter().map(ModuleCode::as_str).collect();
    assert_eq!(codes, ["C1", "A1"]);
    one("module = \"C1\"\n", "", 21, "la clé « module » manque");
    let both = "module = \"C1\"\nany_of = [\"C1\", \"A1\"]";
    one("module = \"C1\"", both, 23, "est écrit en plus de « module »");
    one("module = \"C1\"", "any_of = [\"C1\"]", 22, "donnez-en de 2 à 8");
    one("module = \"C1\"", "any_of = [\"C1\", \"C1\"]", 22, "deux fois la même valeur");
    one("module = \"C1\"", "any_of = [\"C1\", \"E1\"]", 21, "lui-même");
    one("module = \"C1\"", "any_of = [\"C1\", \"c2\"]", 22, "une majuscule");
    let twice = "[[prerequisite]]\nany_of = [\"A1\", \"C1\"]\nkind = \"required\"\n[[prerequisite]]\nany_of = [\"C1\", \"A1\"]\nkind = \"advised\"\n[[prerequisite]]\n";
    one("[[prerequisite]]\n", twice, 24, "C1 ou A1 est écrit deux fois");
}

#[test]
fn a_module_may_have_a_code_of_its_provider_and_a_validity() {
    let lines = "language = \"fr\"\nexternal_code = \"CAT 2026/12\"\nvalidity = \"P1Y6M\"";
    let manifest =
        read(&broken("module.toml", "language = \"fr\"", lines)).expect("sound").manifest;
    assert_eq!(manifest.external_code.as_deref(), Some("CAT 2026/12"));
    assert_eq!(manifest.validity.map(|v| v.to_string()).as_deref(), Some("P1Y6M"));
    assert_eq!(sound_manifest().validity, None);
    let with = |line: &str| format!("language = \"fr\"\n{line}");
    let long = format!("external_code = \"{}\"", "x".repeat(61));
    one("language = \"fr\"", &with(&long), 8, "compte 61 caractères");
    for bad in ["P0D", "2Y", "P11Y", "P1W", "PT1H"] {
        let line = with(&format!("validity = \"{bad}\""));
        one("language = \"fr\"", &line, 8, "une durée s’écrit comme « P2Y »");
    }
    one("language = \"fr\"", &with("validity = 2"), 8, "un texte est attendu");
}

#[test]
fn a_syntax_error_is_told_in_french_with_its_line() {
    one("title = \"L’IA à la mairie\"", "title = \"L’IA à la mairie", 2, "texte mal fermé");
    one("language = \"fr\"", "language = \"fr\"\nlanguage = \"fr\"", 8, "écrite deux fois");
    one("level = \"awareness\"", "level = awareness", 6, "entre guillemets droits");
    one("level = \"awareness\"", "level \"awareness\"", 6, "TOML");
}

#[test]
fn all_problems_are_told_at_once_in_order() {
    let tree = broken(
        "module.toml",
        "title = \"L’IA à la mairie\"\nsummary = \"Pour commencer.\"",
        "title = 3\nsumary = \"Pour commencer.\"",
    );
    let said = said(&tree);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("« summary » manque"));
    assert!(lines[1].starts_with("module.toml:2:"));
    assert!(lines[2].contains("vouliez-vous écrire « summary »"));
}

#[test]
fn a_manifest_is_overdue_the_day_after_its_review_date() {
    let manifest = sound_manifest();
    assert!(!overdue(&manifest, manifest.review_by));
    let next = manifest.review_by.succ_opt().expect("a next day");
    assert!(overdue(&manifest, next));
}

#[test]
fn a_module_code_is_read_as_written_or_not_at_all() {
    for good in ["E", "E1", "PREMIERS-PAS", &"A".repeat(24)] {
        assert_eq!(ModuleCode::parse(good).expect("a code").to_string(), good);
    }
    for bad in ["", "e1", "1E", "-E", "E 1", "E_1", "É1", &"A".repeat(25)] {
        assert!(ModuleCode::parse(bad).is_err(), "{bad}");
        let json = serde_json::to_string(bad).expect("serialised");
        assert!(serde_json::from_str::<ModuleCode>(&json).is_err(), "{bad}");
    }
}

#[test]
fn every_word_reads_back_as_itself() {
    for &(word, audience) in Audience::WORDS {
        assert_eq!((audience.as_str(), Audience::parse(word)), (word, Some(audience)));
    }
    assert_eq!(Audience::parse("maire"), None);
    assert_eq!(Grade::S.to_string(), "S");
}
