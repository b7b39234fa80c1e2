// Two comforts that the pages do without: the position of the phone, and hints while an agent types.
"use strict";
const here = document.getElementById("here");
if (here && navigator.geolocation) {
  here.hidden = false;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition((at) => {
    document.getElementById("lat").value = at.coords.latitude.toFixed(6);
    document.getElementById("long").value = at.coords.longitude.toFixed(6);
  }));
}
const words = document.getElementById("call-text");
const hints = document.getElementById("hints");
if (words && hints) {
  let waits = 0, asked = "";
  const ask = async () => {
    const text = words.value.slice(-2000);
    if (text === asked || text.length < 4) return;
    asked = text;
    const found = await fetch(words.dataset.hints, {method: "POST", body: new URLSearchParams({text})});
    if (found.ok && text === asked) hints.innerHTML = await found.text();
  };
  words.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(ask, 250); });
}
document.addEventListener("keydown", (key) => {
  if (!key.altKey || !/^[1-9]$/.test(key.key)) return;
  const pick = document.querySelectorAll("#hints [data-service]")[Number(key.key) - 1];
  const service = document.getElementById("service");
  if (pick && service) { service.value = pick.dataset.service; key.preventDefault(); }
});
