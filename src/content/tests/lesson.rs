//! Reading and linting lessons.

use super::super::{read, words};
use super::{LESSON, broken, one_finding, put, said, sound};

const PATH: &str = "lessons/01-histoires.md";

/// One finding in the first lesson when its last lines are followed by `tail` (line 17 on).
#[track_caller]
fn one_at_the_end(tail: &str, line: u32, words: &str) {
    let note = "[^1]: Dite en bas.\n";
    one_finding(PATH, note, &format!("{note}\n{tail}\n"), line, words);
}

#[test]
fn a_sound_lesson_gives_its_title_body_and_slug_in_order() {
    let module = read(&sound()).expect("a sound module");
    let slugs: Vec<&str> = module.lessons.iter().map(|l| l.slug.as_str()).collect();
    assert_eq!(slugs, ["01-histoires", "02-suite"]);
    assert_eq!(module.lessons[0].title, "Trois histoires");
    assert!(module.lessons[0].markdown.starts_with("\n## Une définition\n"));
    assert!(!module.lessons[0].markdown.contains("+++"));
}

#[test]
fn the_front_matter_is_demanded_and_its_keys_checked() {
    one_finding(PATH, "+++\ntitle", "title", 1, "l’en-tête manque");
    one_finding(PATH, "\"\n+++\n", "\"\n++++\n", 1, "l’en-tête manque");
    let said = said(&broken(PATH, "title =", "titre ="));
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("la clé « title » manque"), "{said}");
    assert!(said.contains(":2: clé inconnue « titre » — vouliez-vous écrire « title »"), "{said}");
}

#[test]
fn headings_start_at_level_2_and_skip_none() {
    one_at_the_end("# Un", 17, "titre de niveau 1");
    one_at_the_end("#### Quatre", 17, "titre de niveau 4 après le niveau 2");
    one_at_the_end("##", 17, "titre vide");
    one_finding(PATH, "## Une définition", "### Une définition", 5, "niveau 3 après le niveau 1");
    let down_and_up = format!("{LESSON}\n### A\n\n#### B\n\n## C\n");
    let mut tree = sound();
    put(&mut tree, PATH, &down_and_up);
    assert_eq!(said(&tree), "");
}

#[test]
fn raw_html_is_refused_in_blocks_and_in_lines() {
    one_at_the_end("<div>bloc</div>", 17, "du HTML");
    one_at_the_end("<!-- caché -->", 17, "du HTML");
    one_finding(PATH, "Une note", "Une<br>note", 13, "du HTML");
    let mut tree = sound();
    put(&mut tree, PATH, &format!("{LESSON}\nLa balise `<br>` se montre.\n"));
    assert_eq!(said(&tree), "");
}

#[test]
fn a_link_leads_to_https_mailto_an_anchor_or_a_lesson() {
    for bad in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "http://mairie.example",
        "//mairie.example",
        "ftp://mairie.example",
        "https:/mairie.example",
        "/modules",
        "../02-suite.md",
        "module.toml",
    ] {
        one_at_the_end(&format!("Voir [ici]({bad})."), 17, "adresse refusée");
    }
    one_at_the_end("Voir [ici](03-rien.md).", 17, "n’existe pas dans ce module");
    one_at_the_end("Voir [ici](#rien).", 17, "aucun titre de cette leçon");
    one_at_the_end("Voir [](https://mairie.example).", 17, "n’a pas de texte");
    one_at_the_end("Voir [ici][r].\n\n[r]: http://mairie.example", 17, "adresse refusée");
    one_at_the_end("Voir <http://mairie.example>.", 17, "adresse refusée");
}

#[test]
fn an_anchor_may_be_written_percent_encoded() {
    let tree = broken(PATH, "#une-définition", "#une-d%C3%A9finition");
    assert_eq!(said(&tree), "");
}

#[test]
fn an_image_needs_a_text_and_a_file_of_the_module() {
    let both = said(&broken(PATH, "Une note", "![](https://x.example/a.png)"));
    assert_eq!(both.lines().count(), 2, "{both}");
    assert!(both.contains("texte de remplacement") && both.contains("vient d’ailleurs"), "{both}");
    one_at_the_end("![Un plan](plan.png)", 17, "n’existe pas");
}

#[test]
fn a_table_names_each_of_its_columns() {
    one_finding(PATH, "| Terme | Sens |", "| Terme | |", 9, "en-tête du tableau est vide");
}

#[test]
fn every_footnote_is_called_and_defined() {
    one_at_the_end("Une autre[^2].", 17, "appelée sans être définie");
    one_at_the_end("[^2]: Perdue.", 17, "n’est appelée nulle part");
    let twice = "[^1]: Dite en bas.\n\n[^1]: Et encore.\n";
    let said = said(&broken(PATH, "[^1]: Dite en bas.\n", twice));
    assert!(said.contains("définie deux fois"), "{said}");
    let first =
        super::said(&broken(PATH, "## Une définition", "[^1]: Avant.\n\n## Une définition"));
    assert!(first.contains(":5: cette note"), "{first}");
    let mut tree = sound();
    put(&mut tree, PATH, &format!("{LESSON}\nLe code `[^3]` se montre.\n"));
    assert_eq!(super::said(&tree), "");
}

#[test]
fn footnotes_are_called_a_reasonable_number_of_times() {
    let calls = |count| format!("{LESSON}\n{}\n", "[^1] ".repeat(count));
    // Two are in the lesson: one call, one definition.
    let said = |count| {
        let mut tree = sound();
        put(&mut tree, PATH, &calls(count));
        super::said(&tree)
    };
    assert_eq!(said(998), "");
    assert!(said(999).contains(&format!("{PATH}:17: plus de 1000 notes")), "{}", said(999));
}

#[test]
fn a_list_of_three_hundred_levels_is_a_finding_at_its_line() {
    let stairs: String = (0..300).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
    one_at_the_end(&stairs, 117, "plus de 20 niveaux de listes");
}

#[test]
fn deep_nesting_is_a_finding_not_a_slow_page() {
    one_at_the_end(&format!("{}x", "> ".repeat(21)), 17, "20 niveaux");
    one_at_the_end(&format!("{}x", "- ".repeat(21)), 17, "20 niveaux");
    let stairs: String = (0..21).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
    one_at_the_end(&stairs, 37, "20 niveaux");
    let mut tree = sound();
    put(&mut tree, PATH, &format!("{LESSON}\n{}x\n", "> ".repeat(20)));
    assert_eq!(said(&tree), "");
}

#[test]
fn an_empty_lesson_is_refused() {
    let mut tree = broken(PATH, "", "");
    put(&mut tree, PATH, "+++\ntitle = \"Vide\"\n+++\n");
    assert!(said(&tree).contains("01-histoires.md:3: la leçon est vide"), "{}", said(&tree));
}

#[test]
fn words_are_those_a_reader_reads() {
    assert_eq!(words(""), 0);
    assert_eq!(words("## Un titre\n\nL’élu *dé*cide."), 4);
    assert_eq!(words("« Oui » : 3 – non !"), 3);
    assert_eq!(words("insécable\u{a0}: fine\u{202f}!"), 2);
    assert_eq!(words("[deux mots](https://mairie.example/pas/ceci)"), 2);
    assert_eq!(words("| a | b |\n|---|---|\n| c | d |"), 4);
    assert_eq!(words("- un\n- deux\n  trois"), 3);
    assert_eq!(words("un[^n]\n\n[^n]: deux trois\n\n[^x]: jamais appelée"), 3);
    assert_eq!(words("`un` deux\n\n```\ntrois quatre\n```"), 4);
    assert_eq!(words("![une image](x.png)"), 2);
}
