// Checks in the browser what an attestation key signed: the proof after « # » in the address, or a
// document or credential chosen or dropped. Nothing of it is sent: keys and status are asked by code.
"use strict";

const utf8 = new TextEncoder();

/** Base64url, strictly: one way to write the same bytes. */
function bytesOf(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  if (textOf(bytes) !== text) throw new Error("base64url");
  return bytes;
}

function textOf(bytes) {
  const text = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text)));
const json = (part) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(part)));

const ALGORITHMS = {
  EdDSA: { name: "Ed25519" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};

/** The claims of a compact form that one of these keys signed, with its header. */
async function opened(signed, keys) {
  const [head, body, signature, more] = signed.trim().split(".");
  if (signature === undefined || more !== undefined) throw new Error("parts");
  const header = json(head);
  const jwk = keys.find((key) => key.kid === header.kid && key.alg === header.alg);
  if (!jwk || !ALGORITHMS[header.alg]) throw new Error("key");
  const { kty, crv, x, y, n, e } = jwk;
  const algorithm = ALGORITHMS[header.alg];
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y, n, e }, algorithm, false, ["verify"]);
  const right = await crypto.subtle.verify(algorithm, key, bytesOf(signature), utf8.encode(`${head}.${body}`));
  if (!right) throw new Error("signature");
  const claims = json(body);
  const at = header.typ === undefined ? claims.t * 86400 : claims.nbf;
  if (!Number.isFinite(at) || (jwk.retired_at && at * 1000 > Date.parse(jwk.retired_at))) throw new Error("date");
  return { header, claims, jwk };
}

/** A name as it is compared: case, accents, apostrophes and the order of words do not matter. */
function nameKey(name) {
  const plain = name.replace(/[\u02bb-\u02bf]/g, " ").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const opened = plain.replaceAll("œ", "oe").replaceAll("æ", "ae");
  const words = opened.split(/[^\p{Alphabetic}\p{N}]+/u).filter((word) => word);
  return words.sort((a, b) => (a < b ? -1 : Number(a > b))).join(" ");
}

/** What is shown of a proof or of a credential, and whether a name is the holder's. */
function toldBy({ header, claims }) {
  if (header.typ === undefined) {
    const day = new Date(claims.t * 86400000).toISOString().slice(0, 10);
    const digest = async (name) => textOf((await sha256(`${claims.c}\n${nameKey(name)}`)).slice(0, 16));
    const isOf = async (name) => (await digest(name)) === claims.h;
    return { code: claims.c, module: claims.m, version: claims.v, tree: hex(bytesOf(claims.d)), day, isOf };
  }
  if (header.typ !== "JWT" || !claims.type.includes("AchievementCredential")) throw new Error("type");
  const { achievement, activityEndDate, identifier } = claims.credentialSubject;
  const [{ salt, identityHash }] = identifier;
  const isOf = async (name) => {
    const typed = name.trim().split(/\s+/).join(" ").normalize("NFC");
    return `sha256$${hex(await sha256(typed + salt))}` === identityHash;
  };
  return {
    code: claims.id.split("/").pop(),
    module: achievement.humanCode,
    version: achievement.version,
    title: achievement.name,
    tree: claims.evidence[0].narrative.replace("SHA-256 ", ""),
    day: activityEndDate.slice(0, 10),
    isOf,
  };
}

/** The credential in a file: the file itself, or what is attached to a PDF. */
async function credentialIn(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  if (!text.startsWith("%PDF-")) {
    const said = text.trim();
    return said.startsWith("{") ? JSON.parse(said).id.split(",").pop() : said;
  }
  for (const { index, 0: start } of text.matchAll(/stream\r?\n/g)) {
    const dictionary = text.slice(text.lastIndexOf(" obj", index), index);
    const length = /\/Length (\d+)/.exec(dictionary);
    if (!/\/EmbeddedFile\b(?!s)/.test(dictionary) || !length) continue;
    const from = index + start.length;
    const data = bytes.slice(from, from + Number(length[1]));
    const plain = dictionary.includes("/FlateDecode")
      ? await new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"))).text()
      : new TextDecoder().decode(data);
    if (plain.split(".").length === 3) return plain;
  }
  throw new Error("nothing attached");
}

const STATUS = {
  genuine: "L'attestation est en vigueur.",
  superseded: "L'attestation est authentique, et a été remplacée depuis.",
  revoked: "L'attestation a été révoquée : elle n'est plus valable.",
  unknown: "Ce site ne connaît pas cette attestation : la signature ne suffit pas.",
};

async function statusOf(code) {
  try {
    const answer = await fetch(`/api/v1/verify/${encodeURIComponent(code)}`);
    return STATUS[(await answer.json()).status] ?? "L'état n'a pas pu être demandé.";
  } catch {
    return "L'état n'a pas pu être demandé : sans réseau, seule la signature est vérifiée.";
  }
}

function field(id, label, properties) {
  const named = document.createElement("label");
  Object.assign(named, { htmlFor: id, textContent: label });
  const input = Object.assign(document.createElement("input"), { id, ...properties });
  return [named, input];
}

function begin() {
  const section = document.getElementById("signature");
  if (!section || !globalThis.crypto?.subtle) return;
  const result = document.getElementById("signature-resultat");
  const plain = { autocomplete: "off", spellcheck: false, maxLength: 200 };
  const [nameLabel, name] = field("signature-nom", "Prénom et nom portés sur le document", plain);
  const [fileLabel, file] = field("signature-fichier", "Document (PDF) ou justificatif signé (.jwt, .json)", {
    type: "file",
    accept: ".pdf,.jwt,.json,application/pdf",
  });
  document.getElementById("signature-champs").append(nameLabel, name, fileLabel, file);
  section.hidden = false;
  let shown = null;

  const say = (right, lines) => {
    const told = lines.map((line) => Object.assign(document.createElement("p"), { textContent: line }));
    told[0].className = right ? "genuine" : "unknown";
    result.replaceChildren(...told);
  };
  const compare = async () => {
    if (!shown) return;
    const lines = [...shown.lines];
    const typed = name.value.trim();
    const right = !typed || (await shown.isOf(typed));
    if (typed && right) lines.push("Le nom saisi est celui du titulaire.");
    if (!right) lines.unshift("Le nom saisi n'est pas celui du titulaire.");
    say(right, lines);
  };
  const check = async (read) => {
    try {
      const keys = (await (await fetch("/.well-known/attestation-keys.json")).json()).keys;
      const { header, claims, jwk } = await opened(await read(), keys);
      const told = toldBy({ header, claims });
      const day = new Date(`${told.day}T12:00:00Z`).toLocaleDateString("fr-FR", { dateStyle: "long" });
      const lines = [
        "La signature est authentique : rien n'a été modifié.",
        `Module ${told.module}, version ${told.version}${told.title ? ` : ${told.title}` : ""} ; achevé le ${day}.`,
        `Code ${told.code} ; empreinte du contenu ${told.tree} ; clé ${jwk.kid} (${jwk.alg}).`,
        await statusOf(told.code),
      ];
      shown = { lines, isOf: told.isOf };
      await compare();
    } catch {
      shown = null;
      say(false, ["La signature n'est pas celle de ce site, ou quelque chose a été modifié."]);
    }
  };

  name.addEventListener("input", compare);
  file.addEventListener("change", () => file.files[0] && check(() => credentialIn(file.files[0])));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer.files[0];
    if (dropped) check(() => credentialIn(dropped));
  });
  const proof = () => location.hash.length > 1 && check(async () => location.hash.slice(1));
  addEventListener("hashchange", proof);
  proof();
}

begin();
