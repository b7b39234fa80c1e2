// Comforts that the pages do without: the position of the phone, a sketch of the city to point at,
// and hints while an agent types.
"use strict";
const here = document.getElementById("here");
if (here && navigator.geolocation) {
  here.hidden = false;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition((at) => {
    document.getElementById("lat").value = at.coords.latitude.toFixed(6);
    document.getElementById("long").value = at.coords.longitude.toFixed(6);
  }));
}
const field = (name) => document.getElementById(name);
const point = field("point");
const SCALES = [1, 64];  // how far the sketch can be drawn nearer
if (point) {
  point.hidden = false;
  point.addEventListener("click", async () => {
    const given = await fetch(point.dataset.sketch);
    if (!given.ok) return;
    const told = new DOMParser().parseFromString(await given.text(), "image/svg+xml").documentElement;
    point.hidden = true;
    field("sketch").hidden = false;
    pins(field("pin"), field("pin").appendChild(document.importNode(told, true)));
    field("pin").focus();
  });
}
function pins(frame, svg) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const [west, north, east, south] = ["west", "north", "east", "south"].map((side) => Number(svg.dataset[side]));
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  let scale = 1, x = width / 2, y = height / 2, began = null, moved = false;
  const unit = () => Math.max(width / frame.clientWidth, height / frame.clientHeight) / scale;  // of the sketch to a pixel
  const show = () => {
    x = Math.min(width, Math.max(0, x));
    y = Math.min(height, Math.max(0, y));
    const [w, h] = [frame.clientWidth * unit(), frame.clientHeight * unit()];
    svg.setAttribute("viewBox", `${x - w / 2} ${y - h / 2} ${w} ${h}`);
    svg.style.fontSize = `${12 * unit()}px`;
    svg.setAttribute("class", scale < 3 ? "wide" : scale < 8 ? "mid" : "fine");
    svg.querySelectorAll("circle:not(.here)").forEach((dot) => dot.setAttribute("r", 3 * unit()));
    mark.setAttribute("r", 8 * unit());
  };
  const put = (at, down) => {
    mark.setAttribute("class", "here");
    mark.setAttribute("cx", at);
    mark.setAttribute("cy", down);
    svg.append(mark);
    field("lat").value = (north - down / height * (north - south)).toFixed(5);
    field("long").value = (west + at / width * (east - west)).toFixed(5);
  };
  const nearer = (by) => {
    scale = Math.min(SCALES[1], Math.max(SCALES[0], scale * by));
    show();
  };
  frame.addEventListener("pointerdown", (at) => { began = {at, x, y}; moved = false; frame.setPointerCapture(at.pointerId); });
  frame.addEventListener("pointermove", (at) => {
    if (!began) return;
    const [right, down] = [at.clientX - began.at.clientX, at.clientY - began.at.clientY];
    moved ||= Math.hypot(right, down) > 6;
    if (moved) { x = began.x - right * unit(); y = began.y - down * unit(); show(); }
  });
  frame.addEventListener("pointerup", (at) => {
    const box = frame.getBoundingClientRect();
    if (began && !moved) {
      const right = x + (at.clientX - box.left - box.width / 2) * unit();
      const down = y + (at.clientY - box.top - box.height / 2) * unit();
      if (right >= 0 && right <= width && down >= 0 && down <= height) {
        put(right, down);
        if (scale < 8) { x = right; y = down; nearer(4); }
      }
    }
    began = null;
  });
  frame.addEventListener("pointercancel", () => { began = null; });
  const steps = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  frame.addEventListener("keydown", (key) => {
    const step = steps[key.key];
    if (step) { x += step[0] * 40 * unit(); y += step[1] * 40 * unit(); show(); }
    else if (key.key === "+" || key.key === "=") nearer(2);
    else if (key.key === "-") nearer(0.5);
    else if (key.key === "Enter") put(x, y);
    else return;
    key.preventDefault();
  });
  field("nearer").addEventListener("click", () => nearer(2));
  field("farther").addEventListener("click", () => nearer(0.5));
  show();
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
