// Makes a passkey, or signs in by one; the buttons show where the browser can.
const lost = document.getElementById("lost");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function step(button, name, told) {
  const path = `${button.dataset.root}/passkey/${name}?r=${encodeURIComponent(button.dataset.r ?? "")}`;
  const headers = { "X-CSRF-Token": button.dataset.token, "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(told ?? {}), headers });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

async function passkey(button) {
  const verb = button.dataset.passkey;
  const asked = await step(button, `begin-${verb}`);
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const known of asked.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await (verb === "enrol" ? navigator.credentials.create({ publicKey: asked }) : navigator.credentials.get({ publicKey: asked }));
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  const said = await step(button, `finish-${verb}`, { id: made.id, rawId: text(made.rawId), type: made.type, response });
  location.assign(said.to);
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", () => passkey(button).catch((wrong) => { lost.textContent = wrong.message; lost.hidden = false; }));
}
