// The trainer's workbench: a module goes from blank to public, each state of each page looked at.
//
// values: trainer, reviewer, publisher (accounts), provider, files (path and text of a sound module),
// code (of the module to come), lesson (path of its lesson).

export default async function (browser, values) {
  const people = {};
  for (const word of ["trainer", "reviewer", "publisher"]) {
    people[word] = await browser.window("desktop");
    await people[word].signIn(values[word], "/atelier");
  }
  await begins(people.trainer, values);
  await fills(people.trainer, values);
  await writes(people.trainer, values);
  await conflicts(browser, people.trainer, values);
  await previews(people.trainer, values);
  await submits(people.trainer, values);
  await asksForChanges(people.reviewer, values);
  await mends(people.trainer, values);
  await accepts(people.reviewer, values);
  await publishes(people.publisher, values);
  await anyoneReads(browser, values);
  await others(people, values);
  await hears(people, values);
  await reviewsAgain(people, values);
  for (const window of Object.values(people)) await window.close();
  await onPhone(browser, values);
}

const at = (values, form) => `/atelier/${values.code}${form}`;
const said = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** A state reached by a form: looked at as it stands. */
async function sees(window, name) {
  await window.look(`desk ${name}`);
}

async function begins(window, values) {
  const { page } = window;
  await sees(window, "mine");
  await window.visit("desk begin", "/atelier/nouveau");
  await page.getByLabel("Code").fill("pas un code");
  await page.getByLabel("Titre").fill("Essai du navigateur");
  await page.getByLabel("Organisme").selectOption(values.provider);
  await press(page, "Créer le module");
  await page.getByRole("alert").waitFor();
  window.demand((await page.getByLabel("Titre").inputValue()) === "Essai du navigateur", "the title is lost");
  await sees(window, "begin refused");
  await page.getByLabel("Code").fill(values.code);
  await press(page, "Créer le module");
  await said(page, "Module créé");
  await sees(window, "module begun");
}

/** The sheet as a form: a fault is told beside its field, and mended. */
async function fills(window, values) {
  const { page } = window;
  await window.visit("desk sheet begun", at(values, "/fiche"));
  await page.getByLabel("Durée annoncée").fill("longtemps");
  await press(page, "Enregistrer la fiche");
  await said(page, "Fiche enregistrée");
  const told = await page.locator("#duration_minutes").getAttribute("aria-invalid");
  window.demand(told === "true", "the duration is not told as wrong");
  await sees(window, "sheet with a fault");
  await page.getByLabel("Durée annoncée").fill("5");
  await press(page, "Enregistrer la fiche");
  await said(page, "Fiche enregistrée");
}

/** The manifest, the lesson and the questions; a fault is told beside its line, and mended. */
async function writes(window, values) {
  const { page } = window;
  const editor = (path) => page.goto(`${window.browser.base}${at(values, "/fichiers")}?path=${encodeURIComponent(path)}`);
  for (const [path, text] of Object.entries(values.files).filter(([path]) => path !== values.lesson)) {
    await editor(path);
    await page.getByLabel("Texte du fichier").fill(text);
    await press(page, "Enregistrer");
    await said(page, "Enregistré");
  }
  await window.visit("desk add", at(values, "/ajouter"));
  await page.getByLabel("Titre").fill("De trop");
  await press(page, "Ajouter");
  await said(page, "Fichier ajouté");
  await sees(window, "editor of a lesson to complete");
  await page.getByRole("link", { name: "Renommer" }).click();
  await page.getByLabel("Nouveau chemin").fill(values.lesson);
  await sees(window, "rename");
  await press(page, "Renommer");
  await said(page, "Fichier renommé");
  await page.getByLabel("Texte du fichier").fill(`${values.files[values.lesson]}\n<b>brut</b>\n`);
  await press(page, "Enregistrer");
  await said(page, "À corriger");
  await page.locator(".findings a").first().click();
  window.demand(new URL(page.url()).hash.startsWith("#ligne-"), "the finding does not lead to its line");
  window.demand(await page.locator(".lines .told .note").first().isVisible(), "no message beside the line");
  await sees(window, "editor with a fault");
  await page.getByLabel("Texte du fichier").fill(values.files[values.lesson]);
  await press(page, "Enregistrer");
  await said(page, "rien à signaler");
  for (const path of ["lessons/01-premiere-lecon.md", "lessons/02-en-pratique.md"]) {
    await editor(path);
    await page.getByRole("link", { name: "Supprimer" }).click();
    await sees(window, "delete");
    await press(page, "Supprimer ce fichier");
    await said(page, "Fichier supprimé");
  }
  await sees(window, "module written");
  await window.visit("desk upload", at(values, "/televerser"));
}

/** Two windows save the same file: both texts are there. */
async function conflicts(browser, window, values) {
  const other = await browser.window("desktop");
  await other.signIn(values.trainer, "/atelier");
  const path = `${at(values, "/fichiers")}?path=${encodeURIComponent(values.lesson)}`;
  const { page } = window;
  await page.goto(browser.base + path);
  await other.page.goto(browser.base + path);
  await other.page.getByLabel("Texte du fichier").fill(`${values.files[values.lesson]}\nLa phrase de l’autre.\n`);
  await press(other.page, "Enregistrer");
  await said(other.page, "Enregistré");
  await page.getByLabel("Texte du fichier").fill(`${values.files[values.lesson]}\nMa phrase.\n`);
  await press(page, "Enregistrer");
  await page.getByRole("alert").waitFor();
  const both = [page.getByLabel("Le texte enregistré entre-temps"), page.getByLabel("Votre texte", { exact: true })];
  const texts = await Promise.all(both.map((field) => field.inputValue()));
  window.demand(texts[0].includes("La phrase de l’autre."), "their text is lost");
  window.demand(texts[1].includes("Ma phrase."), "my text is lost");
  await sees(window, "conflict");
  await press(page, "Enregistrer mon texte à la place");
  await said(page, "Enregistré");
  await other.close();
}

async function previews(window, values) {
  const { page } = window;
  await window.visit("desk preview", at(values, "/apercu"));
  const lesson = values.lesson.replace("lessons/", "").replace(".md", "");
  await page.locator(`a[href$="/apercu/${lesson}"]`).first().click();
  await page.getByText("Brouillon : cette leçon n’est pas publiée.").waitFor();
  await sees(window, "preview of a lesson");
}

async function submits(window, values) {
  const { page } = window;
  await page.goto(window.browser.base + at(values, ""));
  await press(page, "Soumettre à la relecture");
  await said(page, "Brouillon soumis");
  await sees(window, "module submitted");
}

async function asksForChanges(window, values) {
  const { page } = window;
  await page.goto(`${window.browser.base}/atelier`);
  await sees(window, "mine of a reviewer");
  await page.locator(`a[href="${at(values, "/relecture")}"]`).first().click();
  await sees(window, "review");
  await page.getByLabel("Fichier", { exact: true }).selectOption("module.toml");
  await press(page, "Lire ce fichier");
  await page.getByLabel("Fichier", { exact: true }).selectOption(values.lesson);
  await press(page, "Lire ce fichier");
  await page.getByLabel("Ligne", { exact: true }).fill("7");
  await page.getByLabel("Commentaire", { exact: true }).fill("Dites d’où cela vient.");
  await press(page, "Garder ce commentaire");
  await page.getByRole("heading", { name: "Commentaires gardés : 1" }).waitFor();
  await sees(window, "review with a comment");
  await press(page, "Rendre la relecture");
  await page.getByRole("alert").waitFor();
  window.demand((await page.getByLabel(`${values.lesson}, ligne 7`).inputValue()).startsWith("Dites"), "the comment is lost");
  await sees(window, "review refused");
  await page.getByLabel("Les deux").check();
  await page.getByLabel("Demander des changements").check();
  await page.getByLabel("Avis", { exact: true }).fill("Une source manque.");
  await press(page, "Rendre la relecture");
  await said(page, "Relecture rendue");
}

async function mends(window, values) {
  const { page } = window;
  await window.visit("desk reviews received", at(values, "/relecture"));
  await page.getByRole("link", { name: /ligne 7/ }).click();
  await page.getByText("Dites d’où cela vient.").last().waitFor();
  await sees(window, "editor with a comment");
  await page.getByLabel("Texte du fichier").fill(`${values.files[values.lesson]}\nUne phrase de plus.\n`);
  await press(page, "Enregistrer");
  await said(page, "Enregistré");
  await submits(window, values);
}

async function accepts(window, values) {
  const { page } = window;
  await page.goto(window.browser.base + at(values, "/relecture"));
  await page.getByLabel("Les deux").check();
  await page.getByLabel("Accepter ces fichiers tels quels").check();
  await page.getByLabel("Avis", { exact: true }).fill("Relu, accepté.");
  await press(page, "Rendre la relecture");
  await said(page, "Relecture rendue");
}

/** The publication, by keyboard alone from the choice of the change to the act. */
async function publishes(window, values) {
  const { page } = window;
  await window.visit("desk publish", at(values, "/publier"));
  window.demand(await page.getByText("moins de 5").first().isVisible(), "the numbers are not there");
  await window.tabTo((focus) => focus.id.startsWith("change-"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await window.tabTo((focus) => focus.text === "Voir l’aperçu");
  await page.keyboard.press("Enter");
  await page.waitForURL(/change=/);
  await window.tabTo((focus) => focus.id === "note", 80);
  await page.keyboard.type("Première version.");
  await window.tabTo((focus) => focus.text === "Publier", 20);
  await sees(window, "publication ready");
  await page.keyboard.press("Enter");
  await said(page, "Version 1 publiée");
  await sees(window, "module published");
}

async function anyoneReads(browser, values) {
  const window = await browser.window("plain");
  const { page } = window;
  await page.goto(`${browser.base}/catalogue?q=${values.code}`);
  const link = page.locator(`a[href="/modules/${values.code}"]`).first();
  window.demand((await link.count()) === 1, "nobody finds it");
  await link.click();
  const lesson = values.lesson.replace("lessons/", "").replace(".md", "");
  await page.goto(`${browser.base}/modules/${values.code}/lecons/${lesson}`);
  window.demand(await page.getByText("Une phrase de plus.").isVisible(), "the lesson is not the one written");
  browser.checked += 1;
  await window.close();
}

/** What else there is: the next draft and its differences, what is to be reviewed, refusals. */
async function others({ trainer, reviewer, publisher }, values) {
  const { page } = trainer;
  await page.goto(trainer.browser.base + at(values, ""));
  await press(page, "Ouvrir un brouillon");
  await said(page, "Brouillon ouvert");
  await page.goto(`${trainer.browser.base}${at(values, "/fichiers")}?path=${encodeURIComponent(values.lesson)}`);
  await page.getByLabel("Texte du fichier").fill(`${values.files[values.lesson]}\nUne phrase changée.\n`);
  await press(page, "Enregistrer");
  await said(page, "Enregistré");
  await trainer.visit("desk differences", at(values, "/differences"));
  await trainer.visit("desk reviewers", at(values, "/relecteurs"));
  await trainer.visit("desk publish forbidden", at(values, "/publier"), 403);
  await trainer.visit("desk module unknown", "/atelier/RIEN", 404);
  await reviewer.visit("desk to review", "/atelier/a-revoir");
  await publisher.visit("desk publish too early", at(values, "/publier?change=legal&mois=6"));
  await publisher.visit("desk retire", at(values, "/retirer"));
  const { status } = await page.request.post(trainer.browser.base + at(values, "/soumettre"), {
    form: { jeton: "un autre" }, headers: { accept: "text/html", origin: "https://ailleurs.example" },
  }).then((answer) => ({ status: answer.status() }));
  trainer.demand(status === 403, `a form from elsewhere answers ${status}`);
}

/** A call of the API by somebody, beside the pages. */
async function api(window, { login, password }) {
  const { request } = window.page;
  const base = `${window.browser.base}/api/v1`;
  const signed = await (await request.post(`${base}/sign-in`, { data: { login, password } })).json();
  const headers = { authorization: `Bearer ${signed.access_token}` };
  return async (method, path, data, more = {}) => {
    const answer = await request.fetch(base + path, { method, data, headers: { ...headers, ...more } });
    window.demand(answer.ok(), `${method} ${path} answers ${answer.status()}`);
    return answer;
  };
}

/** A learner asks and complains: the lists, a thread, an answer. */
async function hears({ trainer, publisher }, values) {
  const { page } = trainer;
  await trainer.visit("desk feedback none", "/atelier/retours");
  const learner = await api(trainer, values.learner);
  const enrolled = await learner("POST", `/modules/${values.code}/enrolments`, {});
  const { id, lessons } = await enrolled.json();
  const question = { kind: "question", lesson: lessons[0].slug, text: "Et pour un syndicat de communes ?" };
  await learner("POST", `/enrolments/${id}/feedback`, question);
  await learner("POST", "/complaints", { module: values.code, text: "La durée annoncée est trop courte." });
  await trainer.visit("desk feedback", "/atelier/retours");
  await page.locator('a[href^="/atelier/retours/"]').first().click();
  await page.getByText("Et pour un syndicat de communes ?").waitFor();
  await sees(trainer, "thread");
  await page.getByLabel("Votre réponse").fill("La règle est la même.");
  await press(page, "Répondre");
  await said(page, "Réponse envoyée");
  await sees(trainer, "thread answered");
  await publisher.visit("desk complaints", "/atelier/retours?bureau=plaintes");
  await publisher.page.locator('a[href^="/atelier/retours/"]:not([href*="?"])').last().click();
  await publisher.page.getByText("La durée annoncée est trop courte.").waitFor();
  await sees(publisher, "complaint");
}

/** A text that the module cites changes: what is to be reviewed, and what is decided of it. */
async function reviewsAgain({ trainer, reviewer }, values) {
  const { page } = reviewer;
  const register = await api(reviewer, values.reviewer);
  const cited = "/references/rgpd-28-10";
  const tag = (await register("GET", cited)).headers().etag;
  const text = { text: "Règlement (UE) 2016/679, art. 28, tel que modifié", grade: "V", verified_on: "2026-11-01" };
  await register("POST", `${cited}/versions`, text, { "if-match": tag });
  await trainer.visit("desk to review of a trainer", "/atelier/a-revoir");
  await reviewer.visit("desk to review open", "/atelier/a-revoir");
  await page.locator("summary").first().click();
  await page.getByLabel("Le contenu est à changer").first().check();
  await page.getByLabel("Pourquoi").first().fill("   ");
  await page.getByRole("button", { name: "Décider", exact: true }).first().click();
  await page.getByRole("alert").waitFor();
  await sees(reviewer, "to review refused");
  await page.getByLabel("Pourquoi").first().fill("Le texte a changé : une leçon le dit encore.");
  await page.getByRole("button", { name: "Décider", exact: true }).first().click();
  await said(page, "Décision enregistrée");
  await reviewer.visit("desk to review decided", "/atelier/a-revoir?etat=decides");
  await reviewer.visit("desk to review closed", "/atelier/a-revoir?etat=clos");
}

/** The pages on which one works, on a phone. */
async function onPhone(browser, values) {
  const window = await browser.window("phone");
  await window.signIn(values.trainer, "/atelier");
  await sees(window, "mine");
  const path = encodeURIComponent(values.lesson);
  for (const [name, form] of [
    ["module", ""], ["sheet", "/fiche"], ["editor", `/fichiers?path=${path}`], ["preview", "/apercu"],
    ["differences", "/differences"], ["review", "/relecture"], ["upload", "/televerser"], ["add", "/ajouter"],
    ["reviewers", "/relecteurs?organisme=local%3Amaitrise"],
  ]) {
    await window.visit(`desk ${name}`, at(values, form));
  }
  await window.visit("desk feedback", "/atelier/retours");
  await window.page.locator('a[href^="/atelier/retours/"]').first().click();
  await sees(window, "thread");
  await window.visit("desk to review", "/atelier/a-revoir?etat=decides");
  await window.close();
  const publisher = await browser.window("phone");
  await publisher.signIn(values.publisher, "/atelier");
  await publisher.visit("desk publish", at(values, "/publier"));
  await publisher.close();
}
