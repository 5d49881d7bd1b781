// The editor of rules: numbers beside the lines, what is wrong while one types, mends by one press. Tab leaves it,
// as it leaves any field.

const $ = (what, within = document) => within.querySelector(what);
const $$ = (what, within = document) => [...within.querySelectorAll(what)];
const form = $("[data-editor]");
const text = $("#text");
const gutter = $(".gut");
const draft = $("#draft");

const lineOf = (at) => text.value.slice(0, at).split("\n").length;
const startOf = (line) => text.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);

function number() {
  const lines = text.value.split("\n").length;
  const levels = new Map();
  for (const one of $$("[data-line]", draft)) {
    const line = Number(one.dataset.line);
    levels.set(line, Math.max(levels.get(line) ?? 0, Number(one.dataset.level)));
  }
  gutter.replaceChildren(...Array.from({ length: lines }, (_, n) => {
    const item = document.createElement("li");
    item.textContent = n + 1;
    if (levels.has(n + 1)) item.className = levels.get(n + 1) > 2 ? "bad" : "so";
    return item;
  }));
  gutter.scrollTop = text.scrollTop;
}

let asked = 0;
let waits = 0;
async function attend(what) {
  const own = ++asked;
  // What waits to be checked is checked with this: alone it would come later, and hide what this says.
  clearTimeout(waits);
  const said = new URLSearchParams({ text: text.value, do: what, part: "1" });
  if (what !== "check") draft.setAttribute("aria-busy", "true");
  const answer = await fetch(location.pathname, { method: "POST", body: said }).catch(() => null);
  draft.removeAttribute("aria-busy");
  if (!answer?.ok || own !== asked) return;
  draft.innerHTML = await answer.text();
  number();
}

text.addEventListener("input", () => {
  number();
  clearTimeout(waits);
  waits = setTimeout(() => attend("check"), 500);
});
text.addEventListener("scroll", () => (gutter.scrollTop = text.scrollTop));

function go(line) {
  const start = startOf(line);
  text.focus();
  text.setSelectionRange(start, start + (text.value.split("\n")[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (line - 6) * 20);
}

function put(start, end, what) {
  text.focus();
  text.setSelectionRange(start, end);
  // What is put so can be taken back with the keys that take back what was typed.
  if (!document.execCommand("insertText", false, what)) {
    text.setRangeText(what, start, end, "end");
    text.dispatchEvent(new Event("input"));
  }
}

function mend(button) {
  const line = Number(button.dataset.mend);
  const start = startOf(line);
  if (text.value.split("\n")[line - 1] !== button.dataset.before) return attend("check");
  put(start, start + button.dataset.before.length, button.dataset.after);
}

function next() {
  const here = lineOf(text.selectionStart);
  const lines = $$("[data-line]", draft).map((one) => Number(one.dataset.line)).sort((one, other) => one - other);
  const line = lines.find((one) => one > here) ?? lines[0];
  if (line) go(line);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "F8") event.preventDefault(), next();
  if (event.target !== text) return;
  if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    const button = $(`[data-line="${lineOf(text.selectionStart)}"] [data-mend]`, draft);
    if (button) mend(button);
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    attend("try");
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    // A new line begins as far in as the one before.
    event.preventDefault();
    const before = text.value.slice(0, text.selectionStart).split("\n").pop();
    put(text.selectionStart, text.selectionEnd, `\n${before.match(/^ */)[0]}`);
  }
});

draft.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mend], [data-go]");
  if (button?.dataset.mend) mend(button);
  else if (button) go(Number(button.dataset.go));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attend(event.submitter?.value ?? "check");
});
number();
