//! Learning paths: their own rules, and what is said of them beside the modules.

use super::super::{
    Audience, LearningPath, Minutes, ModuleCode, PATHS_PATH, PathMinutes, PathOrder, Tree,
    read_paths,
};
use super::{MANIFEST, put, sound};

pub(super) const PATHS: &str = r#"# Les parcours.

[[path]]
code = "AGENTS"
title = "Pour les agents"
summary = "Pour commencer."
audiences = ["agent"]
outcomes = ["Savoir vérifier une réponse."]
order = "ordered"

[[path.module]]
any_of = ["E1", "A1"]

[[path.module]]
module = "A2"

[[path.module]]
module = "A3"
optional = true
"#;

/// A module of that code, for these audiences, with these lines at the end of its manifest.
fn module(code: &str, audiences: &str, more: &str) -> (String, Tree) {
    let mut tree = sound();
    let manifest = MANIFEST.replacen("\"E1\"", &format!("\"{code}\""), 1).replacen(
        "[\"elu\", \"agent\"]",
        audiences,
        1,
    );
    put(&mut tree, "module.toml", &format!("{manifest}{more}"));
    (code.to_owned(), tree)
}

/// E1 for élus, A1 to A3 for agents, none of which requires another.
fn modules() -> Vec<(String, Tree)> {
    let elu = module("E1", "[\"elu\"]", "");
    let agents = ["A1", "A2", "A3"].map(|code| module(code, "[\"agent\"]", ""));
    std::iter::once(elu).chain(agents).collect()
}

/// The same, where that module requires what these lines say.
fn modules_where(code: &str, asks: &str) -> Vec<(String, Tree)> {
    let required = format!("\n[[prerequisite]]\n{asks}\nkind = \"required\"\n");
    let mut all = modules();
    all.retain(|(folder, _)| folder != code);
    all.push(module(code, "[\"agent\"]", &required));
    all
}

fn said_beside(text: &str, trees: &[(String, Tree)]) -> Vec<String> {
    let (_, findings) = read_paths(text.as_bytes(), trees);
    assert!(findings.iter().all(|finding| finding.path == PATHS_PATH));
    findings.iter().map(ToString::to_string).collect()
}

fn said(text: &str) -> Vec<String> {
    said_beside(text, &modules())
}

fn changed(from: &str, to: &str) -> String {
    assert!(PATHS.contains(from), "« {from} » is not there");
    PATHS.replacen(from, to, 1)
}

/// Asserts that the change gives exactly one finding, at that line, with these words.
#[track_caller]
fn one_finding(from: &str, to: &str, line: u32, words: &str) {
    let said = said(&changed(from, to));
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].starts_with(&format!("{PATHS_PATH}:{line}: ")), "{said:?}");
    assert!(said[0].contains(words), "{said:?}");
}

/// The one path of a sound text.
fn path(text: &str) -> LearningPath {
    let (mut paths, findings) = read_paths(text.as_bytes(), &modules());
    assert_eq!((paths.len(), findings), (1, Vec::new()));
    paths.remove(0)
}

#[test]
fn a_sound_path_is_read_whole() {
    let path = path(PATHS);
    assert_eq!((path.code.as_str(), path.order), ("AGENTS", PathOrder::Ordered));
    assert_eq!(path.audiences, [Audience::Agent]);
    assert_eq!(
        (path.title.as_str(), path.summary.as_str()),
        ("Pour les agents", "Pour commencer.")
    );
    assert_eq!(path.outcomes, ["Savoir vérifier une réponse."]);
    let steps: Vec<(String, bool)> = path
        .steps
        .iter()
        .map(|step| {
            let codes: Vec<&str> = step.any_of.iter().map(ModuleCode::as_str).collect();
            (codes.join("|"), step.optional)
        })
        .collect();
    let steps: Vec<(&str, bool)> = steps.iter().map(|(codes, o)| (codes.as_str(), *o)).collect();
    assert_eq!(steps, [("E1|A1", false), ("A2", false), ("A3", true)]);
}

#[test]
fn minutes_are_added_up_and_a_choice_makes_a_range() {
    let announced = |code: &ModuleCode| match code.as_str() {
        "E1" => 22,
        "A1" => 25,
        "A2" => 30,
        _ => 7,
    };
    let minutes = |least, most| Minutes { least, most };
    let path = path(PATHS);
    let sums =
        PathMinutes { total: minutes(59, 62), required: minutes(52, 55), optional: minutes(7, 7) };
    assert_eq!(path.minutes(announced), sums);
    assert_eq!(path.steps[0].minutes(announced), minutes(22, 25));
}

#[test]
fn each_key_has_its_rule() {
    for (from, to, line, words) in [
        ("\"AGENTS\"", "\"agents\"", 4, "« code » vaut « agents » — écrivez 1 à 24 caractères"),
        ("\"AGENTS\"", "\"ABCDEFGHIJKLMNOPQRSTUVWXY\"", 4, "compte 25 caractères"),
        ("\"Pour les agents\"", "\"\"", 5, "« title » est vide"),
        ("[\"agent\"]", "[\"agents\"]", 7, "vouliez-vous écrire « agent » ?"),
        ("[\"Savoir vérifier une réponse.\"]", "[]", 8, "compte 0 élément(s) — donnez-en de 1 à 8"),
        ("\"ordered\"", "\"orderd\"", 9, "vouliez-vous écrire « ordered » ?"),
        ("order = \"ordered\"\n", "", 3, "la clé « order » manque dans [[path]] n° 1"),
        ("summary", "sumary", 6, "vouliez-vous écrire « summary » ?"),
        ("optional = true", "optional = 1", 19, "« true » ou « false » est attendu"),
        ("optional = true", "minutes = 30", 19, "clé inconnue « minutes »"),
        ("module = \"A2\"\n", "", 14, "la clé « module » manque dans ce [[path.module]]"),
        ("module = \"A2\"", "module = \"a2\"", 15, "un code de module compte 1 à 24"),
        ("Pour commencer.", "[À COMPLÉTER : pour qui]", 6, "reste à compléter : pour qui"),
    ] {
        let said = said(&changed(from, to));
        let place = format!("{PATHS_PATH}:{line}: ");
        let found = said.iter().any(|one| one.starts_with(&place) && one.contains(words));
        assert!(found, "{to}: {words}\n{said:#?}");
    }
}

#[test]
fn every_problem_is_told_at_once_and_none_echoes() {
    let text = PATHS
        .replacen("title = \"Pour les agents\"\n", "", 1)
        .replacen("\"ordered\"", "\"sorted\"", 1)
        .replacen("\"A2\"", "\"A9\"", 1)
        .replacen("\"agent\"", "\"cadre\"", 1);
    let said = said(&text);
    let starts = [":3: la clé « title » manque", ":8: « order » vaut", ":14: le module « A9 »"];
    assert_eq!(said.len(), starts.len(), "the audience waits for A9: {said:#?}");
    for (one, start) in said.iter().zip(starts) {
        assert!(one.starts_with(&format!("{PATHS_PATH}{start}")), "{said:#?}");
    }
}

#[test]
fn a_file_without_a_path_or_that_is_no_toml_is_told_by_its_place() {
    for (bytes, words) in [
        (&b"# vide\n"[..], ": le fichier n’a aucun parcours"),
        (b"[[path]]\ncode = \n", ":2: "),
        (b"# \xe9\n", ":1: le fichier n’est pas en UTF-8"),
        (b"path = 3\n", ":1: « path » est un nombre entier"),
    ] {
        let (paths, findings) = read_paths(bytes, &modules());
        assert!(paths.is_empty());
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|one| one.contains(words)), "{words}: {said:?}");
    }
}

#[test]
fn a_path_has_two_to_twenty_steps() {
    let step = |n: usize| format!("\n[[path.module]]\nmodule = \"B{n}\"\n");
    let head = PATHS.split_once("\n[[path.module]]").expect("a step").0;
    for (count, is_sound) in [(0, false), (1, false), (2, true), (20, true), (21, false)] {
        let text = head.to_owned() + &(0..count).map(step).collect::<String>();
        let many: Vec<_> =
            (0..count).map(|n| module(&format!("B{n}"), "[\"agent\"]", "")).collect();
        let said = said_beside(&text, &many);
        if is_sound {
            assert_eq!(said, Vec::<String>::new());
            continue;
        }
        let words = format!(":3: le parcours compte {count} étape(s) — donnez-en de 2 à 20");
        assert!(said.len() == 1 && said[0].contains(&words), "{said:?}");
    }
}

#[test]
fn no_module_is_twice_in_a_path_even_as_an_alternative() {
    one_finding("\"A3\"", "\"A2\"", 17, "le module « A2 » est deux fois dans le parcours");
    one_finding("module = \"A3\"", "any_of = [\"A3\", \"E1\"]", 17, "« E1 » est deux fois");
    one_finding("[\"E1\", \"A1\"]", "[\"A1\", \"A1\"]", 12, "deux fois la même valeur");
}

#[test]
fn a_code_names_one_path_and_no_module() {
    let (_, first) = PATHS.split_once("\n\n").expect("a comment");
    let said = said(&format!("{PATHS}\n{first}"));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(":21: le parcours « AGENTS » est écrit deux fois"), "{said:?}");
    one_finding("\"AGENTS\"", "\"E1\"", 4, "« E1 » est déjà celui d’un module");
}

#[test]
fn a_module_that_does_not_exist_is_told_with_the_nearest_that_the_path_has_not() {
    let four = [modules(), vec![module("A4", "[\"agent\"]", "")]].concat();
    let said = said_beside(&changed("\"A2\"", "\"A5\""), &four);
    let words = ":15: le module « A5 » n’existe pas — vouliez-vous écrire « A2 » ?";
    assert_eq!(said, [format!("{PATHS_PATH}{words}")]);
    one_finding("\"A3\"", "\"ZZZ9\"", 18, "« ZZZ9 » n’existe pas — corrigez le code");
    one_finding("[\"E1\", \"A1\"]", "[\"E1\", \"QQQ\"]", 12, "« QQQ » n’existe pas");
}

#[test]
fn a_module_whose_manifest_cannot_be_read_is_not_called_unknown() {
    let mut trees = modules();
    put(&mut trees[2].1, "module.toml", "code = ");
    assert_eq!(said_beside(PATHS, &trees), Vec::<String>::new());
}

#[test]
fn an_ordered_path_puts_no_module_before_one_that_it_requires() {
    let told = |text: &str, code: &str, asks: &str| said_beside(text, &modules_where(code, asks));
    let nothing = Vec::<String>::new();
    let late = told(PATHS, "A2", "module = \"A3\"");
    let words = ":15: « A2 » demande « A3 », qui ne vient pas avant — placez « A3 » avant « A2 »";
    assert_eq!(late, [format!("{PATHS_PATH}{words}")]);
    assert_eq!(told(&changed("\"ordered\"", "\"free\""), "A2", "module = \"A3\""), nothing);

    assert_eq!(told(PATHS, "A3", "module = \"A2\""), nothing, "it comes before");
    assert_eq!(told(PATHS, "A2", "any_of = [\"A1\", \"A3\"]"), nothing, "one of them does");
    assert_eq!(told(PATHS, "A2", "module = \"C1\""), nothing, "the path has nothing to say of it");

    let beside = told(PATHS, "A1", "module = \"E1\"");
    assert_eq!(beside.len(), 1, "{beside:?}");
    assert!(beside[0].contains(":12: « A1 » demande « E1 »"), "{beside:?}");
    assert!(beside[0].ends_with("donnez à « E1 » une étape à lui, avant celle-ci"), "{beside:?}");
}

#[test]
fn a_module_may_come_before_one_that_it_only_advises() {
    let advised = "\n[[prerequisite]]\nmodule = \"A3\"\nkind = \"advised\"\n";
    let mut trees = modules();
    trees[2] = module("A2", "[\"agent\"]", advised);
    assert_eq!(said_beside(PATHS, &trees), Vec::<String>::new());
}

#[test]
fn an_audience_is_addressed_by_some_module_of_the_path() {
    assert_eq!(said(&changed("[\"agent\"]", "[\"elu\", \"agent\"]")), Vec::<String>::new());
    let words = "aucun module du parcours ne s’adresse au public « cadre » — retirez ce public";
    one_finding("[\"agent\"]", "[\"agent\", \"cadre\"]", 7, words);
}

#[test]
fn a_thousand_steps_and_paths_are_read_to_their_end() {
    let step = "\n[[path.module]]\nmodule = \"E9\"\n";
    let wide = format!("{PATHS}{}", step.repeat(1_000));
    let long = format!("any_of = [{}]", "\"E1\",".repeat(10_000));
    for text in [wide, PATHS.repeat(500), changed("any_of = [\"E1\", \"A1\"]", &long)] {
        assert!(!said(&text).is_empty());
    }
}

#[test]
fn a_path_is_provided_by_who_provides_its_modules_or_says_by_whom() {
    assert_eq!(path(PATHS).provider, "local:maitrise");
    let said_so = changed("order = \"ordered\"", "order = \"ordered\"\nprovider = \"cdg:CDG-35\"");
    assert_eq!(path(&said_so).provider, "cdg:CDG-35");
    let mut trees = modules();
    let other =
        MANIFEST.replacen("\"E1\"", "\"A2\"", 1).replacen("local:maitrise", "cdg:CDG-35", 1);
    put(&mut trees[2].1, "module.toml", &other);
    let said = said_beside(PATHS, &trees);
    let words =
        ":3: les modules du parcours ont plusieurs fournisseurs : cdg:CDG-35, local:maitrise";
    assert!(said.len() == 1 && said[0].starts_with(&format!("{PATHS_PATH}{words}")), "{said:?}");
    assert_eq!(said_beside(&said_so, &trees), Vec::<String>::new(), "said, it is not guessed");
}

/// The sound text, its path asking for what these lines say.
fn asking(lines: &str) -> String {
    format!("{PATHS}\n[[path.prerequisite]]\n{lines}\n")
}

#[test]
fn a_path_asks_for_modules_that_exist_as_a_module_does() {
    let four = [modules(), vec![module("B1", "[\"agent\"]", "")]].concat();
    let sound = asking("any_of = [\"B1\", \"A3\"]\nkind = \"required\"");
    let (paths, findings) = read_paths(sound.as_bytes(), &four);
    assert_eq!(findings, Vec::new());
    let codes: Vec<&str> =
        paths[0].prerequisites[0].any_of.iter().map(ModuleCode::as_str).collect();
    assert_eq!(codes, ["B1", "A3"]);
    let unknown = said(&asking("module = \"B9\"\nkind = \"required\""));
    let words = ":22: le préalable obligatoire « B9 » n’existe pas";
    assert!(unknown.len() == 1 && unknown[0].contains(words), "{unknown:?}");
    assert_eq!(said(&asking("module = \"B9\"\nkind = \"advised\"")), Vec::<String>::new());
    let vague = said(&asking("module = \"B9\""));
    assert!(vague.len() == 1 && vague[0].contains("la clé « kind » manque"), "{vague:?}");
    let nine = (0..9).map(|n| format!("module = \"B{n}\"\nkind = \"advised\""));
    let nine = nine.collect::<Vec<_>>().join("\n\n[[path.prerequisite]]\n");
    let many = said(&asking(&nine));
    assert!(many.len() == 1 && many[0].contains("compte 9 préalables"), "{many:?}");
}

#[test]
fn nobody_has_to_follow_a_path_before_they_may_begin_it() {
    let circle = |text: &str, trees: &[(String, Tree)]| {
        let said = said_beside(text, trees);
        said.iter().filter(|one| one.contains("ramène au parcours")).count()
    };
    let requires = |code: &str| asking(&format!("module = \"{code}\"\nkind = \"required\""));
    assert_eq!(circle(&requires("A2"), &modules()), 1, "one of its own");
    let behind = "\n[[prerequisite]]\nmodule = \"A2\"\nkind = \"required\"\n";
    let outside = [modules(), vec![module("B1", "[\"agent\"]", behind)]].concat();
    assert_eq!(circle(&requires("B1"), &outside), 1, "B1 asks for A2, which is of the path");
    let either = "\n[[prerequisite]]\nany_of = [\"A2\", \"B2\"]\nkind = \"required\"\n";
    let way_round =
        [modules(), vec![module("B1", "[\"agent\"]", either), module("B2", "[\"agent\"]", "")]]
            .concat();
    assert_eq!(circle(&requires("B1"), &way_round), 0, "B2 will do");
    let advised = asking("module = \"A2\"\nkind = \"advised\"");
    assert_eq!(said(&advised), Vec::<String>::new(), "what is advised keeps nobody out");
}

#[test]
fn a_path_asks_for_something() {
    let optional = PATHS
        .replace("module = \"A2\"\n", "module = \"A2\"\noptional = true\n")
        .replace("any_of = [\"E1\", \"A1\"]\n", "any_of = [\"E1\", \"A1\"]\noptional = true\n");
    let said = said(&optional);
    let words = ":3: toutes les étapes du parcours sont facultatives";
    assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
}
