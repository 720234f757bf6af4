// A learner's own pages: from enrolling to the attestation with a script, without one, by keyboard, on
// a phone, and on a connection that goes away.
//
// values: learner (an account), code (a module whose whole bank is asked), key (its right answers, by
// the text of the question), others (three modules that one may enrol in; the first is required), keys
// (their right answers), stranger (somebody without a capacity), superseded (a training of which a newer
// version is published, whose test is bounded), session (the title of one about E1 that has one seat).

export default async function (browser, values) {
  const places = await withScript(browser, values);
  await refused(browser, values);
  await superseded(browser, values);
  await withoutScript(browser, values);
  await onBadConnection(browser, values);
  await withKeyboard(browser, values);
  await everywhere(browser, values, places);
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const said = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();
const path = (page) => new URL(page.url()).pathname;

async function enrols(window, code, look = false) {
  const { page } = window;
  await page.goto(`${window.browser.base}/modules/${code}`);
  await page.getByRole("link", { name: "Suivre et être attesté·e" }).click();
  await page.waitForURL(/\/inscription$/);
  if (look) await window.look("learner enrol");
  await press(page, "M’inscrire");
  await page.waitForURL(/\/mes-formations\/[^/]+$/);
  return path(page);
}

/** Reads every lesson by its button, from the first that was not. */
async function reads(window, look = false) {
  const { page } = window;
  await page.getByRole("link", { name: /^Continuer : / }).first().click();
  for (let lesson = 1; lesson < 40; lesson += 1) {
    await page.waitForURL(/\/lecons\//);
    if (look && lesson === 1) await window.look("learner lesson");
    const before = page.url();
    await press(page, "J’ai lu cette leçon");
    await page.waitForURL((url) => url.href !== before);
    if (!path(page).includes("/lecons/")) return;
  }
  throw new Error("the lessons never end");
}

/** Ticks or ranks the right answer of the question at hand. */
async function answers(page, key) {
  const right = key[(await page.locator("legend").textContent()).trim()];
  const ranks = (await page.locator(".rank").count()) > 0;
  for (const [rank, text] of right.entries()) {
    const field = page.getByLabel(text, { exact: true });
    if (ranks) await field.selectOption(String(rank + 1));
    else await field.check();
  }
}

/** What the question at hand is like. */
async function kind(page) {
  if ((await page.locator(".rank").count()) > 0) return "order";
  if ((await page.locator("blockquote").count()) > 0) return "scenario";
  return (await page.locator("input[type=checkbox]").count()) > 0 ? "several" : "single";
}

/** Answers every question, in turn, and stops at the summary. */
async function sits(window, key, look = false) {
  const { page } = window;
  const seen = new Set();
  while (/\/mes-tests\/[^/]+\/\d+$/.test(page.url())) {
    const like = await kind(page);
    if (look && !seen.has(like)) await window.look(`learner question ${like}`);
    if (look && !seen.has(like) && like === "order") await twice(window);
    await answers(page, key);
    if (look && !seen.has(like)) await window.look(`learner question ${like} answered`);
    seen.add(like);
    const before = page.url();
    await page.getByRole("button", { name: /^Enregistrer et / }).click();
    await page.waitForURL((url) => url.href !== before);
  }
  if (look) window.demand(seen.size === 4, `only ${[...seen]} were asked`);
}

/** The same rank twice is told, with what was chosen. */
async function twice(window) {
  const { page } = window;
  for (const rank of await page.locator(".rank select").all()) await rank.selectOption("1");
  await page.getByRole("button", { name: /^Enregistrer et / }).click();
  await page.getByRole("alert").waitFor();
  window.demand((await page.locator("select").first().inputValue()) === "1", "the ranks are lost");
  await window.look("learner question order refused");
}

/** Somebody who is neither élu nor agent is told so before they try. */
async function refused(browser, values) {
  const window = await browser.window("phone");
  const { page } = window;
  await window.signIn(values.stranger, "/mon-espace");
  await window.look("learner day empty");
  await window.visit("learner enrol refused", `/modules/${values.others[0]}/inscription`);
  await page.getByRole("alert").waitFor();
  await window.visit("learner enrol in a path refused", "/parcours/ELUS/inscription");
  await window.visit("learner data of somebody", "/mes-donnees");
  await window.close();
}

/** A newer version is published: one moves, then meets the bounds of its test. */
async function superseded(browser, values) {
  const window = await browser.window("phone");
  const { page } = window;
  await window.signIn(values.learner, "/mon-espace");
  await window.visit("learner training superseded", values.superseded);
  await page.getByRole("link", { name: "passer à la nouvelle" }).click();
  await window.look("learner newer version");
  await press(page, "Passer à la version 2");
  await said(page, "Vous suivez maintenant la version 2");
  await press(page, "Commencer le test");
  await page.waitForURL(/\/1$/);
  await page.getByText(/il reste (59|60) min/).waitFor();
  await window.look("learner question with a time");
  await page.getByRole("link", { name: "Toutes les questions et le bilan" }).click();
  await press(page, "Rendre le test");
  await said(page, "Test non réussi.");
  await window.look("learner result failed");
  await page.getByRole("link", { name: "Revenir à ma formation" }).click();
  await page.getByText("La prochaine tentative est ouverte").waitFor();
  await window.look("learner training paused");
  await window.close();
}

/** A seat in a session: asked for, seen, given up; the address of one's calendar. */
async function seat(window, values) {
  const { page } = window;
  await window.visit("learner module with sessions", "/modules/E1");
  await page.getByRole("link", { name: /sessions/i }).last().click();
  await window.look("learner sessions of a module");
  await page.getByRole("link", { name: values.session }).click();
  await window.look("learner session");
  await press(page, "M’inscrire");
  await said(page, "Vous êtes inscrit·e : une place vous est réservée.");
  await window.look("learner sessions seated");
  await press(page, "Créer une adresse");
  await page.getByText("Votre adresse est prête.").waitFor();
  await window.look("learner sessions calendar");
  await page.getByRole("link", { name: values.session, exact: true }).click();
  await page.getByText("complet", { exact: true }).waitFor();
  await window.look("learner session full");
  await page.getByRole("link", { name: "Vous êtes sur la liste" }).click();
  await page.getByRole("link", { name: /^Me désister/ }).click();
  await window.look("learner session leave");
  await press(page, "Libérer ma place");
  await said(page, "Vous n’êtes plus sur la liste de cette session.");
  await window.look("learner sessions left");
}

async function withScript(browser, values) {
  const window = await browser.window("desktop");
  const { page } = window;
  await window.signIn(values.learner, "/mon-espace");
  await window.look("learner day due");
  await page.getByRole("link", { name: /^pourquoi et pourquoi ce jour/ }).first().click();
  await window.look("learner owed");
  await window.visit("learner attestations none", "/mes-attestations");
  await window.visit("learner questions none", "/mes-questions");
  await window.visit("learner sessions none", "/mes-sessions");
  await seat(window, values);
  const course = await enrols(window, values.code, true);
  await window.look("learner training begun");
  await window.visit("learner day begun", "/mon-espace");
  await page.goto(browser.base + course);
  await reads(window, true);
  await window.look("learner training read");
  await press(page, "Commencer le test");
  await page.waitForURL(/\/mes-tests\/[^/]+\/1$/);
  const attempt = path(page).replace(/\/1$/, "");
  await window.visit("learner summary empty", attempt);
  await page.goto(`${browser.base}${attempt}/1`);
  await sits(window, values.key, true);
  await window.look("learner summary answered");
  await back(window, attempt);
  await press(page, "Rendre le test");
  await page.getByRole("heading", { name: "Résultat du test" }).waitFor();
  await said(page, "Test réussi.");
  await window.look("learner result passed");
  await page.getByRole("link", { name: "Signaler une erreur dans la question 1", exact: true }).click();
  await window.look("learner report");
  await page.getByLabel("Votre message").fill("La référence a changé.");
  await press(page, "Envoyer");
  await said(page, "C’est envoyé");
  await window.look("learner thread");
  const thread = path(page);
  await page.goto(browser.base + course);
  await window.look("learner training completed");
  await page.getByRole("link", { name: "Donner mon avis" }).click();
  await window.look("learner opinion");
  await page.getByRole("group", { name: "Ce module vous a-t-il été utile ?" }).getByLabel("5, tout à fait").check();
  await press(page, "Enregistrer mon avis");
  await said(page, "Merci");
  await window.visit("learner attestations", "/mes-attestations");
  const pdf = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Attestation de fin de formation/ }).click();
  window.demand((await pdf).suggestedFilename().endsWith(".pdf"), "no PDF");
  await page.locator('a[href^="/verifier/"]').click();
  await said(page, "authentique");
  await page.goto(`${browser.base}/parcours/ELUS`);
  await page.getByRole("link", { name: "Suivre ce parcours" }).click();
  await window.look("learner enrol in a path");
  await press(page, "Suivre ce parcours");
  await page.waitForURL(/\/mes-parcours\//);
  await window.look("learner path");
  const followed = path(page);
  await window.close();
  return { course, attempt, thread, followed };
}

/** Back and forward between questions: what was answered stands there. */
async function back(window, attempt) {
  const { page } = window;
  await page.goto(`${window.browser.base}${attempt}/2`);
  await press(page, "Question précédente");
  await page.waitForURL(/\/1$/);
  const given = () => page.locator("input:checked, select option:checked:not([value=''])").count();
  window.demand((await given()) > 0, "the answer to the first question is lost");
  await page.goBack();
  await page.goForward();
  window.demand((await given()) > 0, "going back and forward loses the answer");
  await page.goto(window.browser.base + attempt);
  window.demand((await page.getByText("sans réponse").count()) === 0, "an answer is lost");
}

/** The whole story in a browser without JavaScript. */
async function withoutScript(browser, values) {
  const window = await browser.window("plain");
  const { page } = window;
  await window.signIn(values.learner, "/mon-espace");
  await enrols(window, values.others[0]);
  await reads(window);
  await press(page, "Commencer le test");
  await page.waitForURL(/\/mes-tests\/[^/]+\/1$/);
  await sits(window, values.keys[values.others[0]]);
  await press(page, "Rendre le test");
  await said(page, "Test réussi.");
  await page.getByRole("link", { name: "Mes attestations" }).first().click();
  window.demand((await page.locator('a[href$="/certificat.pdf"]').count()) === 2, "not two attestations");
  browser.checked += 1;
  await window.close();
}

/** The network goes away while one answers: nothing is lost, and what was answered arrives once. */
async function onBadConnection(browser, values) {
  const window = await browser.window("phone");
  const { page } = window;
  const code = values.others[1];
  await window.signIn(values.learner, "/mon-espace");
  const course = await enrols(window, code);
  await press(page, "Commencer le test");
  await page.waitForURL(/\/mes-tests\/[^/]+\/1$/);
  const first = page.url();
  const arrived = [];
  page.on("response", (response) => {
    if (response.request().method() === "POST" && response.url() === first) arrived.push(response.status());
  });
  await window.offline(true);
  await answers(page, values.keys[code]);
  await said(page, "En attente du réseau");
  await window.look("learner question offline");
  await page.getByRole("button", { name: /^Enregistrer et / }).click();
  await page.waitForTimeout(300);
  window.demand(page.url() === first, "it left while offline");
  window.demand(arrived.length === 0, "something arrived while offline");
  await window.offline(false);
  await page.waitForURL(/\/2$/);
  window.demand(arrived.join() === "204", `the answer arrived as ${arrived}, not once`);
  const given = () => page.locator("input:checked, select option:checked:not([value=''])").count();
  await page.goto(first);
  window.demand((await given()) > 0, "the answer did not arrive");
  // Away again, and the page is left and opened again once the network is back.
  await page.goto(first.replace(/1$/, "2"));
  await window.offline(true);
  await answers(page, values.keys[code]);
  await said(page, "En attente du réseau");
  await window.offline(false);
  await said(page, "Réponse enregistrée");
  await page.goto(first.replace(/\/1$/, ""));
  window.demand((await page.getByText("répondu", { exact: true }).count()) === 2, "two answers did not arrive");
  await page.goto(`${browser.base}${course}/quitter`);
  await window.look("learner leave");
  await page.getByLabel("Je n’ai pas le temps en ce moment").check();
  await press(page, "Quitter cette formation");
  await said(page, "Vous avez quitté");
  await window.close();
}

/** Answers the question whose first field has the focus: each thing to put in order has its own rank. */
async function choosesByKeyboard(page) {
  if ((await kind(page)) !== "order") return page.keyboard.press("Space");
  const count = await page.locator(".rank select").count();
  for (let rank = 1; rank <= count; rank += 1) {
    if (rank > 1) await page.keyboard.press("Tab");
    for (let press = 0; press < rank; press += 1) await page.keyboard.press("ArrowDown");
  }
}

/** From the module's page to an answer that is kept, without a mouse. */
async function withKeyboard(browser, values) {
  const window = await browser.window("desktop");
  const { page } = window;
  await window.signIn(values.learner, `/modules/${values.others[2]}`);
  await window.tabTo((focus) => focus.text === "Suivre et être attesté·e");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/inscription$/);
  await window.tabTo((focus) => focus.text === "M’inscrire");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/mes-formations\/[^/]+$/);
  await window.tabTo((focus) => focus.text.startsWith("Continuer : "));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/lecons\//);
  const lesson = page.url();
  await window.tabTo((focus) => focus.text === "J’ai lu cette leçon", 200);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== lesson);
  await page.goto(lesson.replace(/\/lecons\/.*/, ""));
  await window.tabTo((focus) => focus.text === "Commencer le test", 80);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/1$/);
  await window.tabTo((focus) => focus.tag === "INPUT" || focus.tag === "SELECT");
  await choosesByKeyboard(page);
  await window.tabTo((focus) => focus.text.startsWith("Enregistrer et "), 20);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/2$/);
  browser.checked += 1;
  await window.close();
}

/** Every page again, on a phone and in the dark. */
async function everywhere(browser, values, { course, attempt, thread, followed }) {
  for (const kind of ["phone", "dark"]) {
    const window = await browser.window(kind);
    const { page } = window;
    await window.signIn(values.learner, "/mon-espace");
    await window.look("learner day");
    for (const [name, at] of [
      ["training", course], ["result", attempt], ["opinion", `${course}/avis`], ["ask", `${course}/question`],
      ["version", `${course}/version`], ["thread", thread], ["path", followed], ["leave path", `${followed}/quitter`],
      ["attestations", "/mes-attestations"], ["sessions", "/mes-sessions"], ["open sessions", "/sessions"], ["questions", "/mes-questions"], ["complain", "/mes-questions/reclamation"],
      ["data", "/mes-donnees"], ["declare", "/mes-donnees/qualite?q=beauce"],
      ["declare as what", "/mes-donnees/qualite?organisation=insee:35021"],
      ["enrol", `/modules/${values.others[1]}/inscription`],
    ]) {
      await window.visit(`learner ${name}`, at);
    }
    await page.goto(browser.base + course);
    await page.locator('.lessons a').first().click();
    await window.look("learner lesson read");
    await page.goto(`${browser.base}/modules/${values.others[2]}/inscription`);
    await page.waitForURL(/\/mes-formations\//);
    await window.look("learner training going on");
    await page.getByRole("link", { name: "Reprendre le test" }).first().click();
    await window.look("learner summary");
    await page.locator("ol a").first().click();
    await window.look("learner question");
    await window.visit("learner not found", "/mes-formations/x", 404);
    await window.close();
  }
}
