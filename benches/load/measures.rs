//! What is measured, in order, on one engine.

mod answers;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use maitrise::accounts::password;
use maitrise::db::Db;
use maitrise::enrolments::model::enrolment;
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::population::{self, Population};
use crate::report::Report;
use crate::server::Served;
use crate::support::Cluster;
use crate::wrk::{self, Load, Run};
use crate::{Options, free_address, layers, pgbench};

use answers::Asked;

/// Requests prepared for each second of a measurement: more than can be served.
const MOST_PER_SECOND: usize = 6_000;

/// Lessons recorded per second while others sign in.
const BESIDE: f64 = 200.0;

/// Refused sign-ins under each kind of name.
const REFUSALS: usize = 150;

/// One engine under measurement.
struct Bench<'a> {
    cluster: Option<&'a Cluster>,
    load: Load,
    population: Population,
    folder: PathBuf,
    /// Learners already used by an enrolment.
    spent: usize,
}

/// Measures everything on one engine: PostgreSQL where a cluster is given.
pub async fn all(
    options: &Options,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let folder = tempfile::tempdir()?;
    let url = cluster.map(|cluster| cluster.create_database("bench")).unwrap_or_default();
    let load = Load { connections: options.connections, seconds: options.seconds };
    let started = Instant::now();
    let mut population = Population::create(folder.path(), url, options.people).await?;
    let address = free_address()?;
    population.settings.http.listen = address;
    population.settings.http.public_url = format!("http://{address}");
    eprintln!("{} people after {:.0} s", options.people, started.elapsed().as_secs_f64());
    let folder = folder.path().to_owned();
    let asked = Asked::prepare(&population, options.seconds).await?;
    let mut bench = Bench { cluster, load, population, folder, spent: 0 };
    if options.writes {
        let served = Served::start(&bench.population.settings).await?;
        bench.writes(&served, &asked, report).await?;
        return served.stop().await;
    }
    bench.ready(report).await?;
    let served = Served::start(&bench.population.settings).await?;
    report.figure("resident before any request", format!("{} MiB", served.resident()?.0));
    bench.catalogue(&served, report).await?;
    bench.writes(&served, &asked, report).await?;
    let (now, peak) = served.resident()?;
    #[expect(clippy::cast_precision_loss, reason = "mebibytes")]
    report.under(
        "resident under load, at its highest, before sign-ins",
        peak as f64,
        100.0,
        &format!("MiB ({now} after it)"),
    );
    bench.sign_in(&served, report).await?;
    bench.refusals(&served, report).await?;
    let (now, peak) = served.resident()?;
    report.figure("resident after sign-ins", format!("{now} MiB, {peak} at its highest"));
    served.stop().await?;
    bench.layers(report).await
}

impl Bench<'_> {
    /// Time from the start of the process to `/readyz` answering 200, the median of five starts.
    async fn ready(&self, report: &mut Report) -> anyhow::Result<()> {
        let mut times = Vec::new();
        for _ in 0..5 {
            let served = Served::start(&self.population.settings).await?;
            times.push(served.ready_after.as_secs_f64());
            served.stop().await?;
        }
        times.sort_by(f64::total_cmp);
        report.under(
            "ready to serve",
            times[2],
            1.0,
            &format!("s ({:.2} to {:.2})", times[0], times[4]),
        );
        Ok(())
    }

    /// The catalogue list against an empty handler of the same server.
    async fn catalogue(&self, served: &Served, report: &mut Report) -> anyhow::Result<()> {
        let list = format!("{}/api/v1/modules?limit={}", served.base, population::MODULES);
        let answer = reqwest::get(&list).await?;
        let tag = answer.headers().get("etag").context("an ETag")?.to_str()?.to_owned();
        let body: serde_json::Value = serde_json::from_str(&answer.text().await?)?;
        ensure!(body["items"].as_array().map(Vec::len) == Some(population::MODULES), "50 modules");
        let before = [
            served.answered("list_modules", 200).await?,
            served.answered("list_modules", 304).await?,
        ];
        let hello = self.same(&format!("{}/livez", served.base), None).await?;
        let whole = self.same(&list, None).await?;
        let known = self.same(&list, Some(tag)).await?;
        for (run, status, before) in [(&whole, 200, before[0]), (&known, 304, before[1])] {
            let answered = served.answered("list_modules", status).await? - before;
            self.close_to(run, answered)?;
        }
        report.figure("hello-world handler (`/livez`)", per_second(&hello));
        report.figure("catalogue list, 50 modules", per_second(&whole));
        report.figure("catalogue list, not modified", per_second(&known));
        report.at_least("catalogue list, to hello-world", whole.rate() / hello.rate(), 0.4, "×");
        report.at_least(
            "catalogue list not modified, to hello-world",
            known.rate() / hello.rate(),
            0.4,
            "×",
        );
        Ok(())
    }

    /// Enrolments, lessons and answers, against pgbench where there is PostgreSQL.
    async fn writes(
        &mut self,
        served: &Served,
        asked: &Asked,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let (cluster, load) = (self.cluster, self.load);
        let yardstick = || cluster.map(|cluster| pgbench::measure(cluster, load)).transpose();
        cluster.map(pgbench::prepare).transpose()?;
        let before = yardstick()?;
        let enrolled = self.enrol(served).await?;
        let lessons = self.lessons(served, 0, None).await?;
        let answers = self.answers(served, asked, 0, None).await?;
        let after = yardstick()?;
        report.figure("durable enrolments", per_second(&enrolled));
        report.figure("lessons recorded", per_second(&lessons));
        report.figure("answers kept", per_second(&answers));
        if let Some((before, after)) = before.zip(after) {
            let tps = f64::midpoint(before, after);
            report.figure(
                "`pgbench -N`",
                format!("{tps:.0}/s ({before:.0} before, {after:.0} after)"),
            );
            for (what, run) in
                [("enrolments", &enrolled), ("lessons", &lessons), ("answers", &answers)]
            {
                report.at_least(&format!("{what}, to `pgbench -N`"), run.rate() / tps, 0.4, "×");
            }
        } else {
            report.at_least("durable enrolments per second", enrolled.rate(), 1_000.0, "/s");
        }
        let calm = self.lessons(served, 1, Some(lessons.rate() / 2.0)).await?;
        half("lessons", &calm, report);
        let calm = self.answers(served, asked, 1, Some(answers.rate() / 2.0)).await?;
        half("answers", &calm, report);
        Ok(())
    }

    /// Enrols people who are not yet, in modules of the catalogue but the first.
    async fn enrol(&mut self, served: &Served) -> anyhow::Result<Run> {
        let load = self.load;
        let first = self.spent;
        let count = MOST_PER_SECOND * usize::try_from(load.seconds)?;
        self.spent += count;
        let lines = (first..first + count).map(|n| {
            // Everyone in the second module, then everyone in the third …
            let learners = &self.population.learners;
            let (learner, rank) = (&learners[n % learners.len()], 1 + n / learners.len());
            ensure!(rank < population::MODULES, "more people are needed for so long a measurement");
            let path = format!("/api/v1/modules/{}/enrolments", Population::code(rank));
            Ok(wrk::line("POST", &path, &self.population.token(learner)?, "{}"))
        });
        let (enrolments, told) = self.rows(FactKind::Enrolled).await?;
        let run = self.send(served, "enrolments", lines, load, None).await?;
        run.all_answered(201)?;
        let (enrolments_now, told_now) = self.rows(FactKind::Enrolled).await?;
        self.close_to(&run, enrolments_now - enrolments)?;
        ensure!(enrolments_now - enrolments == told_now - told, "an enrolment without its fact");
        Ok(run)
    }

    /// Records one lesson of the first module, in which everyone is enrolled; nobody reads the last
    /// one, so that nothing is completed.
    async fn lessons(
        &self,
        served: &Served,
        lesson: usize,
        rate: Option<f64>,
    ) -> anyhow::Result<Run> {
        let (population, load) = (&self.population, self.load);
        let slug = &population.lessons[lesson];
        let count =
            (MOST_PER_SECOND * usize::try_from(load.seconds)?).min(population.learners.len());
        let lines = population.learners[..count].iter().map(|learner| {
            let path = format!("/api/v1/enrolments/{}/lessons/{slug}/done", learner.enrolment_id);
            Ok(wrk::line("POST", &path, &population.token(learner)?, ""))
        });
        let (_, before) = self.rows(FactKind::LessonDone).await?;
        let run = self.send(served, "lessons", lines, load, rate).await?;
        run.all_answered(200)?;
        self.close_to(&run, self.rows(FactKind::LessonDone).await?.1 - before)?;
        Ok(run)
    }

    /// Sign-ins against argon2 alone, and what they do to others.
    async fn sign_in(&mut self, served: &Served, report: &mut Report) -> anyhow::Result<()> {
        let alone = hashes_per_second(Duration::from_secs(self.load.seconds)).await?;
        let lines = (0..MOST_PER_SECOND).map(|n| {
            let login = Population::login(n % population::WITH_PASSWORD);
            let body = json!({ "login": login, "password": population::PASSWORD });
            Ok(wrk::line("POST", "/api/v1/sign-in", "", &body.to_string()))
        });
        let few = Load { connections: 4, ..self.load };
        let calm = self.lessons(served, 2, Some(BESIDE)).await?;
        let (run, beside) = tokio::try_join!(
            self.send(served, "sign-ins", lines, few, None),
            self.lessons(served, 3, Some(BESIDE)),
        )?;
        run.all_answered(200)?;
        report.figure("argon2id alone", format!("{alone:.0}/s"));
        report.figure("sign-ins", per_second(&run));
        report.at_least("sign-ins, to argon2id alone", run.rate() / alone, 0.8, "×");
        let detail = format!("ms ({:.2} without; {:.0} lessons/s)", ms(calm.p99), beside.rate());
        let what = "lessons beside them, 99th percentile";
        report.under(what, ms(beside.p99), 20.0, &detail);
        Ok(())
    }

    /// Whether the time of a refusal tells which accounts exist: sign-ins one after the other, in turn
    /// under a name that is known, one that is not, and one that has no password yet.
    async fn refusals(&self, served: &Served, report: &mut Report) -> anyhow::Result<()> {
        let (client, url) = (reqwest::Client::new(), format!("{}/api/v1/sign-in", served.base));
        let mut times = [const { Vec::new() }; 3];
        for n in 0..REFUSALS {
            let names = [
                Population::login(n % population::WITH_PASSWORD),
                format!("inconnu-{n:06}@banc.example"),
                Population::login(population::WITH_PASSWORD + n),
            ];
            for turn in 0..names.len() {
                let which = (n + turn) % names.len();
                let body = json!({ "login": names[which], "password": "une autre phrase entière" });
                let started = Instant::now();
                let answer = client.post(&url).json(&body).send().await?;
                ensure!(answer.status() == 401, "{}", answer.status());
                answer.bytes().await?;
                times[which].push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
        let [known, unknown, without] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            let at = |share: usize| times[times.len() * share / 100];
            format!("{:.2} ms ({:.2} to {:.2})", at(50), at(10), at(90))
        });
        report.figure("refused sign-in, known name: median (10 % to 90 %)", known);
        report.figure("refused sign-in, unknown name", unknown);
        report.figure("refused sign-in, account without a password", without);
        Ok(())
    }

    async fn layers(&self, report: &mut Report) -> anyhow::Result<()> {
        let short = Load { seconds: self.load.seconds.div_ceil(2), ..self.load };
        let runs = layers::measure(&self.population, short).await?;
        for ((name, _), run) in layers::LAYERS.iter().zip(&runs) {
            let each = 1e6 / run.rate();
            report.figure(
                &format!("layer: {name}"),
                format!("{}, one every {each:.0} µs", per_second(run)),
            );
        }
        Ok(())
    }

    async fn send(
        &self,
        served: &Served,
        name: &str,
        lines: impl Iterator<Item = anyhow::Result<String>>,
        load: Load,
        rate: Option<f64>,
    ) -> anyhow::Result<Run> {
        let file = self.folder.join(format!("{name}.requests"));
        wrk::write(&file, lines)?;
        let base = served.base.clone();
        tokio::task::spawn_blocking(move || wrk::requests(&base, load, &file, rate)).await?
    }

    async fn same(&self, url: &str, tag: Option<String>) -> anyhow::Result<Run> {
        let (url, load) = (url.to_owned(), self.load);
        let run =
            tokio::task::spawn_blocking(move || wrk::same(&url, load, tag.as_deref())).await??;
        run.none_refused()?;
        Ok(run)
    }

    /// Fails unless what was done is what was answered, give or take the requests that were under way
    /// on each connection when wrk stopped listening.
    fn close_to(&self, run: &Run, done: u64) -> anyhow::Result<()> {
        let most = run.requests + u64::try_from(self.load.connections)?;
        ensure!((run.requests..=most).contains(&done), "{done} done, {} answered", run.requests);
        Ok(())
    }

    /// Enrolments, and facts of a kind, once nothing is being written any more.
    async fn rows(&self, kind: FactKind) -> anyhow::Result<(u64, u64)> {
        let db = Db::connect(&self.population.settings.database).await?;
        let mut before = None;
        loop {
            let enrolments = enrolment::Entity::find().count(db.read()).await?;
            let facts = fact::Entity::find().filter(fact::Column::Kind.eq(kind));
            let now = (enrolments, facts.count(db.read()).await?);
            if before == Some(now) {
                db.close().await?;
                return Ok(now);
            }
            before = Some(now);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// What a run at half of what the server takes must stay under.
fn half(what: &str, calm: &Run, report: &mut Report) {
    let (rate, p50, max) = (calm.rate(), ms(calm.p50), ms(calm.max));
    let detail = format!("ms at {rate:.0}/s (median {p50:.1}, slowest {max:.0})");
    let what = format!("{what} at half that rate, 99th percentile");
    report.under(&what, ms(calm.p99), 20.0, &detail);
}

/// Passwords verified per second with nothing around them, as many at once as the program allows.
async fn hashes_per_second(time: Duration) -> anyhow::Result<f64> {
    let hash = password::hash(population::PASSWORD.to_owned()).await?;
    let (started, mut tasks) = (Instant::now(), tokio::task::JoinSet::new());
    for _ in 0..4 {
        let hash = hash.clone();
        tasks.spawn(async move {
            let mut verified = 0_u32;
            while started.elapsed() < time {
                let right =
                    password::verify(population::PASSWORD.to_owned(), Some(hash.clone())).await;
                verified += u32::from(right.is_ok_and(|right| right));
            }
            verified
        });
    }
    let verified: u32 = tasks.join_all().await.iter().sum();
    Ok(f64::from(verified) / started.elapsed().as_secs_f64())
}

fn per_second(run: &Run) -> String {
    format!("{:.0}/s (median {:.2} ms, 99 % under {:.2} ms)", run.rate(), ms(run.p50), ms(run.p99))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds far below 2^52")]
fn ms(microseconds: u64) -> f64 {
    microseconds as f64 / 1e3
}
