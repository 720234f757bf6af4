//! `content references`: what falls due and who cites it, on the real binary.

use std::fs;

use serde_json::Value;

use super::Machine;

const E1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1");

/// The matter and the id of every line, as the JSON tells them.
async fn listed(machine: &Machine, args: &[&str]) -> (Vec<Value>, Vec<(String, String)>) {
    let args = [&["content", "references", "--format", "json"], args].concat();
    let lines: Vec<Value> = serde_json::from_str(&machine.ok(&args).await).expect("one array");
    let word = |line: &Value, key: &str| line[key].as_str().expect("a text").to_owned();
    let pairs = lines.iter().map(|line| (word(line, "matter"), word(line, "id"))).collect();
    (lines, pairs)
}

fn pair(matter: &str, id: &str) -> (String, String) {
    (matter.to_owned(), id.to_owned())
}

#[tokio::test]
async fn the_shipped_contents_fall_due_on_the_day_of_the_european_calendar() {
    let machine = Machine::new();
    let when = ["--today", "2026-11-23", "--within", "14"];
    let (lines, pairs) = listed(&machine, &when).await;
    let texts = [
        "ria-5",
        "ria-5-1-c",
        "ria-5-1-f",
        "ria-5-1-g",
        "ria-5-1-h",
        "ria-5-ajouts-2026",
        "ria-50-2",
    ];
    let mut expected = vec![pair("begins", "ria-5-ajouts-2026")];
    expected.extend(texts.map(|id| pair("check", id)));
    expected.extend([pair("review", "C1"), pair("review", "E2")]);
    assert_eq!(pairs, expected);
    assert!(lines.iter().all(|line| line["on"] == "2026-12-02" && line["overdue"] == false));
    let of_emotions = lines.iter().find(|line| line["id"] == "ria-5-1-f").expect("the line");
    let by_e2 = &of_emotions["cited_by"][1];
    assert_eq!((&by_e2["module"], &by_e2["questions"][0]), (&"E2".into(), &"E2-Q3".into()));
    let text = machine.ok(&[&["content", "references"], &when[..]].concat()).await;
    assert!(text.contains("2026-12-02  ria-5-1-f : à relire au plus tard — Règlement"), "{text}");
    assert!(
        text.contains("cité par E2 ; leçons 03-interdits-haut-risque ; questions E2-Q3"),
        "{text}"
    );
    assert!(text.ends_with("10 échéances sous 14 jours\n"), "{text}");
    let before = machine.ok(&["content", "references", "--today", "2026-11-23", "--within", "8"]);
    assert_eq!(before.await, "rien à échéance sous 8 jours\n");
    let (late, _) = listed(&machine, &["--today", "2026-12-03", "--within", "0"]).await;
    assert_eq!(late.iter().filter(|line| line["overdue"] == true).count(), 10);
    assert!(!machine.data().exists(), "listing touches nothing");
}

#[tokio::test]
async fn texts_that_end_begin_or_were_replaced_are_told_to_those_who_cite_them_and_to_no_other() {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours");
    super::life::copy(E1.as_ref(), &own.join("modules/E1"));
    let entry = |id: &str, more: &str| {
        format!(
            "[[reference]]\nid = \"{id}\"\ntext = \"Texte {id}\"\ngrade = \"V\"\n\
             verified_on = 2026-11-01\n{more}\n\n"
        )
    };
    let dated = [
        entry("qui-finit", "in_force_to = 2026-12-31"),
        entry("qui-commence", "in_force_from = 2027-01-01"),
        entry("qui-a-commence", "in_force_from = 2026-10-01"),
        entry("qui-est-loin", "in_force_from = 2030-01-01"),
        entry("qui-est-remplace", "superseded_by = \"Loi nouvelle\""),
    ];
    let manifest = own.join("modules/E1/module.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let text = text.replacen("review_by = 2027-01-12", "review_by = 2030-01-12", 1);
    let own_texts = text.find("[[reference]]").expect("references");
    let head = text[..own_texts].to_owned();
    fs::write(&manifest, format!("{head}{}", dated.concat())).expect("a file");
    let uncited = entry("que-nul-ne-cite", "superseded_by = \"Autre loi\"");
    fs::write(own.join("references.toml"), uncited + &dated.concat()).expect("a file");
    let own = own.display().to_string();
    let (lines, pairs) = listed(&machine, &[&own, "--today", "2026-12-01", "--within", "40"]).await;
    assert_eq!(
        pairs,
        [
            pair("superseded", "qui-est-remplace"),
            pair("ends", "qui-finit"),
            pair("begins", "qui-commence")
        ]
    );
    assert_eq!(lines[0]["superseded_by"], "Loi nouvelle");
    let (lines, _) = listed(&machine, &[&own, "--today", "2027-01-02", "--within", "0"]).await;
    assert_eq!(lines.iter().filter(|line| line["overdue"] == true).count(), 2, "{lines:?}");
}

#[tokio::test]
async fn what_is_published_is_listed_by_the_texts_as_they_are_known_here() {
    let machine = Machine::peopled().await;
    let when = ["--today", "2026-11-23", "--within", "14"];
    let (_, of_files) = listed(&machine, &when).await;
    let (_, published) = listed(&machine, &[&["--published"], &when[..]].concat()).await;
    assert_eq!(published, of_files, "what was imported is what is shipped");
    let both = machine.run(&["content", "references", "ours", "--published"]).await;
    assert_eq!(both.status.code(), Some(2), "{both:?}");
    let said = machine.ok(&["content", "import"]).await;
    assert!(
        said.contains("textes : 0 ajoutés, 0 modifiés, 296 inchangés ; 0 points à revoir"),
        "{said}"
    );
}
