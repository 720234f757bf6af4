// The script of a learner's pages; each of them works without it. It keeps answers of a test while the
// network is away, says where they stand, and says that a lesson is being read. It fetches nothing but
// from the page's own site, and keeps nothing once the tab is closed.
"use strict";
(() => {
  const STORE = "maitrise.reponses";
  const FIRST = 1000, LONGEST = 30000;
  const form = document.querySelector("form[data-garder]");
  const hand = document.querySelector("form[data-rendre]");
  const line = document.getElementById("attente");
  const token = (form ?? hand)?.elements.jeton.value;
  let memory = "{}", busy = null, pause = FIRST, timer = 0, wanted = null, shut = false;

  /* What waits to be sent: the answer to each question, by the address of its form. */
  const read = () => {
    try { memory = sessionStorage.getItem(STORE) ?? "{}"; } catch { /* the tab's memory does */ }
    return JSON.parse(memory);
  };
  const write = (all) => {
    memory = JSON.stringify(all);
    try { sessionStorage.setItem(STORE, memory); } catch { /* likewise */ }
  };
  const waiting = () => Object.keys(read()).length > 0;
  const say = (state, text) => {
    if (!line || line.textContent === text) return;
    line.hidden = false;
    line.dataset.etat = state;
    line.textContent = text;
  };

  const send = async (action, answer) => {
    const body = new URLSearchParams(answer);
    body.set("jeton", token);
    body.set("aller", "garder");
    try {
      const signal = AbortSignal.timeout(15000);
      const reply = await fetch(action, { method: "POST", body, signal, redirect: "manual" });
      // Sent elsewhere: somebody between here and there asks to sign in.
      return reply.type === "opaqueredirect" ? 403 : reply.status;
    } catch {
      return 0;
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, LONGEST);
    say("attente", "En attente du réseau : votre réponse est gardée dans cet onglet et partira d’elle-même.");
  };

  /* Sends what waits, one after the other; whether nothing waits any more. */
  const flushed = async () => {
    for (;;) {
      const [action, answer] = Object.entries(read())[0] ?? [];
      if (action === undefined) break;
      const status = await send(action, answer);
      if (status === 0 || status === 408 || status === 429 || status >= 500) {
        later();
        return false;
      }
      if (status === 403) {
        shut = true;
        say("refus", "Votre session a pris fin : connectez-vous dans un autre onglet, puis rechargez cette page. Votre réponse est gardée.");
        return false;
      }
      const all = read();
      if (all[action] === answer) delete all[action];
      write(all);
      if (status >= 300 || status < 200) {
        say("refus", "Cette réponse n’a pas été prise : rechargez la page pour voir où en est le test.");
        return false;
      }
    }
    pause = FIRST;
    return true;
  };
  async function flush() {
    clearTimeout(timer);
    busy ??= flushed().finally(() => { busy = null; });
    const done = await busy;
    if (done && waiting()) return flush();
    if (done) after();
    return done;
  }
  /* Everything is kept: go on to where one was going. */
  const after = () => {
    if (form) say("garde", "Réponse enregistrée.");
    if (wanted && navigator.onLine) {
      const go = wanted;
      wanted = null;
      go();
    }
  };
  addEventListener("online", () => {
    if (!shut && (waiting() || wanted)) flush();
  });

  if (form) {
    const action = new URL(form.action).pathname;
    const answer = () => {
      const fields = new URLSearchParams(new FormData(form));
      fields.delete("jeton");
      return fields.toString();
    };
    const ranks = [...form.querySelectorAll("select")];
    const partial = () => ranks.some((r) => r.value) &&
      new Set(ranks.map((r) => r.value).filter(Boolean)).size < ranks.length;
    /* What waits from before is what was answered last. */
    const kept = read()[action];
    if (kept !== undefined) {
      const fields = new URLSearchParams(kept);
      for (const input of form.querySelectorAll("input[name=choix]")) {
        input.checked = fields.getAll("choix").includes(input.value);
      }
      for (const rank of ranks) rank.value = fields.get(rank.name) ?? "";
    }
    let saved = kept === undefined ? answer() : null;
    const keep = () => {
      if (answer() === saved && !(action in read())) return;
      saved = answer();
      write({ ...read(), [action]: saved });
    };
    form.addEventListener("change", () => {
      if (partial()) return say("", "");
      keep();
      say("", "Enregistrement…");
      flush();
    });
    form.addEventListener("submit", (event) => {
      const to = event.submitter?.dataset.vers;
      if (!to || partial() || shut) return;
      event.preventDefault();
      keep();
      wanted = () => location.assign(to);
      if (!navigator.onLine && !waiting()) {
        return say("attente", "En attente du réseau : la suite s’ouvrira d’elle-même.");
      }
      flush();
    });
  }

  if (hand) {
    hand.addEventListener("submit", (event) => {
      if (!waiting()) return;
      event.preventDefault();
      wanted = () => hand.submit();
      flush();
    });
  }
  if (token && waiting()) {
    flush().then((done) => { if (done && hand && !wanted) location.reload(); });
  }

  /* How long is left, beside the hour that the page gives. */
  const end = document.querySelector("[data-fin]");
  if (end) {
    const tick = () => {
      const minutes = Math.ceil((new Date(end.dataset.fin) - Date.now()) / 60000);
      end.textContent = minutes > 0 ? ` (il reste ${minutes} min)` : " (le temps est écoulé)";
    };
    tick();
    setInterval(tick, 15000);
  }

  /* A lesson is being read: so many seconds since the last time it was said, while it is in sight. */
  const lesson = document.querySelector("[data-presence]");
  if (lesson) {
    let since = Date.now(), seen = 0;
    const sight = () => {
      if (document.visibilityState === "visible") since = Date.now();
      else { seen += Date.now() - since; since = NaN; }
    };
    const beat = (first) => {
      const now = Number.isNaN(since) ? 0 : Date.now() - since;
      const seconds = Math.min(300, Math.round((seen + now) / 1000));
      if (!first && seconds < 1) return;
      seen = 0;
      if (!Number.isNaN(since)) since = Date.now();
      const body = new URLSearchParams({ jeton: lesson.dataset.jeton, secondes: Math.max(1, seconds) });
      navigator.sendBeacon(lesson.dataset.presence, body);
    };
    document.addEventListener("visibilitychange", sight);
    addEventListener("pagehide", () => beat(false));
    setInterval(() => beat(false), 60000);
    beat(true);
  }
})();
