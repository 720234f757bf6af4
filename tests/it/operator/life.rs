//! The life of an installation, from an empty machine to the first administrator's sign-in.

use serde_json::json;

use super::{Machine, PATIENCE, link_token};
use crate::support::{Api, Engine, Sink};

const ADMIN: &str = "eloise.quemeneur@cdg.example";
const PASSWORD: &str = "une phrase entière convient";

/// Chooses a password on the page of a link, as a browser does.
async fn choose(api: &Api, page: &str) -> u16 {
    let form = "password=une+phrase+enti%C3%A8re+convient&again=une+phrase+enti%C3%A8re+convient";
    let sent = api.post(page).header("content-type", "application/x-www-form-urlencoded");
    sent.body(form).await.status
}

#[tokio::test]
async fn an_empty_machine_becomes_a_service_whose_first_administrator_signs_in() {
    let mut machine = Machine::with_database();
    let sink = Sink::start();
    machine.mail_to(&sink);

    machine.make_keys().await;
    assert_eq!(machine.ok(&["keys", "new", "link"]).await, "link secret already there\n");
    let before = machine.run(&["check"]).await;
    assert_eq!(before.status.code(), Some(1), "{before:?}");
    assert!(before.stdout.contains("`maitrise migrate`"), "it says what to do: {before:?}");

    let migrated = machine.ok(&["migrate"]).await;
    assert!(migrated.contains("up to date"), "{migrated}");
    assert_eq!(machine.ok(&["migrate"]).await, migrated, "twice is once");

    let checked = machine.ok(&["check"]).await;
    for what in ["settings", "keys", "mail", "database", "migrations", "clock"] {
        assert!(checked.contains(&format!("ok    {what}: ")), "{what}: {checked}");
    }
    assert!(checked.lines().all(|line| line.starts_with("ok    ")), "{checked}");

    let (server, api) = machine.serve().await;
    // Beside a server that runs: an operator need not stop it to invite.
    let invited = machine.invite(ADMIN).await;
    assert!(invited.contains("opened"), "{invited}");
    let mail = sink.wait_for(|mail| mail.to == [ADMIN], PATIENCE).await;
    let page = format!("/liens/{}", link_token(&mail.text()));
    for _ in 0..2 {
        let shown = api.get(&page).await.expect(200);
        assert!(shown.body.contains(ADMIN), "{}", shown.body);
    }
    let sign_in = json!({ "login": ADMIN, "password": PASSWORD });
    api.post("/api/v1/sign-in").json(&sign_in).await.expect(401);
    assert_eq!(choose(&api, &page).await, 200);
    assert_eq!(choose(&api, &page).await, 410, "a link serves once");
    let tokens = api.post("/api/v1/sign-in").json(&sign_in).await.expect(200).json();
    let token = tokens["access_token"].as_str().expect("a token");
    let me = api.get("/api/v1/me").bearer(token).await.expect(200).json();
    assert_eq!(me["given_name"], "Éloïse");
    assert_eq!(me["grants"][0]["role"], "national_admin");
    assert_eq!(me["grants"][0]["scope_kind"], "national");
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn importing_loads_the_reference_data_then_the_modules_and_a_second_time_nothing() {
    let machine = Machine::with_database();
    let first = machine.ok(&["content", "import"]).await;
    assert!(first.contains("organisations ajoutées, 0 déjà là"), "{first}");
    assert!(first.contains("E1 : version 1 publiée"), "{first}");
    let second = machine.ok(&["content", "import"]).await;
    assert!(second.contains("référentiel : déjà chargé"), "{second}");
    assert!(second.contains("modules : 0 publiés, 15 inchangés"), "{second}");
    let again = machine.ok(&["content", "import", "--again"]).await;
    assert!(again.contains("référentiel : 0 organisations ajoutées"), "{again}");
    assert!(again.contains("; 0 rattachements ajoutés"), "{again}");

    let who = ["--email", "x@cdg.example", "--given-name", "X", "--family-name", "Y"];
    let invite = |role| [&["account", "invite", "--role", role][..], &who[..]].concat();
    let admin = invite("cdg_admin");
    machine.refused_saying(&admin, &["maitrise keys new access"]).await;
    machine.make_keys().await;
    machine.refused_saying(&admin, &["--over <REF>"]).await;
    let over = |cdg| [&admin[..], &["--over", cdg]].concat();
    machine.refused_saying(&over("cdg:CDG-99"), &["--over cdg:CDG-99: no such CDG"]).await;
    machine.ok(&over("cdg:CDG-35")).await;
}

#[tokio::test]
async fn importing_a_folder_takes_its_modules_and_leaves_everything_alone_when_one_is_broken() {
    let machine = Machine::with_database();
    let own = machine.folder.path().join("ours");
    let module = own.join("modules/E1");
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1").as_ref(), &module);
    let own = own.display().to_string();

    let manifest = std::fs::read_to_string(module.join("module.toml")).expect("a manifest");
    std::fs::write(module.join("module.toml"), manifest.replace("title", "titel")).expect("a file");
    let broken = machine.run(&["content", "import", &own]).await;
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    assert!(broken.stdout.contains("modules/E1/module.toml:"), "{broken:?}");
    if Engine::of_this_run() == Engine::Sqlite {
        assert!(!machine.data().exists(), "nothing was begun");
    }

    std::fs::write(module.join("module.toml"), manifest).expect("a file");
    let said = machine.ok(&["content", "import", &own]).await;
    assert!(said.contains("rattachements ajoutés") && said.contains("1 publiés"), "{said}");
    machine.refused_saying(&["content", "import", "nowhere"], &["nowhere/modules"]).await;
}

/// Copies a folder with everything in it.
pub(super) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
