// What every scenario stands on: windows of several sizes, and what is asked of every page in them.
import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

/** Most bytes of a page with its stylesheet and its mark. */
export const MOST_BYTES = 60 * 1024;

/** Windows: what a context is made with. */
export const WINDOWS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  plain: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
};

export class Browser {
  faults = [];
  checked = 0;
  /* Whether a scenario has ever taken the network away. */
  away = false;

  static async open(base, shots) {
    const browser = new Browser();
    browser.base = base.replace(/\/$/, "");
    browser.shots = shots;
    if (shots) await mkdir(shots, { recursive: true });
    browser.chromium = await chromium.launch({
      executablePath: process.env.MAITRISE_TEST_CHROMIUM || "/usr/bin/chromium",
      // Chromium refuses its sandbox to root alone.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    return browser;
  }

  async close() {
    await this.chromium.close();
  }

  /** A window of its own, with no cookie. */
  async window(kind = "desktop") {
    const context = await this.chromium.newContext({ ...WINDOWS[kind], locale: "fr-FR" });
    await context.route("**/*", (route) => {
      const url = route.request().url();
      if (url.startsWith(`${this.base}/`)) return route.continue();
      this.faults.push(`a request left for ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("console", (message) => {
      // The browser itself says that a page is an error page: that is what was asked for.
      const status = message.text().startsWith("Failed to load resource: the server responded");
      // So does a network that the scenario took away.
      const away = this.away && message.text().includes("net::ERR_INTERNET_DISCONNECTED");
      if (message.type() === "error" && !status && !away) this.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.faults.push(`script: ${error.message}`));
    return new Window(this, page, kind);
  }

  fault(where, what) {
    this.faults.push(`${where}: ${what}`);
  }
}

export class Window {
  constructor(browser, page, kind) {
    Object.assign(this, { browser, page, kind });
  }

  async close() {
    await this.page.context().close();
  }

  /** Takes the network away, or gives it back. */
  async offline(away) {
    this.browser.away ||= away;
    await this.page.context().setOffline(away);
  }

  /** Goes to a path of the site, which answers `status`, and looks at the page as `name`. */
  async visit(name, path, status = 200) {
    const sizes = this.weigh();
    const response = await this.page.goto(this.browser.base + path);
    if (response.status() !== status) {
      this.browser.fault(name, `${path} answers ${response.status()}, not ${status}`);
    }
    const bytes = await sizes();
    if (bytes > MOST_BYTES) this.browser.fault(name, `${bytes} bytes are over ${MOST_BYTES}`);
    await this.look(name);
    return bytes;
  }

  /** Adds up what a page loads, until asked; films and pictures of lessons aside. */
  weigh() {
    const loads = [];
    const note = (response) => {
      if (["document", "stylesheet", "script", "other", "font"].includes(response.request().resourceType())) {
        loads.push(response.body().then((body) => body.length, () => 0));
      }
    };
    this.page.on("response", note);
    return async () => {
      await this.page.waitForLoadState("networkidle");
      this.page.off("response", note);
      return (await Promise.all(loads)).reduce((sum, bytes) => sum + bytes, 0);
    };
  }

  /** Asks of the page what every page owes, and takes its picture. */
  async look(name) {
    const { browser, page, kind } = this;
    const where = `${name} (${kind})`;
    browser.checked += 1;
    const seen = await page.evaluate(() => ({
      h1: document.querySelectorAll("h1").length,
      lang: document.documentElement.lang,
      title: document.title,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      wider: [...document.querySelectorAll("main *")]
        .filter((e) => !e.closest(".scroll, svg") && e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 3)
        .map((e) => `${e.tagName.toLowerCase()}.${e.className}`),
    }));
    if (seen.h1 !== 1) browser.fault(where, `${seen.h1} h1`);
    if (seen.lang !== "fr") browser.fault(where, `its language is ${seen.lang}`);
    if (!/^.{3,} — maitrise$/.test(seen.title)) browser.fault(where, `its title is ${seen.title}`);
    if (seen.wide > 0) browser.fault(where, `it scrolls sideways by ${seen.wide} px: ${seen.wider}`);
    if (browser.shots) {
      const file = `${browser.shots}/${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${kind}.png`;
      await page.screenshot({ path: file, fullPage: true });
    }
    await this.axe(where);
  }

  /** What axe-core finds: nothing, of any of its rules. */
  async axe(where) {
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode().analyze();
    for (const { id, help, nodes } of violations) {
      const places = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary ?? ""}`);
      this.browser.fault(where, `axe ${id}: ${help}: ${places.join(" | ")}`);
    }
  }

  /** Fills the sign-in form, and sends it. */
  async signIn({ login, password }, retour = "/") {
    await this.page.goto(`${this.browser.base}/connexion?retour=${encodeURIComponent(retour)}`);
    await this.page.getByLabel("Identifiant").fill(login);
    await this.page.getByLabel("Mot de passe").fill(password);
    await this.page.getByRole("button", { name: "Se connecter" }).click();
    await this.page.waitForURL((url) => url.pathname !== "/connexion");
  }

  /** Presses Tab until `wanted` holds of what has the focus; what had it on the way. */
  async tabTo(wanted, most = 60) {
    const passed = [];
    for (let presses = 0; presses < most; presses += 1) {
      await this.page.keyboard.press("Tab");
      const focus = await this.page.evaluate(() => {
        const e = document.activeElement;
        const box = e.getBoundingClientRect();
        const style = getComputedStyle(e);
        const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return {
          id: e.id, tag: e.tagName, class: e.className, href: e.getAttribute("href"),
          text: e.textContent.trim(), area: e.closest("nav, main, header, footer")?.getAttribute("aria-label"),
          visible: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0, ringed,
        };
      });
      passed.push(focus);
      if (focus.tag !== "BODY" && !(focus.visible && focus.ringed)) {
        this.browser.fault(this.page.url(), `the focus does not show on ${focus.tag} « ${focus.text} »`);
      }
      if (wanted(focus)) return passed;
    }
    throw new Error(`Tab never reaches it on ${this.page.url()}: ${passed.map((f) => f.text).join(" → ")}`);
  }

  /** Fails unless something holds. */
  demand(holds, what) {
    if (!holds) this.browser.fault(this.page.url(), what);
  }
}
