//! Settings and arguments that are refused, each in one line that says what to do.

use super::Machine;
use crate::support::{Settings, run};

#[tokio::test]
async fn a_setting_that_does_not_exist_is_refused_with_the_nearest_that_does() {
    let mut machine = Machine::new();
    let file = machine.file("wrong.toml", "[http]\nlisen = \"127.0.0.1:1\"\n");
    let nearest = ["wrong.toml", "`http.lisen`", "did you mean `http.listen`?"];
    machine.refused_saying(&["serve", "--config", &file], &nearest).await;
    machine.set("SIGN_IN__PER_ADRESS", "3");
    let nearest = ["MAITRISE__SIGN_IN__PER_ADRESS", "did you mean `sign_in.per_address`?"];
    machine.refused_saying(&["serve"], &nearest).await;
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_refused_with_its_place_and_what_it_looks_like() {
    for (key, value, words) in [
        ("WORKER__TICK_SECONDS", "cinq", ["worker.tick_seconds", "tick_seconds = 5"]),
        ("WORKER__ENABLED", "oui", ["worker.enabled", "enabled = true"]),
        ("HTTP__LISTEN", "8080", ["http.listen", "127.0.0.1:8080"]),
        ("MODE", "prod", ["mode", "none of production, development"]),
        ("MAIL__SMTP_SECURITY", "ssl", ["mail.smtp_security", "none of tls, starttls, none"]),
        ("STATISTICS__MIN_PERSONS", "4", ["statistics.min_persons", "at least 5"]),
        ("DATABASE__URL", "mysql://db/x", ["database.url", "sqlite:// or postgres://"]),
        ("HTTP__TRUSTED_PROXIES", "proxy", ["http.trusted_proxies", "10.0.0.0/8"]),
        ("LOG__LEVEL", "!!=", ["log.level", "\"info\""]),
        ("LOG__LEVEL", "inof", ["log.level", "inof"]),
        ("MAIL__SMTP_PASSWORD_FILE", "absent", ["mail.smtp_password_file", "absent"]),
    ] {
        let mut machine = Machine::new();
        machine.set(key, value);
        machine.refused_saying(&["config", "check"], &words).await;
    }
    let machine = Machine::new();
    for (text, words) in [
        ("[worker]\ntick_seconds = \"cinq\"\n", ["wrong.toml", "tick_seconds = 5"]),
        ("[worker\n", ["wrong.toml", "line 1, column 8"]),
        ("http = 3\n", ["wrong.toml", "unknown setting `http`"]),
    ] {
        let file = machine.file("wrong.toml", text);
        machine.refused_saying(&["config", "check", "--config", &file], &words).await;
    }
}

#[tokio::test]
async fn a_settings_file_that_cannot_be_read_is_named() {
    let machine = Machine::new();
    machine.refused_saying(&["serve", "--config", "absent.toml"], &["--config absent.toml"]).await;
    machine.refused_saying(&["serve", "--config", "."], &["--config ."]).await;
    let path = machine.folder.path().join("latin1.toml");
    std::fs::write(&path, b"# \xe9lu\n").expect("a file");
    machine.refused_saying(&["serve", "--config", "latin1.toml"], &["latin1.toml"]).await;
}

#[tokio::test]
async fn variables_of_other_programs_are_not_looked_at_be_they_no_text_at_all() {
    let machine = Machine::new();
    let script = "OTHER=$(printf '\\377') exec \"$0\" config show";
    let shell = Settings {
        program: "/bin/sh".into(),
        args: ["-c", script, env!("CARGO_BIN_EXE_maitrise")].map(str::to_owned).to_vec(),
        ..machine.settings(&[])
    };
    let output = run(&shell, "", super::PATIENCE).await;
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test]
async fn production_refuses_what_is_for_developers() {
    let mut machine = Machine::new();
    machine.fit_for_production();
    machine.set("HTTP__PUBLIC_URL", "http://formation.example");
    machine
        .refused_saying(&["serve"], &["http.public_url", "http://formation.example", "https"])
        .await;

    machine.fit_for_production();
    machine.set("MAIL__TRANSPORT", "file");
    machine.refused_saying(&["serve"], &["mail.transport", "SMTP"]).await;

    machine.fit_for_production();
    machine.refused_saying(&["serve"], &["no access key", "maitrise keys new access"]).await;
    assert!(!machine.data().join("keys").exists(), "production makes no key by itself");

    let now = maitrise::clock::Clock::default().now();
    maitrise::keys::create_missing(&machine.data().join("keys"), now).expect("keys");
    let words = ["generated keys", "maitrise keys new access", "retire"];
    machine.refused_saying(&["serve"], &words).await;
    let kept = machine.ok(&["keys", "list"]).await;
    assert_eq!(kept.matches("generated").count(), 2, "{kept}");
}

#[tokio::test]
async fn mail_that_could_never_leave_is_refused_before_anyone_is_served() {
    let mut machine = Machine::with_database();
    machine.set("MAIL__TRANSPORT", "smtp");
    machine.refused_saying(&["serve"], &["mail.smtp_host"]).await;
}

#[tokio::test]
async fn someone_who_cannot_be_invited_is_refused_with_what_to_mend() {
    let machine = Machine::with_database();
    machine.make_keys().await;
    let invite = async |role: &'static str, email: &'static str, more: &[&'static str]| {
        let name = ["--given-name", "Léa", "--family-name", "Le Goff"];
        let args = ["account", "invite", "--role", role, "--email", email];
        machine.refused(&[&args[..], &name[..], more].concat()).await
    };
    let said = invite("national_admin", "lea", &[]).await;
    assert!(said.contains("/email") && said.contains("name@mairie.example"), "{said}");
    let said = invite("cdg_admin", "lea@cdg.example", &[]).await;
    assert!(said.contains("--over <REF>"), "{said}");
    let said = invite("cdg_admin", "lea@cdg.example", &["--over", "ailleurs"]).await;
    assert!(said.contains("--over ailleurs: not an organisation reference"), "{said}");
    let said = invite("cdg_admin", "lea@cdg.example", &["--over", "cdg:CDG-99"]).await;
    assert!(said.contains("--over cdg:CDG-99: no such CDG"), "{said}");
    let said = invite("employer_manager", "lea@cdg.example", &["--over", "insee:99999"]).await;
    assert!(said.contains("--over insee:99999: no such organisation"), "{said}");
    machine.invite("lea@cdg.example").await;
    let said = invite("national_admin", "LEA@cdg.example", &[]).await;
    assert!(said.contains("account-exists"), "{said}");
    let role = machine.run(&["account", "invite", "--role", "chef"]).await;
    assert_eq!(role.status.code(), Some(2), "{role:?}");
    assert!(role.stderr.contains("national_admin"), "the roles are named: {role:?}");
}
