// Everything a page does by itself: its clock, its live parts, its keys, its map by day. No page needs it to be read.

const $ = (what, within = document) => within.querySelector(what);
const $$ = (what, within = document) => [...within.querySelectorAll(what)];
const root = document.documentElement;
const pad = (n) => String(Math.floor(n)).padStart(2, "0");

// The server's time: what this browser's clock says plus what it was off when the page came.
let offset = Number(root.dataset.at) * 1000 - Date.now();
const now = () => Date.now() + offset;

function tick() {
  for (const clock of $$("[data-clock]")) {
    const local = new Date(now() + Number(clock.dataset.zone) * 1000);
    clock.textContent = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}`;
  }
  for (const left of $$("[data-until]")) {
    const seconds = Math.max(0, Number(left.dataset.until) - now() / 1000);
    left.classList.toggle("soon", seconds > 0 && seconds < 60);
    const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
    left.textContent = h >= 1 ? `${Math.floor(h)}:${pad(m)}:${pad(s)}` : `${pad(m)}:${pad(s)}`;
  }
}

// Live parts: the page is fetched again and the parts that differ take the place of those that stand.
const later = new Map();
let chosen = $("[data-detail]")?.dataset.detail;
let asked = 0;

async function refresh() {
  const mine = ++asked;
  const address = new URL(location.href);
  const part = { "/": "/part/now", "/wall": "/part/wall" }[address.pathname];
  if (part) address.pathname = part;
  if (chosen) address.searchParams.set("warning", chosen);
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Answers may overtake each other: only that to the last question tells what is.
  if (mine !== asked) return;
  offset = Number(page.documentElement.dataset.at) * 1000 - Date.now();
  past = null;
  for (const part of $$("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    // What the pointer or a key is on does not move: it changes when they leave.
    if (part.id === "queue" && (part.matches(":hover") || part.contains(document.activeElement))) later.set(part.id, fresh);
    else replace(part, fresh);
  }
  paint();
  tick();
}

function replace(part, fresh) {
  const open = $$("details[open]", part).length > 0;
  part.replaceChildren(...document.adoptNode(fresh).childNodes);
  if (open) $$("details", part).forEach((one) => (one.open = true));
}

function settle(id) {
  const part = document.getElementById(id);
  if (part && later.has(id)) replace(part, later.get(id));
  later.delete(id);
}

let heard = Date.now();
function listen() {
  const source = new EventSource("/live");
  let state = root.dataset.state;
  source.onmessage = (event) => {
    heard = Date.now();
    if (event.data !== state) {
      state = event.data;
      refresh();
    }
  };
  source.addEventListener("alive", () => (heard = Date.now()));
}

function watch() {
  const band = $("#stale");
  if (!band) return;
  const stale = Date.now() - heard > 12000;
  if (stale && band.hidden) {
    const since = new Date(heard + offset + Number($("[data-clock]").dataset.zone) * 1000);
    const says = $("[data-says]", band);
    says.textContent = says.dataset.says.replace("@", `${pad(since.getUTCHours())}:${pad(since.getUTCMinutes())}`);
  }
  band.hidden = !stale;
}

// The map by day and domain: a string of digits for each, one for every area; fetched when first asked for.
let layer = "all";
let day = -1;
let past = null;
const NUMERALS = ["", "IV", "III", "II", "I"];
// A digit's grade, and whether it is hollow: odd ones are advisory.
const mark = (digit) => [Math.ceil(Number(digit) / 2), Number(digit) % 2 ? " adv" : ""];

function days() {
  past ??= fetch("/part/days").then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  return past;
}

async function paint() {
  marked();
  const canvas = $("canvas.map");
  if (day < 0 && layer === "all") {
    if (canvas) drawn(canvas, canvas.dataset.digits);
    if (!painted) return;
  }
  if (!$("#where, canvas.map")) return;
  const told = await days();
  if (!told) return;
  const days_ = told.layers[layer];
  const digits = days_[day < 0 ? days_.length - 1 : day] ?? "";
  painted = day >= 0 || layer !== "all";
  if (canvas) return drawn(canvas, digits);
  told.codes.forEach((code, n) => {
    const [grade, hollow] = mark(digits[n]);
    const found = (name) => $(`[data-${name}="${CSS.escape(code)}"]`);
    found("code")?.setAttribute("class", `land f${grade}${hollow}`);
    const says = found("code")?.querySelector("title");
    if (says) says.textContent = told.says[Number(digits[n])].replace("@", told.names[n]);
    $$(`[data-name="${CSS.escape(code)}"]`).forEach((line) => line.setAttribute("class", line.getAttribute("class").replace(/ n\d.*/, ` n${grade}${hollow}`)));
    const numeral = found("num");
    if (numeral) {
      numeral.setAttribute("class", `num n${grade}${hollow}`);
      numeral.textContent = NUMERALS[grade];
    }
  });
}

// Whether the shapes show another day or domain than the page came with.
let painted = false;

function marked() {
  const columns = $$(".dcol");
  const at = day < 0 ? columns.length - 1 : day;
  columns.forEach((column, n) => column.classList.toggle("on", n === at));
  const says = $("#asof");
  if (says && columns[at]) says.textContent = at === columns.length - 1 ? says.dataset.now : says.dataset.then.replace("@", columns[at].dataset.says);
  $$("[data-layer]").forEach((button) => {
    button.classList.toggle("on", button.dataset.layer === layer);
    button.setAttribute("aria-pressed", String(button.dataset.layer === layer));
  });
}

// A map of very many shapes is one picture: a path for each grade, and the borders over them.
const sheets = new Map();
function sheet(address) {
  if (!sheets.has(address)) sheets.set(address, fetch(address).then((answer) => answer.json()));
  return sheets.get(address);
}

async function drawn(canvas, digits) {
  const map = await sheet(canvas.dataset.map);
  const [left, top, width, height] = map.box;
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const scale = Math.min(wide / width, high / height);
  const pen = canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, wide, high);
  canvas.place = [scale, 0, 0, scale, (wide - width * scale) / 2 - left * scale, (high - height * scale) / 2 - top * scale];
  pen.setTransform(...canvas.place);
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name).trim();
  const paths = Array(9).fill("");
  map.paths.forEach((path, n) => (paths[Number(digits[n])] += path));
  // Round the whole of it, in most of which the fills below cover the line again: where land ends can be seen.
  const whole = new Path2D(map.paths.join(""));
  pen.strokeStyle = colour("--coast");
  pen.lineWidth = (3 * ratio) / scale;
  pen.stroke(whole);
  const names = ["--land", "--blue", "--yellow", "--orange", "--red"];
  paths.forEach((path, digit) => {
    const shapes = new Path2D(path);
    const [grade, hollow] = mark(digit);
    pen.fillStyle = colour(hollow ? "--bg" : names[grade]);
    pen.fill(shapes);
    if (hollow && path) {
      pen.save();
      pen.clip(shapes);
      pen.strokeStyle = colour(names[grade]);
      pen.lineWidth = (4 * ratio) / scale;
      pen.stroke(shapes);
      pen.restore();
    }
    pen.strokeStyle = colour("--bg");
    pen.lineWidth = (0.7 * ratio) / scale;
    pen.stroke(shapes);
  });
  canvas.dataset.drawn = digits.length;
}

// Which shape of the picture lies under the pointer.
async function under(canvas, event) {
  const map = await sheet(canvas.dataset.map);
  map.shapes ??= map.paths.map((path) => new Path2D(path));
  const ratio = devicePixelRatio || 1;
  const pen = canvas.getContext("2d");
  return map.codes.findIndex((_, n) => pen.isPointInPath(map.shapes[n], event.offsetX * ratio, event.offsetY * ratio));
}

document.addEventListener("pointermove", async (event) => {
  const canvas = event.target.closest?.("canvas.map");
  if (!canvas) return;
  const [at, told] = [await under(canvas, event), await days()];
  canvas.title = at < 0 || !told ? "" : told.names[at];
});
addEventListener("resize", () => $("canvas.map") && paint());

function turn(by) {
  const last = $$(".dcol").length - 1;
  if (last < 0) return;
  const at = Math.min(last, Math.max(0, (day < 0 ? last : day) + by));
  day = at === last ? -1 : at;
  paint();
}

let playing = 0;
function play() {
  if (playing) return void (clearInterval(playing), (playing = 0));
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return turn(day < 0 ? -1e9 : 1);
  day = 0;
  paint();
  playing = setInterval(() => {
    turn(1);
    if (day < 0) clearInterval(playing), (playing = 0);
  }, 500);
}

// The queue: choosing a row brings its pane, and the address with it.
async function choose(link) {
  chosen = link.dataset.warning;
  $$(".row.sel").forEach((row) => row.classList.remove("sel"));
  $$("[aria-current=true]").forEach((one) => one.removeAttribute("aria-current"));
  link.parentElement.classList.add("sel");
  link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.href);
  const answer = await fetch(`/part/warning/${encodeURIComponent(chosen)}`);
  const pane = answer.ok ? await answer.text() : "";
  // Another row may have been chosen meanwhile: a key must never act on what is not the chosen one.
  if (pane && chosen === link.dataset.warning) $("#side").innerHTML = pane;
}

function step(by) {
  const rows = $$("#queue [data-warning]").filter((row) => row.checkVisibility());
  // A warning may stand in several rows: its own, and those of what waits for somebody.
  const here = rows.findIndex((row) => row.parentElement.classList.contains("sel"));
  const at = here < 0 ? rows.findIndex((row) => row.dataset.warning === chosen) : here;
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (!next) return;
  next.focus();
  choose(next);
}

const KEYS = {
  j: () => step(1), k: () => step(-1), "[": () => turn(-1), "]": () => turn(1),
  Enter: () => chosen && document.activeElement.matches("[data-warning]") && location.assign(`/warning/${encodeURIComponent(chosen)}`),
  Escape: () => location.pathname !== "/" && history.back(),
};

// Acts: what asks for a reason does so in a dialog over the page; whatever is refused stays there with what
// was written. Without scripts the same forms are pages.
const ask = $("#ask") ?? document.body.appendChild(Object.assign(document.createElement("dialog"), { id: "ask" }));

async function open(link) {
  const address = new URL(link.href);
  address.searchParams.set("part", "1");
  const answer = await fetch(address);
  if (!answer.ok) return location.assign(link.href);
  shown(await answer.text());
}

function shown(html) {
  ask.innerHTML = html;
  if (!ask.open) ask.showModal();
}

async function send(form) {
  const said = new URLSearchParams(new FormData(form));
  said.set("part", "1");
  const buttons = $$("button", form);
  buttons.forEach((button) => (button.disabled = true));
  const answer = await fetch(form.action, { method: "POST", body: said }).catch(() => null);
  buttons.forEach((button) => (button.disabled = false));
  if (answer?.status === 409) return shown(await answer.text());
  if (!answer?.ok) return form.submit();
  if (ask.open) ask.close();
  await refresh();
  $(".row.sel a, #acts")?.focus();
}

function press(key) {
  const within = ask.open ? ask : document;
  const what = $(`[data-key="${CSS.escape(key)}"]`, within);
  if (!what) return false;
  if (what.matches("form")) what.requestSubmit();
  else open(what);
  return true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-act]")) return;
  event.preventDefault();
  send(event.target);
});

// Whether a key is a letter of something written; a field of a dialog just closed keeps the focus for a while.
const writes = (field) => field.matches("input, textarea, select") && field.checkVisibility();

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && ask.open) $("form", ask)?.requestSubmit();
  if (ask.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  const domain = $$("[data-layer]")[Number(event.key) - 1];
  if (domain) domain.click();
  else if (/^[a-z]$/.test(event.key) && press(event.key)) event.preventDefault();
  else if (KEYS[event.key] && $("#queue, .sheet")) {
    if (event.key === "Enter" && document.activeElement.matches("[data-warning]")) event.preventDefault();
    KEYS[event.key]();
  }
});

document.addEventListener("click", (event) => {
  const wish = event.target.closest("[data-ask]");
  if (wish && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    return void open(wish);
  }
  if (event.target.closest("[data-close]") && ask.open) {
    event.preventDefault();
    return ask.close();
  }
  const row = event.target.closest("[data-warning]");
  if (row && $("#side") && innerWidth > 900 && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    choose(row);
  }
  const button = event.target.closest("[data-layer]");
  if (button) (layer = button.dataset.layer), paint();
  const column = event.target.closest(".dcol");
  if (column) (day = Number(column.dataset.day)), turn(0);
  if (event.target.closest("#play")) play();
  const canvas = event.target.closest("canvas.map");
  if (canvas) Promise.all([under(canvas, event), sheet(canvas.dataset.map)]).then(([at, map]) => at >= 0 && location.assign(`/area/${encodeURIComponent(map.codes[at])}`));
  const place = event.target.closest("[data-code]");
  if (place) location.assign(`/area/${encodeURIComponent(place.dataset.code)}`);
});

$("#queue")?.addEventListener("pointerleave", () => settle("queue"));
setInterval(tick, 500);
setInterval(watch, 1000);
setInterval(refresh, 60000);
tick();
if ($("canvas.map")) paint();
listen();
