"use strict";
// The page's own words in another language; what the document says stays as it is.
const WORDS = JSON.parse(document.getElementById("words").textContent);

function speak(language) {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = WORDS[language][one.dataset.word];
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", WORDS[language][one.dataset.label]);
  document.getElementById("language").lang = language === "vi" ? "en" : "vi";
}

document.getElementById("language").addEventListener("click", () =>
  speak(document.documentElement.lang === "vi" ? "en" : "vi"));

const PLAN = JSON.parse(document.getElementById("plan").textContent);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const field = (path) => document.getElementById(path);

// What stands in the controls. Empty means: not stated.

const clean = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

const readers = {
  string: (one) => clean(one.value),
  nullable: (one) => clean(one.value) || null,
  year: (one) => (one.value === "" ? null : Math.trunc(Number(one.value))),
  lines: (one) => one.value.split("\n").map(clean).filter(Boolean),
  record: (one) => readRecord(one),
  time: (one) => readRecord(one),
  records: (one) => all(".row", one).map(readRecord).filter(Boolean),
};

function readRecord(root) {
  const parts = all("[data-part]", root);
  if (parts.every((one) => one.type === "checkbox" || !clean(one.value))) return null;
  return Object.fromEntries(parts.map((one) => [one.dataset.part, readPart(one)]));
}

// The words of a name, a kind or a label are never null in a plan.
const REQUIRED = { ".row": ["name", "type", "label", "text"], "[data-kind=time]": ["text"] };

function readPart(one) {
  if (one.type === "checkbox") return one.checked;
  const needed = Object.entries(REQUIRED).some(([root, names]) => one.closest(root) && names.includes(one.dataset.part));
  return clean(one.value) || (needed ? "" : null);
}

const controls = all("[data-kind]");
const read = (one) => readers[one.dataset.kind](one);
const before = new Map(controls.map((one) => [one, JSON.stringify(read(one))]));
const isChanged = (one) => JSON.stringify(read(one)) !== before.get(one);

// The corrected plan: what was not touched stays to the letter.

function put(plan, path, kind, value) {
  const keys = path.split(".");
  const last = keys.pop();
  const parent = keys.reduce((part, key) => part[key], plan);
  parent[last] = kind === "time" && value ? inOrder({ milestones: [], ...parent[last], ...value }) : value;
}

function inOrder({ text, start, end, recurrence, condition, milestones }) {
  return { text, start, end, recurrence, condition, milestones };
}

function withoutEmptyTimes(frame) {
  return frame && { ...frame, milestones: frame.milestones.filter(Boolean).map(withoutEmptyTimes) };
}

function corrected() {
  const plan = structuredClone(PLAN);
  // inner times first: an outer one that is emptied takes them along
  for (const one of [...controls].reverse()) if (isChanged(one)) put(plan, one.dataset.path, one.dataset.kind, read(one));
  for (const path of settled()) {
    const [, number, name] = path.split(".");
    const task = plan.tasks[number];
    task.confidence[name] = 1;
    task.needs_review = task.needs_review.filter((one) => one !== name);
  }
  const removed = new Set(all("[data-remove]:checked").map((one) => Number(one.dataset.remove)));
  plan.tasks = plan.tasks.filter((_, number) => !removed.has(number));
  for (const task of plan.tasks) task.time_frame = withoutEmptyTimes(task.time_frame);
  return plan;
}

// Paths of the tasks' fields that a person has seen: changed, or ticked.
function settled() {
  const changed = controls.filter(isChanged).map((one) => one.closest(".field")?.id).filter(Boolean);
  return new Set([...changed, ...all("[data-check]:checked").map((one) => one.dataset.check)]);
}

let saved = true;

function save() {
  const link = document.createElement("a");
  const text = JSON.stringify(corrected(), null, 2) + "\n";
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const name = (PLAN.source.file || "plan").split(/[\\/]/).pop();
  link.download = `${name.replace(/\.[^.]*$/, "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  saved = true;
}

// From a field to its place on the page, and back.

function mark(path) {
  for (const one of all(".on")) one.classList.remove("on");
  const number = path.split(".")[1];
  const boxes = all(`#pages .box[data-tasks~="${number}"], #pages [data-fields~="${path}"]`);
  for (const one of [...boxes, field(`tasks.${number}`)]) one.classList.add("on");
  return boxes;
}

function showPlace(path) {
  const boxes = mark(path);
  const lines = boxes.filter((one) => one.matches(`[data-fields~="${path}"]`));
  (lines[0] || boxes[0])?.scrollIntoView({ block: lines.length ? "center" : "start" });
  return boxes;
}

let current = null;

// a line tells the field; a task's box its first doubtful one
function showField(spot) {
  const number = spot.dataset.tasks.split(" ")[0];
  const path = spot.dataset.fields?.split(" ")[0];
  const target = (path && field(path)) || document.querySelector(`[id="tasks.${number}"] .field.doubtful`) || field(`tasks.${number}.text`);
  go(target, false);
}

function go(target, withPlace = true) {
  current = target;
  target.scrollIntoView({ block: "start" });
  target.querySelector("textarea, input, select").focus({ preventScroll: true });
  if (withPlace) showPlace(target.id);
  else mark(target.id);
}

// Doubtful fields, the least sure first.

const doubts = all("[data-doubt]").map((one) => one.dataset.doubt);

function step(by) {
  const open = doubts.filter((path) => !isSettled(path) || path === current?.id);
  if (!open.length) return;
  const at = open.indexOf(current?.id);
  const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : (at + by + open.length) % open.length;
  go(field(open[next]));
}

const isSettled = (path) => document.querySelector(`[data-check="${path}"]`).checked;

function count() {
  document.getElementById("left").textContent = doubts.filter((path) => !isSettled(path)).length;
  for (const one of all("[data-doubt]")) one.classList.toggle("done", isSettled(one.dataset.doubt));
  for (const one of all(".field.doubtful")) one.classList.toggle("done", isSettled(one.id));
}

// a row that is begun is followed by another empty one
function grow(row) {
  if (row !== row.parentElement.lastElementChild || !readRecord(row)) return;
  const next = row.cloneNode(true);
  for (const one of all("input", next)) { one.value = ""; one.checked = false; }
  row.after(next);
}

document.addEventListener("input", (event) => {
  saved = false;
  const row = event.target.closest(".row");
  if (row) grow(row);
  const own = event.target.closest(".field.doubtful");
  if (own && event.target.type !== "checkbox") own.querySelector("[data-check]").checked = true;
  count();
});

document.addEventListener("focusin", (event) => {
  const own = event.target.closest?.(".field");
  if (own && own !== current) { current = own; showPlace(own.id); }
});

document.addEventListener("click", (event) => {
  const own = event.target.closest(".field");
  const spot = event.target.closest("#pages [data-tasks]");
  const link = event.target.closest("[data-doubt] a");
  if (link) { event.preventDefault(); go(field(link.hash.slice(1))); }
  else if (spot) showField(spot);
  else if (own && !event.target.closest("label, details")) { current = own; showPlace(own.id); }
});

document.addEventListener("keydown", (event) => {
  const own = event.target.closest(".field");
  const spot = event.target.closest("#pages [data-tasks]");
  let done = true;
  if (event.altKey && event.key === "ArrowDown") step(1);
  else if (event.altKey && event.key === "ArrowUp") step(-1);
  else if (event.ctrlKey && event.key.toLowerCase() === "s") save();
  else if (event.ctrlKey && event.key === "Enter" && own) check(own);
  else if (event.key === "Escape" && own) showPlace(own.id).find((one) => one.tabIndex === 0)?.focus();
  else if ((event.key === "Enter" || event.key === " ") && spot) showField(spot);
  else done = false;
  if (done) event.preventDefault();
});

function check(own) {
  const box = own.querySelector("[data-check]");
  if (box) box.checked = true;
  saved = false;
  count();
  step(1);
}

document.getElementById("save").addEventListener("click", save);
document.getElementById("next").addEventListener("click", () => step(1));
document.getElementById("previous").addEventListener("click", () => step(-1));
window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
