"use strict";

/* What is filled in is kept on the telephone until it is taken, and deleted then. Sent twice it counts once: it has a
   key of its own. Where nothing can be kept the form is sent as any other. */
const main = document.querySelector("main");
const form = document.querySelector("form");
const told = document.getElementById("told");
const list = document.getElementById("waiting");
const shelf = `forewarn.form.${main.dataset.feed}`;
const AGAIN = 30_000, PATIENCE = 30_000;
let sending = false;

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? "[]");
  } catch {
    return [];
  }
}

function keep(reports) {
  try {
    if (reports.length) localStorage.setItem(shelf, JSON.stringify(reports));
    else localStorage.removeItem(shelf);
    return true;
  } catch {
    return false;
  }
}

const without = (id) => keep(waiting().filter((one) => one.fields.id !== id));
const noted = (id, wrong) => keep(waiting().map((one) => (one.fields.id === id ? { ...one, wrong } : one)));

/* What may have become of a report: taken, refused with a sentence, or nobody knows. */
async function sent(fields) {
  try {
    const answer = await fetch(location.href, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected || answer.status === 403) return { later: main.dataset.again };
    const said = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok && said.kept) return { kept: true };
    if ([400, 413, 422].includes(answer.status) && said.wrong) return { wrong: said.wrong };
    return { later: said.wrong ?? "" };
  } catch {
    return { later: "" };
  }
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const { fields } of waiting().filter((one) => !one.wrong)) {
      const { kept, wrong, later } = await sent(fields);
      if (kept) {
        without(fields.id);
        tell(main.dataset.taken);
      } else if (wrong) {
        noted(fields.id, wrong);
      } else {
        show(later);
        return;
      }
      show();
    }
  } finally {
    sending = false;
  }
}

function tell(text) {
  told.textContent = text;
  told.hidden = !text;
}

function show(later = "") {
  const reports = waiting();
  list.hidden = !reports.length;
  list.querySelector("ul").replaceChildren(...reports.map((one) => {
    const item = document.createElement("li"), what = document.createElement("b"), state = document.createElement("p");
    what.textContent = one.said;
    state.textContent = one.wrong ? `${main.dataset.wrong} ${one.wrong}` : later || main.dataset.waits;
    state.className = one.wrong ? "" : "small";
    item.className = one.wrong ? "wrong" : "";
    item.append(what, state);
    if (one.wrong) item.append(press(main.dataset.mend, () => mend(one)), press(main.dataset.delete, () => drop(one)));
    return item;
  }));
}

function press(text, done) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", done);
  return button;
}

function drop(one) {
  without(one.fields.id);
  show();
}

function mend(one) {
  for (const field of form.elements) {
    if (field.type === "radio") field.checked = one.fields[field.name] === field.value;
    else if (field.name) field.value = one.fields[field.name] ?? "";
  }
  touched = true;
  drop(one);
  form.elements.area.focus();
}

/* Now, on the clocks of the place, in the form's own writing. */
function now() {
  const how = { timeZone: main.dataset.zone, dateStyle: "short", timeStyle: "short" };
  return new Intl.DateTimeFormat("sv-SE", how).format(new Date()).replace(" ", "T");
}

function anew() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const area = form.elements.area.value;
  form.reset();
  form.elements.area.value = area;
  form.elements.id.value = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  form.querySelectorAll("[type=radio]").forEach((one) => (one.checked = false));
  form.querySelectorAll("textarea, [type=number]").forEach((one) => (one.value = ""));
  touched = false;
  form.elements.at.value = now();
}

/* By what somebody knows a report again: where, when, and what was chosen first. */
function said(fields) {
  const place = form.elements.area.selectedOptions[0]?.textContent;
  const chosen = form.querySelector(":checked + span")?.textContent;
  return [place, fields.at.replace("T", " "), chosen].filter(Boolean).join(document.documentElement.lang === "en" ? ", " : "，");
}

let touched = Boolean(document.querySelector(".refused"));
form.elements.at.addEventListener("input", () => (touched = true));
form.addEventListener("submit", (event) => {
  const fields = Object.fromEntries(new FormData(form));
  if (!keep([...waiting(), { fields, said: said(fields) }])) return;
  event.preventDefault();
  document.querySelector(".refused")?.remove();
  tell("");
  anew();
  show();
  scrollTo(0, 0);
  send();
});

addEventListener("online", send);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (!touched) form.elements.at.value = now();
  send();
});
setInterval(send, AGAIN);
if (!touched) anew();
show();
send();

/* So that the page opens where there is no network. */
if (main.dataset.worker && "serviceWorker" in navigator && isSecureContext) {
  navigator.serviceWorker.register(main.dataset.worker, { scope: "/f/" }).then(async () => {
    const kept = await caches.open("forewarn-form");
    const parts = ["answer.css", "form.css", "form.js"].map((one) => main.dataset.files + one);
    await kept.addAll([location.href, ...parts]);
  }).catch(() => {});
}
