// Runs one scenario in Debian's Chromium against a server that is already there:
//
//   node tests/browser/run.mjs http://127.0.0.1:8080 scenario.json
//
// The file says which scenario (`scenario`, a file of scenarios/), where screenshots go (`shots`), and
// what the scenario needs to know (accounts, addresses). Ends with 0, or says what is wrong and ends
// with 1. No request may leave the server under test.
import { readFile } from "node:fs/promises";
import { Browser } from "./kit.mjs";

const [base, file] = process.argv.slice(2);
if (!base || !file) {
  console.error("usage: node tests/browser/run.mjs URL SCENARIO.json");
  process.exit(2);
}
const values = JSON.parse(await readFile(file, "utf8"));
const { default: scenario } = await import(`./scenarios/${values.scenario}.mjs`);
const browser = await Browser.open(base, values.shots);
try {
  await scenario(browser, values);
} catch (error) {
  browser.faults.push(error.stack ?? String(error));
} finally {
  await browser.close();
}
for (const fault of browser.faults) console.error(`- ${fault}`);
console.log(`${browser.checked} states checked, ${browser.faults.length} faults`);
process.exit(browser.faults.length === 0 && browser.checked > 0 ? 0 : 1);
