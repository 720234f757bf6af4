//! The sheet of a module as a form: it writes what was typed, keeps the rest of the file, says what is
//! wrong beside the field, and overwrites nobody.

use super::{Browser, editor, elements, field, said, send, write};
use crate::deeds::draft_file;
use crate::world::World;

const CODE: &str = "PREMIERS-PAS";
const AT: &str = "/atelier/PREMIERS-PAS/fiche";
const MANIFEST: &str = "module.toml";

async fn stored(world: &World) -> String {
    let who = world.known("formatrice@demonstration.example").await;
    let path = format!("/api/v1/modules/{CODE}/draft/files?path={MANIFEST}");
    world.api.get(&path).bearer(&who.token).await.expect(200).body
}

/// What a browser sends of the demonstration's draft, these fields aside.
fn form<'f>(digest: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let held = [
        ("title", "Premiers pas : poser les bonnes questions avant d'essayer un outil d'IA"),
        (
            "summary",
            "Un essai gratuit arrive par courriel. Cinq minutes pour poser trois questions avant de cliquer : que traite l'outil, qui sommes-nous pour la loi, sommes-nous prêts ? Brouillon de démonstration, non relu par un juriste.",
        ),
        (
            "objectives",
            "Poser trois questions avant d'essayer un outil d'IA\r\nReconnaître qu'une commune utilisatrice est « déployeur »",
        ),
        ("level", "awareness"),
        ("themes", "ia"),
        ("duration_minutes", "5"),
        ("language", "fr"),
        ("licence", "etalab-2.0"),
        ("contact", "formateur@demonstration.example"),
    ];
    let changed = |name: &str| more.iter().any(|(known, _)| *known == name);
    let mut fields: Vec<_> = held.into_iter().filter(|(name, _)| !changed(name)).collect();
    if !changed("audiences") {
        fields.extend([("audiences", "elu"), ("audiences", "agent")]);
    }
    fields.extend(more);
    fields.push(("empreinte", digest));
    fields
}

#[tokio::test]
async fn the_sheet_is_filled_by_a_form_and_the_rest_of_the_file_does_not_move() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let before = stored(&world).await;
    assert_eq!(before, draft_file(MANIFEST));
    let page = trainer.get(AT).await.expect(200);
    assert_eq!(field(&page, "contact"), "formateur@demonstration.example");
    let ticked = elements(&page.body, "input").into_iter().filter(|i| i.contains_key("checked"));
    let ticked: Vec<_> = ticked.map(|input| input["value"].clone()).collect();
    assert_eq!(ticked, ["awareness", "elu", "agent"]);
    let digest = field(&page, "empreinte");
    send(&mut trainer, AT, &form(&digest, &[])).await.expect(303);
    assert_eq!(stored(&world).await, before, "nothing was changed: not a byte");

    let changes = [
        ("title", "Premiers pas, l’IA"),
        ("objectives", "Un seul objectif\r\n\r\n"),
        ("audiences", "cadre"),
        ("level", "training"),
    ];
    let sent = send(&mut trainer, AT, &form(&digest, &changes)).await;
    assert!(said(&mut trainer, sent).await.contains("Fiche enregistrée."));
    let first = "  \"Poser trois questions avant d'essayer un outil d'IA\",\n";
    let second = "  \"Reconnaître qu'une commune utilisatrice est « déployeur »\",\n";
    let title = "Premiers pas : poser les bonnes questions avant d'essayer un outil d'IA";
    let expected = before
        .replace(title, "Premiers pas, l’IA")
        .replace(first, "  \"Un seul objectif\",\n")
        .replace(second, "")
        .replace("[\"elu\", \"agent\"]", "[\"cadre\"]")
        .replace("\"awareness\"", "\"training\"");
    assert_eq!(stored(&world).await, expected);
    assert!(expected.contains("# Brouillon de démonstration"), "comments stay");
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_its_field_and_nobody_is_overwritten() {
    let world = World::new().await;
    let mut one = Browser::of(&world, "formatrice").await;
    let mut two = Browser::of(&world, "formatrice").await;
    let digest = field(&one.get(AT).await.expect(200), "empreinte");
    let wrong = [("duration_minutes", "cinq"), ("licence", ""), ("contact", "personne")];
    let sent = send(&mut one, AT, &form(&digest, &wrong)).await;
    let page = said(&mut one, sent).await;
    for key in ["duration_minutes", "licence", "contact"] {
        let inputs = elements(&page, "input");
        let input = inputs.iter().find(|input| input.get("id").is_some_and(|id| id == key));
        let input = input.unwrap_or_else(|| panic!("{key}: {page}"));
        assert_eq!(input.get("aria-invalid").map(String::as_str), Some("true"), "{key}: {page}");
        assert!(page.contains(&format!("id=\"{key}-dit\"")), "{key}: {page}");
    }
    assert!(!page.contains("id=\"title-dit\""), "{page}");

    let text = stored(&world).await;
    write(&mut two, CODE, MANIFEST, &format!("# À moi.\n{text}")).await.expect(303);
    let stale = field(&one.get(AT).await.expect(200), "empreinte");
    write(&mut two, CODE, MANIFEST, &text).await.expect(303);
    let typed = [("title", "Ce que j’ai saisi")];
    let page = send(&mut one, AT, &form(&stale, &typed)).await.expect(409);
    assert_eq!(field(&page, "title"), "Ce que j’ai saisi");
    assert_eq!(stored(&world).await, text, "nothing was written");
    let digest = field(&page, "empreinte");
    send(&mut one, AT, &form(&digest, &typed)).await.expect(303);
    assert!(stored(&world).await.contains("title = \"Ce que j’ai saisi\""));

    write(&mut one, CODE, MANIFEST, "title = ").await.expect(303);
    let page = one.get(AT).await.expect(200);
    assert!(page.body.contains("ne se lit pas comme du TOML"), "{}", page.body);
    one.get(&editor(CODE, MANIFEST)).await.expect(200);
}
