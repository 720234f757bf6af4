// Verifying an attestation: by its code and a name without a script, by its signature with one.

/** Waits for a sentence in the result, or says that it is not there. */
async function says(window, name, sentence) {
  try {
    await window.page.locator("#signature-resultat", { hasText: sentence }).waitFor({ timeout: 10_000 });
  } catch {
    const shown = await window.page.locator("#signature-resultat").textContent();
    window.browser.fault(name, `"${sentence}" is not said: ${shown}`);
  }
}

export default async function verify(browser, { code, proof, name, pdf, jwt, altered }) {
  const plain = await browser.window("plain");
  await plain.page.goto(`${browser.base}/verifier/${code}`);
  for (const [typed, sentence] of [
    [name.toUpperCase().split(" ").reverse().join(" "), "est celui du titulaire."],
    ["Quelqu'un d'Autre", "n'est pas celui du titulaire"],
  ]) {
    await plain.page.getByLabel("Prénom et nom portés sur le document").fill(typed);
    await plain.page.getByRole("button", { name: "Comparer" }).click();
    await plain.page.locator("p[role=status]", { hasText: sentence }).waitFor();
    if (plain.page.url().includes(encodeURIComponent(typed))) browser.fault("plain", "a name in an address");
  }
  if (await plain.page.locator("#signature").isVisible()) browser.fault("plain", "a part that needs a script");
  await plain.close();

  for (const kind of ["desktop", "phone"]) {
    const window = await browser.window(kind);
    await window.visit("proof", `/verifier/${code}#${proof}`);
    await says(window, "proof", "La signature est authentique");
    await says(window, "proof", "L'attestation est en vigueur");
    const typed = window.page.locator("#signature-nom");
    await typed.fill(name.toLowerCase());
    await says(window, "proof", "Le nom saisi est celui du titulaire");
    await typed.fill("Quelqu'un d'Autre");
    await says(window, "proof", "Le nom saisi n'est pas celui du titulaire");
    await window.look("proof of another");
    await typed.fill(name);
    for (const file of [pdf, jwt]) {
      await window.page.goto(`${browser.base}/verifier`);
      await window.page.locator("#signature-fichier").setInputFiles(file);
      await says(window, file, "La signature est authentique");
      await window.page.locator("#signature-nom").fill(name);
      await says(window, file, "Le nom saisi est celui du titulaire");
    }
    await window.page.locator("#signature-fichier").setInputFiles(altered);
    await says(window, "altered", "quelque chose a été modifié");
    const wrong = proof.slice(0, -20) + (proof.at(-20) === "A" ? "B" : "A") + proof.slice(-19);
    await window.page.goto(`${browser.base}/verifier#${wrong}`);
    await window.page.reload();
    await says(window, "altered proof", "quelque chose a été modifié");
    await window.look("altered proof");
    await window.close();
  }
}
