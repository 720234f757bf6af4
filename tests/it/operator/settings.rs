//! `config show` and `config check`.

use super::Machine;

#[tokio::test]
async fn the_settings_are_shown_as_they_are_in_force_without_their_secrets() {
    let mut machine = Machine::new();
    let secret = machine.file("smtp.password", "hunter2\n");
    machine.set("MAIL__SMTP_PASSWORD_FILE", &secret);
    machine.set("DATABASE__URL", "postgres://maitrise:sesame@db.example/maitrise");
    machine.set("MAIL__SMTP_USERNAME", "00123");
    machine.set("HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1");
    let file = machine
        .file("settings.toml", "[http]\nlisten = \"127.0.0.1:7\"\n[tokens]\nreset_minutes = 7\n");
    let shown = machine.ok(&["config", "show", "--config", &file]).await;
    for secret in ["hunter2", "sesame"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    for line in [
        "smtp_password = \"<redacted>\"",
        "url = \"<redacted>\"",
        "smtp_username = \"00123\"",
        "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]",
        "reset_minutes = 7",
        "listen = \"127.0.0.1:0\"",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "no {line}: {shown}");
    }
}

#[tokio::test]
async fn settings_unfit_for_production_are_refused_with_every_reason() {
    let mut machine = Machine::new();
    let reasons = ["http.public_url", "https", "mail.transport", "SMTP"];
    machine.refused_saying(&["config", "check"], &reasons).await;
    machine.set("MAIL__TRANSPORT", "smtp");
    machine.refused_saying(&["config", "check"], &["mail.smtp_host"]).await;
    machine.fit_for_production();
    let said = machine.ok(&["config", "check"]).await;
    assert!(said.contains("can be used"), "{said}");
    machine.set("MAIL__FROM_ADDRESS", "sans arobase");
    machine.refused_saying(&["config", "check"], &["mail.from_address"]).await;
}

#[tokio::test]
async fn checking_the_settings_touches_nothing() {
    let mut machine = Machine::new();
    machine.fit_for_production();
    machine.ok(&["config", "check"]).await;
    machine.ok(&["config", "show"]).await;
    let checked = machine.run(&["check"]).await;
    assert_eq!(checked.status.code(), Some(1), "{checked:?}");
    assert!(!machine.data().exists(), "not even the data folder was made");
}
