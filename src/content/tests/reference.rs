//! References: what finds a text again, and until when it holds.

use super::super::{Reference, read};
use super::{broken, one_finding, said};

/// The sound manifest's reference, with these lines more.
#[track_caller]
fn with(lines: &str) -> Reference {
    let tree = broken("module.toml", "grade = \"V\"\n", &format!("grade = \"V\"\n{lines}\n"));
    assert_eq!(said(&tree), "");
    read(&tree).expect("sound").manifest.references.remove(0)
}

#[track_caller]
fn refused(line: &str, words: &str) {
    one_finding("module.toml", "grade = \"V\"\n", &format!("grade = \"V\"\n{line}\n"), 30, words);
}

#[test]
fn everything_that_finds_a_text_again_is_read() {
    let lines = "article = \"art. 4\"\neli = \"https://eur-lex.europa.eu/eli/reg/2024/1689/oj\"\n\
                 celex = \"02024R1689-20260727\"\nlegifrance = \"LEGIARTI000047303477\"\n\
                 in_force_from = 2026-07-27\nin_force_to = 2026-07-27\n\
                 superseded_by = \"Règlement (UE) 2026/1744\"\ncheck_by = 2026-12-02";
    let found = with(lines);
    assert_eq!(found.article.as_deref(), Some("art. 4"));
    assert!(found.eli.as_deref().is_some_and(|eli| eli.ends_with("/oj")));
    assert_eq!(found.celex.as_deref(), Some("02024R1689-20260727"));
    assert_eq!(found.legifrance.as_deref(), Some("LEGIARTI000047303477"));
    assert_eq!(found.in_force_from, found.in_force_to);
    assert_eq!(found.superseded_by.as_deref(), Some("Règlement (UE) 2026/1744"));
    assert_eq!(found.check_by.map(|date| date.to_string()).as_deref(), Some("2026-12-02"));
}

#[test]
fn an_identifier_has_the_shape_of_its_register() {
    for good in ["32024R1689", "02016R0679-20160504", "62019CJ0311", "32012R0650R(01)"] {
        with(&format!("celex = \"{good}\""));
    }
    for bad in ["2024R", "R32024", "32024r1689", "32024R1689 ", "CELEX:32024R1689"] {
        refused(&format!("celex = \"{bad}\""), "un numéro comme 32024R1689");
    }
    for good in ["LEGITEXT000031366350", "JORFTEXT000033202746", "CETATEXT000047303477"] {
        with(&format!("legifrance = \"{good}\""));
    }
    for bad in ["LEGIARTI00004730347", "LEGIARTI0000473034777", "KALIARTI000047303477"] {
        refused(&format!("legifrance = \"{bad}\""), "un identifiant comme LEGIARTI");
    }
    refused("eli = \"https://eur-lex.europa.eu/legal\"", "qui contient /eli/");
    refused("eli = \"http://eur-lex.europa.eu/eli/reg\"", "https://");
}

#[test]
fn dates_that_are_reversed_are_told_with_both() {
    refused(
        "in_force_to = 2026-07-26\nin_force_from = 2026-07-27",
        "« in_force_to » (2026-07-26) est avant « in_force_from » (2026-07-27) — échangez",
    );
    refused("check_by = 2026-11-22", "n’est pas après « verified_on » (2026-11-22) — donnez");
}

#[test]
fn an_unknown_key_of_a_reference_is_told_with_the_nearest() {
    refused("in_force_form = 2026-07-27", "vouliez-vous écrire « in_force_from » ?");
    refused("celexe = \"32024R1689\"", "vouliez-vous écrire « celex » ?");
}
