// What anyone sees: the home page, the catalogue, a module, a lesson, signing in, errors.

/** Pages and their states: name, path, status. */
function states({ module, lessons, link, attestation }) {
  return [
    ["home", "/", 200],
    ["catalogue", "/catalogue", 200],
    ["catalogue results", "/catalogue?q=ia", 200],
    ["catalogue narrowed", "/catalogue?q=ia&public=elu&tri=duree", 200],
    ["catalogue nothing", "/catalogue?q=zzzzzz&public=elu", 200],
    ["catalogue refused", "/catalogue?public=maire", 422],
    ["module", `/modules/${module}`, 200],
    ...lessons.map((path, n) => [`lesson ${n + 1}`, path, 200]),
    ["paths", "/parcours", 200],
    ["path ordered", "/parcours/CADRES", 200],
    ["path free", "/parcours/ELUS", 200],
    ["path with a choice", "/parcours/PREMIERE-HEURE", 200],
    ["path not found", "/parcours/RIEN", 404],
    ["sign in", "/connexion", 200],
    ["password forgotten", "/mot-de-passe-oublie", 200],
    ["account organisation", "/demander-un-compte", 200],
    ["account organisation found", "/demander-un-compte?q=beau", 200],
    ["account organisation none", "/demander-un-compte?q=zzzzzz", 200],
    ["account organisation unknown", "/demander-un-compte?organisation=insee%3A99999", 422],
    ["account person", "/demander-un-compte?organisation=insee%3A35021", 200],
    ["password link", link, 200],
    ["password link spent", "/liens/x", 410],
    ["verify", "/verifier", 200],
    ["verify genuine", `/verifier/${attestation}`, 200],
    ["verify unknown", "/verifier?code=0000", 200],
    ["not found", "/nulle-part", 404],
    ["module not found", "/modules/RIEN", 404],
    ["accessibility", "/accessibilite", 200],
    ["legal notice", "/mentions-legales", 200],
    ["personal data", "/donnees-personnelles", 200],
  ];
}

export default async function (browser, values) {
  const titles = new Map();
  for (const kind of ["desktop", "phone", "dark"]) {
    const window = await browser.window(kind);
    for (const [name, path, status] of states(values)) {
      const bytes = await window.visit(name, path, status);
      if (kind === "desktop") {
        console.log(`${name}: ${bytes} bytes`);
        if (status === 200) noteTitle(browser, titles, name, await window.page.title());
      }
    }
    await window.close();
  }
  await signingIn(browser, values);
  await forgotten(browser);
  await withoutScript(browser, values);
  await withKeyboard(browser, values);
}

/** A title says which page it is: two pages have two. */
function noteTitle(browser, titles, name, title) {
  const twin = titles.get(title);
  const same = ["verify", "verify genuine", "verify unknown"];
  if (twin && !(same.includes(name) && same.includes(twin))) {
    browser.fault(name, `has the title of ${twin}: ${title}`);
  }
  titles.set(title, name);
}

async function signingIn(browser, { account, trainer }) {
  for (const kind of ["desktop", "phone"]) {
    const window = await browser.window(kind);
    const { page } = window;
    await page.goto(`${browser.base}/connexion`);
    await page.getByLabel("Identifiant").fill(account.login);
    await page.getByLabel("Mot de passe").fill("pas celui-là du tout");
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByRole("alert").waitFor();
    window.demand((await page.getByLabel("Identifiant").inputValue()) === account.login, "the name is lost");
    await window.look("sign in refused");
    await window.signIn(account, "/catalogue");
    window.demand(new URL(page.url()).pathname === "/catalogue", "not back where one was going");
    await window.look("catalogue signed in");
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("status").filter({ hasText: "déconnecté" }).waitFor();
    await window.look("signed out");
    await window.signIn(trainer);
    window.demand(await page.getByRole("link", { name: "Mon atelier" }).isVisible(), "no workbench");
    await window.look("home of a trainer");
    await window.close();
  }
}

/** From signing in to the sentence that says that a link is on its way. */
async function forgotten(browser) {
  for (const kind of ["phone", "plain"]) {
    const window = await browser.window(kind);
    const { page } = window;
    await page.goto(`${browser.base}/connexion`);
    await page.getByRole("link", { name: "Mot de passe oublié" }).click();
    await page.getByLabel("Identifiant").fill("personne@mairie.example");
    await page.getByRole("button", { name: "Recevoir un lien" }).click();
    await page.getByRole("status").filter({ hasText: "un lien" }).waitFor();
    if (kind === "phone") await window.look("password link asked for");
    await window.close();
  }
}

/** Everything is served as it stands: a browser without JavaScript shows and sends the same. */
async function withoutScript(browser, { account, module }) {
  const window = await browser.window("plain");
  const { page } = window;
  await page.goto(`${browser.base}/`);
  await page.getByLabel("Que cherchez-vous ?").fill("ia");
  await page.getByRole("button", { name: "Chercher" }).click();
  await page.waitForURL(/\/catalogue\?q=ia/);
  window.demand((await page.locator(".hits > li").count()) > 0, "no result without JavaScript");
  await page.goto(`${browser.base}/modules/${module}`);
  await page.getByRole("link", { name: "Commencer la lecture" }).click();
  window.demand((await page.locator("article.lesson").count()) === 1, "no lesson without JavaScript");
  await page.getByRole("link", { name: "Parcours", exact: true }).click();
  await page.locator(".hits a").first().click();
  await page.waitForURL(/\/parcours\/[A-Z]/);
  await page.locator(".lessons a").first().click();
  await page.waitForURL(/\/modules\//);
  await window.signIn(account);
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await page.getByRole("link", { name: "Se connecter" }).waitFor();
  browser.checked += 1;
  await window.close();
}

/** From the skip link to a lesson, without a mouse. */
async function withKeyboard(browser) {
  const window = await browser.window("desktop");
  const { page } = window;
  await page.goto(`${browser.base}/catalogue`);
  const [first] = await window.tabTo(() => true, 1);
  window.demand(first.class === "skip", `the first stop is « ${first.text} », not the skip link`);
  await page.keyboard.press("Enter");
  const inside = await page.evaluate(() => document.activeElement.id);
  window.demand(inside === "contenu", "the skip link does not lead to the content");
  await window.tabTo((focus) => focus.id === "q", 2);
  await page.keyboard.type("ia");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=ia/);
  await window.tabTo((focus) => focus.href?.startsWith("#filtres") || focus.href?.startsWith("/modules/"));
  await window.tabTo((focus) => focus.area === "Trier et affiner" && focus.href.includes("public="));
  await page.keyboard.press("Enter");
  await page.waitForURL(/public=/);
  const passed = await window.tabTo((focus) => focus.href?.startsWith("/modules/"));
  window.demand(passed.some((focus) => focus.class === "skip"), "the skip link is not on the way");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/modules\//);
  await window.tabTo((focus) => focus.text === "Commencer la lecture");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/lecons\//);
  await window.tabTo((focus) => focus.area === "Leçon précédente et suivante", 200);
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  browser.checked += 1;
  await window.close();
}
