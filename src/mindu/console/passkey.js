// Makes a passkey, or signs in by one; the buttons show where the browser can.
const lost = document.getElementById("lost");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const post = async (path, told) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const answer = await fetch(`/api/v1/passkey/${path}`, { method: "POST", body: JSON.stringify(told ?? {}), headers: { "X-CSRF-Token": token } });
  if (!answer.ok) throw new Error((await answer.json()).error[document.documentElement.lang === "en" ? "en" : "zh"]);
  return answer.json();
};

async function passkey(button) {
  const enrol = button.dataset.passkey === "enrol";
  const asked = await post(enrol ? "begin-enrol" : "begin-enter");
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const known of asked.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await (enrol ? navigator.credentials.create({ publicKey: asked }) : navigator.credentials.get({ publicKey: asked }));
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  await post(enrol ? "finish-enrol" : "finish-enter", { id: made.id, rawId: text(made.rawId), type: made.type, response });
  location.assign(enrol ? "/account" : button.dataset.then || "/");
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", () => passkey(button).catch((wrong) => { lost.textContent = wrong.message; lost.hidden = false; }));
}
