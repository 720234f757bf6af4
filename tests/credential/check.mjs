// Checks a credential and a status list as somebody else would, with `jose` and the published keys alone:
//
//   node tests/credential/check.mjs FOLDER
//
// FOLDER holds keys.json, credential.jwt and list.jwt. Prints what it understood as JSON; ends with 1 when
// anything does not verify.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { createLocalJWKSet, jwtVerify } from "jose";

const folder = process.argv[2];
const text = async (name) => (await readFile(`${folder}/${name}`, "utf8")).trim();
const keys = createLocalJWKSet(JSON.parse(await text("keys.json")));
const algorithms = ["EdDSA", "ES256", "RS256"];

const credential = await jwtVerify(await text("credential.jwt"), keys, { algorithms, typ: "JWT" });
const list = await jwtVerify(await text("list.jwt"), keys, { algorithms, typ: "vc+jwt" });
const encoded = list.payload.credentialSubject.encodedList;
if (!encoded.startsWith("u")) throw new Error("not multibase base64url");
const bits = gunzipSync(Buffer.from(encoded.slice(1), "base64url"));
const status = credential.payload.credentialStatus;
const index = Number(status.statusListIndex);
console.log(
  JSON.stringify({
    header: credential.protectedHeader,
    credential: credential.payload,
    list: list.payload.id,
    places: bits.length * 8,
    revoked: (bits[index >> 3] & (0x80 >> (index & 7))) !== 0,
  }),
);
