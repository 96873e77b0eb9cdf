"use strict";
// The text travels as JSON and reaches the page through text nodes only; one sheet of it is drawn at a time.
const data = JSON.parse(document.getElementById("data").textContent);
const edits = data.edits.map(([start, end, after, rule, grade, confidence, line, page, hash, boxes], index) => ({
  index, start, end, after, line, page, boxes, confidence, before: data.text.slice(start, end),
  rule: data.rules[rule], grade: data.grades[grade], id: `${data.places[index]}-${hash}`,
}));
const chinese = {
  rule: "规则", grade: "级别", sureness: "把握", state: "状态", all: "全部", open: "未答", answered: "已答",
  download: "下载答案", keys: "按键", accept: "接受", reject: "拒绝", write: "改写…", skip: "跳过", undo: "撤销",
  instead: "改为", keep: "保存", same: "此规则的其余各处", accept_same: "接受此规则的其余各处",
  reject_same: "拒绝此规则的其余各处", next: "下一处", previous: "上一处", nearer: "放大、缩小页面", close: "关闭",
  sure: "确定", likely: "很可能", suggested: "建议", page: "页", part: "部分", line: "行", nothing: "（无）",
  done: "没有（更多）符合条件的改动。", totals: (o, a, r, c) => `未答 ${o}，接受 ${a}，拒绝 ${r}，改写 ${c}`,
};
const english = {
  nothing: "(nothing)", page: "Page", part: "Part", line: "line", done: "No (more) changes of this kind.",
  totals: (o, a, r, c) => `${o} open, ${a} accepted, ${r} rejected, ${c} changed`,
};
const words = navigator.language.startsWith("zh") ? chinese : english;
const say = key => words[key] ?? english[key] ?? key;
const $ = id => document.getElementById(id);
const make = (tag, text, parent, name) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (name) node.className = name;
  if (parent) parent.append(node);
  return node;
};
// What steers a page or cannot be seen on it is written out.
const shown = text => text.replace(/\r\n?/g, "\n").replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
  c => c === "\n" || c === "\t" ? c : `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
const blank = text => text && !text.trim() ? text.replace(/[^\n]/g, "␣") : shown(text);
// Lines that are blank on the page say nothing here.
const running = text => shown(text).replace(/\n[ \t\u3000]*(?=\n)/g, "");
const flat = text => shown(text).replace(/\n/g, "⏎");

// --- answers ---------------------------------------------------------------------------------------------------------

const answers = new Map(Object.entries(data.answers));
const counts = {accept: 0, reject: 0, change: 0};
const history = [];
const shelf = `pbtool ${data.sha256 ?? data.source} ${data.stamp}`;
let saved = true, timer;

function restore() {
  try {
    for (const [id, answer] of JSON.parse(localStorage.getItem(shelf) ?? "[]")) answers.set(id, answer);
  } catch { /* a browser that keeps nothing still downloads */ }
  for (const edit of edits) if (answers.has(edit.id)) counts[answers.get(edit.id).verdict]++;
}
function store() {
  try { localStorage.setItem(shelf, JSON.stringify([...answers])); } catch { /* see restore */ }
}
function answer(edit, verdict, text) {
  const old = answers.get(edit.id);
  if (old) counts[old.verdict]--;
  if (verdict) {
    const given = {verdict};
    if (text !== undefined) given.text = text;
    if (data.who) Object.assign(given, {who: data.who, when: new Date().toISOString().replace(/\.\d+Z/, "+00:00")});
    answers.set(edit.id, given);
    counts[verdict]++;
  } else answers.delete(edit.id);
  saved = false;
  clearTimeout(timer);
  timer = setTimeout(store, 400);
}
const header = () => {
  const named = {schema: data.schema};
  for (const key of ["sha256", "source"]) if (data[key]) named[key] = data[key];
  return named;
};
function download() {
  const lines = [JSON.stringify(header())];
  for (const edit of edits) {
    const given = answers.get(edit.id);
    if (given) lines.push(JSON.stringify({id: edit.id, ...given, about: `${flat(edit.before)} → ${flat(edit.after)}`.slice(0, 120)}));
  }
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], {type: "application/jsonl"}));
  link.download = data.file;
  link.click();
  saved = true;
  store();
}

// --- what is shown ---------------------------------------------------------------------------------------------------

let sheet = -1, here = null, chosen = [];
const marks = new Map();
const sheetOf = edit => {
  let low = 0, high = data.sheets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (data.sheets[middle][2] <= edit.index) low = middle; else high = middle - 1;
  }
  return low;
};
const matches = edit => {
  const state = $("state").value;
  return (!$("rule").value || edit.rule === $("rule").value) && (!$("grade").value || edit.grade === $("grade").value)
    && edit.confidence < Number($("sureness").value) && (!state || (state === "open") === !answers.has(edit.id));
};
function mark(node, edit) {
  const given = answers.get(edit.id), stands = given
    ? {accept: edit.after, reject: edit.before, change: given.text ?? ""}[given.verdict] : null;
  node.className = `c ${given ? given.verdict : edit.grade}${matches(edit) || edit === here ? "" : " off"}${edit === here ? " here" : ""}`;
  node.replaceChildren();
  if (stands !== null) {
    node.textContent = shown(stands);
    node.classList.toggle("empty", !stands);
  } else {
    if (edit.before) make("del", blank(edit.before), node);
    if (edit.after) make("ins", shown(edit.after), node);
  }
  const told = given ? given.verdict : `${say(edit.grade)}`;
  node.setAttribute("aria-label", `${flat(edit.before) || say("nothing")} → ${flat(edit.after) || say("nothing")}, ${edit.rule}, ${told}`);
  node.tabIndex = edit === here ? 0 : -1;
  if (edit === here) node.setAttribute("aria-current", "true"); else node.removeAttribute("aria-current");
}
function draw(number) {
  const [start, end, first, last, page] = data.sheets[number];
  sheet = number;
  marks.clear();
  const paper = $("text");
  paper.replaceChildren();
  let at = start;
  for (let index = first; index < last; index++) {
    const edit = edits[index];
    paper.append(running(data.text.slice(at, edit.start)));
    const node = make("span", undefined, paper);
    node.setAttribute("role", "button");
    node.addEventListener("click", () => go(edit));
    marks.set(edit, node);
    mark(node, edit);
    at = edit.end;
  }
  paper.append(running(data.text.slice(at, end)));
  $("sheet").value = String(number);
  $("back").disabled = number === 0;
  $("on").disabled = number === data.sheets.length - 1;
  picture(page, first, last);
}
function picture(page, first, last) {
  const stored = page === null ? null : $(`page-${page}`);
  $("picture").hidden = !stored;
  $("boxes").replaceChildren();
  if (!stored) return;
  $("image").src = "data:image/png;base64," + stored.textContent;
  for (let index = first; index < last; index++) for (const [x0, y0, x1, y1] of edits[index].boxes) {
    const box = make("div", undefined, $("boxes"));
    box.dataset.index = index;
    Object.assign(box.style, {left: `${x0 / 100}%`, top: `${y0 / 100}%`, width: `${(x1 - x0) / 100}%`, height: `${(y1 - y0) / 100}%`});
  }
}
function light() {
  for (const box of $("boxes").children) {
    const lit = here !== null && Number(box.dataset.index) === here.index;
    box.classList.toggle("here", lit);
    if (lit) box.scrollIntoView({block: "center", inline: "center"});
  }
}
function totals() {
  const done = counts.accept + counts.reject + counts.change;
  $("bar").max = edits.length || 1;
  $("bar").value = done;
  $("totals").textContent = say("totals")(edits.length - done, counts.accept, counts.reject, counts.change);
}
function card() {
  $("editor").hidden = true;
  for (const button of document.querySelectorAll("[data-key]")) button.disabled = !here && button.dataset.key !== "u";
  const change = $("change");
  change.replaceChildren();
  if (!here) {
    $("where").textContent = "";
    $("why").textContent = say("done");
    return;
  }
  const place = chosen.indexOf(here), page = here.page === null ? "" : `${say("page")} ${here.page} · `;
  $("where").textContent = `${place < 0 ? "–" : place + 1} / ${chosen.length} · ${page}${say("line")} ${here.line}`;
  make("del", flat(blank(here.before)).slice(0, 500) || say("nothing"), change);
  change.append(" → ");
  make("ins", flat(blank(here.after)).slice(0, 500) || say("nothing"), change);
  const given = answers.get(here.id);
  const verdict = given ? ` · ${say(given.verdict)}${given.verdict === "change" ? `: ${flat(given.text)}` : ""}` : "";
  $("why").textContent = `${here.rule} · ${say(here.grade)} · ${Math.round(here.confidence * 100)}%${verdict}. ${data.reasons[here.rule] ?? ""}`;
}
function go(edit, focus = true) {
  const before = here;
  here = edit;
  if (edit) {
    const number = sheetOf(edit);
    if (number !== sheet) draw(number);
  }
  if (before && marks.has(before)) mark(marks.get(before), before);
  if (edit) {
    const node = marks.get(edit);
    mark(node, edit);
    if (focus) node.focus({preventScroll: true});
    node.scrollIntoView({block: "center"});
  }
  card();
  light();
}
function choose() {
  chosen = edits.filter(matches);
  const next = chosen.find(edit => !here || edit.index >= here.index) ?? chosen[0] ?? null;
  here = next;
  draw(next ? sheetOf(next) : Math.max(sheet, 0));
  go(next, false);
}

// --- what is done ----------------------------------------------------------------------------------------------------

function step(by) {
  if (!chosen.length) return;
  const from = here ? here.index : -1;
  const next = by > 0 ? chosen.find(edit => edit.index > from) : chosen.findLast(edit => edit.index < from);
  if (next) go(next);
}
function onward(from) {
  const open = edit => !answers.has(edit.id);
  const next = chosen.find(edit => edit.index > from.index && open(edit)) ?? chosen.find(open) ?? null;
  if (next) go(next); else { go(from); }
}
function give(given, verdict, text) {
  history.push(given.map(edit => [edit, answers.get(edit.id)]));
  for (const edit of given) answer(edit, verdict, text);
  for (const edit of given) if (marks.has(edit)) mark(marks.get(edit), edit);
  totals();
  onward(here);
}
function undo() {
  const last = history.pop();
  if (!last) return;
  for (const [edit, old] of last) answer(edit, old?.verdict ?? null, old?.text);
  totals();
  draw(sheetOf(last[0][0]));
  go(last[0][0]);
}
function press(key) {
  if (key === "u") undo();
  else if (key === "s" || key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "z") zoom();
  else if (!here) return false;
  else if (key === "y") give([here], "accept");
  else if (key === "n") give([here], "reject");
  else if (key === "e") write();
  else if (key === "a" || key === "d") {
    const same = edits.filter(edit => edit.index >= here.index && edit.rule === here.rule && !answers.has(edit.id));
    if (same.length) give(same, key === "a" ? "accept" : "reject");
  } else return false;
  return true;
}
function zoom() {
  $("page").classList.toggle("near");
  light();
}
function write() {
  $("editor").hidden = false;
  $("words").value = answers.get(here.id)?.text ?? here.after;
  $("words").focus();
  $("words").select();
}
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
  const target = event.target;
  if (target === $("words")) {
    if (event.key === "Escape") { $("editor").hidden = true; go(here); }
    return;
  }
  if (target instanceof HTMLSelectElement) return;
  // With an input method on, the key has no name of its own.
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key === "Process" ? event.code.replace("Key", "").toLowerCase()
    : {ArrowDown: "j", ArrowUp: "k"}[event.key];
  if (key === "?") $("keys").showModal();
  else if (!key || !press(key)) return;
  event.preventDefault();
});
for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => press(button.dataset.key));
$("editor").addEventListener("submit", event => { event.preventDefault(); give([here], "change", $("words").value); });
$("save").addEventListener("click", download);
$("page").addEventListener("click", zoom);
$("help").addEventListener("click", () => $("keys").showModal());
$("back").addEventListener("click", () => turn(sheet - 1));
$("on").addEventListener("click", () => turn(sheet + 1));
$("sheet").addEventListener("change", () => turn(Number($("sheet").value)));
for (const id of ["rule", "grade", "sureness", "state"]) $(id).addEventListener("change", choose);
addEventListener("pagehide", store);
addEventListener("beforeunload", event => { if (!saved) event.preventDefault(); });
function turn(number) {
  draw(number);
  const [, , first, last] = data.sheets[number];
  here = chosen.find(edit => edit.index >= first && edit.index < last) ?? null;
  go(here, false);
  if (!here) $("paper").scrollTop = 0;
}
function start() {
  document.querySelector("main").classList.toggle("plain", !document.querySelector("[id^=page-]"));
  document.documentElement.lang = words === chinese ? "zh" : "en";
  if (words === chinese) for (const node of document.querySelectorAll("[data-t]")) node.textContent = say(node.dataset.t);
  for (const [id, values] of [["rule", data.rules], ["grade", data.grades]])
    for (const value of values) make("option", say(value), $(id)).value = value;
  data.sheets.forEach(([, , first, last, page, part], number) => {
    const option = make("option", `${page === null ? `${say("part")} ${number + 1}` : `${say("page")} ${page}${part ? `.${part + 1}` : ""}`} (${last - first})`, $("sheet"));
    option.value = String(number);
  });
  restore();
  totals();
  choose();
}
start();
