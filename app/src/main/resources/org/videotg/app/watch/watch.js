// The page of training runs. What the server sends is shown as text, never as markup.
import { Chart, look, number, svg } from "./chart.js";

const PAUSE = 1000;
const SHOWN_AT_FIRST = 8;
const $ = id => document.getElementById(id);

// Figures that are shown first: name in the metrics, title, range of the axis.
const FIRST = [
  ["reward", "Reward, mean of the rollouts", "any"],
  ["rewardStd", "Spread of the reward within a group", "zero"],
  ["noSignal", "Share of groups without signal", "unit"],
  ["maskRatio", "Share of the video that is masked", "unit"],
  ["tokensPerSecond", "Token-forwards a second", "zero"],
  ["memoryBytes", "Memory, GB", "zero"],
  ["iou", "IoU of the rollouts with the annotation", "unit"],
  ["loss", "Loss", "any"],
];
const HIDDEN = ["step", "seconds", "cpuSeconds", "tokenForwards"];
const SCALE = { memoryBytes: 1e-9, seconds: 1 / 60 };

const runs = new Map();
const charts = new Map();
let folders = [];
let rollouts = { run: null, rows: [], seen: "" };

async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error((body.error && body.error.message) || "the server answered " + answer.status);
  return body;
}

function node(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

// ---- what the server tells

function take(told) {
  folders = told.folders;
  for (const one of told.runs) {
    let run = runs.get(one.id);
    if (!run) {
      run = { id: one.id, shown: runs.size < SHOWN_AT_FIRST, rows: [], generation: -1 };
      runs.set(one.id, run);
    }
    if (one.generation !== run.generation || one.from !== run.rows.length) run.rows = run.rows.slice(0, one.from);
    for (const row of one.rows) run.rows.push(row);
    run.changed = one.rows.length > 0 || one.generation !== run.generation
      || JSON.stringify(one.validations) !== JSON.stringify(run.validations);
    Object.assign(run, { ...one, rows: run.rows });
  }
}

const value = (run, row, name) => {
  const found = row[run.columns.indexOf(name)];
  return found === null || found === undefined ? NaN : found * (SCALE[name] || 1);
};
const last = (run, name) => (run.rows.length ? value(run, run.rows[run.rows.length - 1], name) : NaN);

function points(run, x, y) {
  const xAt = run.columns.indexOf(x);
  const yAt = run.columns.indexOf(y);
  if (xAt < 0 || yAt < 0) return [];
  const found = [];
  for (const row of run.rows) {
    if (Number.isFinite(row[xAt]) && Number.isFinite(row[yAt])) {
      found.push([row[xAt] * (SCALE[x] || 1), row[yAt] * (SCALE[y] || 1)]);
    }
  }
  return found;
}

// mIoU of the validations; each is after as many steps as it says.
function validated(run, x) {
  const at = steps => (steps === 0 ? 0 : value(run, run.rows[steps - 1] || [], x));
  return run.validations.map(([steps, miou]) => [x === "step" ? steps : at(steps), miou])
    .filter(point => point.every(Number.isFinite));
}

// ---- how the runs stand

function duration(seconds) {
  if (!(seconds >= 0)) return "-";
  if (seconds < 60) return Math.round(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min " + String(Math.round(seconds % 60)).padStart(2, "0") + " s";
  return Math.floor(seconds / 3600) + " h " + String(Math.floor(seconds % 3600 / 60)).padStart(2, "0") + " min";
}

const done = run => (run.rows.length ? run.rows[run.rows.length - 1][0] + 1 : 0);
const live = run => !run.finished && run.age >= 0 && run.age < Math.max(60, 10 * run.stepSeconds);

function standing(run) {
  if (run.finished) return "finished";
  if (!run.rows.length) return "no step yet";
  return live(run) ? "running" : "no step for " + duration(run.age);
}

function timeLeft(run) {
  if (run.finished) return "0 s";
  return run.steps > done(run) && run.stepSeconds > 0 ? duration((run.steps - done(run)) * run.stepSeconds) : "-";
}

const percent = share => (Number.isFinite(share) ? Math.round(100 * share) + "%" : "-");

function figures(run) {
  const memory = last(run, "memoryBytes");
  return [
    ["step", done(run) + (run.steps ? " of " + run.steps : "")],
    ["time left", timeLeft(run)],
    ["reward", number(last(run, "reward"))],
    ["spread", number(last(run, "rewardStd"))],
    ["no signal", percent(last(run, "noSignal"))],
    ["mask", percent(last(run, "maskRatio"))],
    ["tokens/s", number(last(run, "tokensPerSecond"))],
    ["memory", Number.isFinite(memory) ? memory.toFixed(2) + " GB" : "-"],
    ["loss", number(last(run, "loss"))],
    ["validation", run.validations.length ? number(run.validations[run.validations.length - 1][1]) : "-"],
  ];
}

function card(run) {
  const item = node("li");
  const label = node("label", undefined, "run-name");
  const box = node("input");
  box.type = "checkbox";
  box.checked = run.shown;
  box.addEventListener("change", () => {
    run.shown = box.checked;
    drawCharts();
  });
  const swatch = svg("svg", { class: "swatch", viewBox: "0 0 32 12", "aria-hidden": "true" });
  const stroke = look(run.id);
  svg("path", { ...stroke, class: "curve " + stroke.class, d: "M0 6L32 6" }, swatch);
  label.append(box, swatch, node("span", run.name));
  run.about = node("p", "", "small");
  run.bar = node("progress");
  run.bar.setAttribute("aria-label", "Steps of " + run.name);
  run.list = node("dl");
  item.append(label, run.about, run.bar, run.list);
  return item;
}

function drawRuns() {
  $("empty").hidden = runs.size > 0;
  $("empty").textContent = "No training has begun in " + folders.join(" or ") + ". The page waits for one.";
  for (const run of runs.values()) {
    if (!run.card) {
      run.card = card(run);
      $("runs").append(run.card);
    }
    run.about.textContent = [run.method, standing(run)].filter(text => text).join(", ")
      + (run.damaged ? "; " + run.damaged + " lines of metrics.jsonl can't be read" : "");
    run.card.title = run.folder;
    run.bar.max = Math.max(1, run.steps || done(run));
    run.bar.value = run.finished ? run.bar.max : done(run);
    run.list.replaceChildren(...figures(run).map(([name, text]) => {
      const pair = node("div");
      pair.append(node("dt", name), node("dd", text));
      return pair;
    }));
  }
}

// ---- charts

function chart(name, title, range, parent) {
  if (!charts.has(name)) {
    charts.set(name, new Chart(title, range));
    parent.append(charts.get(name).element);
  }
  return charts.get(name);
}

function drawCharts() {
  const over = $("over").value;
  const smooth = Number($("smooth").value);
  const shown = [...runs.values()].filter(run => run.shown);
  const xFormat = { step: x => "" + Math.round(x), seconds: x => number(x), tokenForwards: x => number(x) }[over];
  const names = new Set([...runs.values()].flatMap(run => run.columns));
  const titled = FIRST.filter(([name]) => names.has(name)).map(first => [...first, $("charts")]);
  const rest = [...names].filter(name => !HIDDEN.includes(name) && !FIRST.some(([first]) => first === name)).sort();
  if ($("more").open) rest.forEach(name => titled.push([name, name, "any", $("more-charts")]));
  $("more").hidden = rest.length === 0;
  if ([...runs.values()].some(run => run.validations.length)) {
    chart("validation", "mIoU of the validation", "unit", $("charts")).draw(
      shown.map(run => ({ name: run.name, look: look(run.id), points: validated(run, over) })), 1, xFormat);
  }
  for (const [name, title, range, parent] of titled) {
    chart(name, title, range, parent).draw(
      shown.map(run => ({ name: run.name, look: look(run.id), points: points(run, over, name) })), smooth, xFormat);
  }
}

// ---- rollouts

function drawRolloutRuns() {
  const having = [...runs.values()].filter(run => run.rollouts);
  const select = $("rollout-run");
  if (select.options.length !== having.length) {
    const chosen = select.value;
    select.replaceChildren(...having.map(run => new Option(run.name, run.id)));
    if (having.some(run => String(run.id) === chosen)) select.value = chosen;
  }
  select.disabled = having.length === 0;
  $("rollout-step").disabled = having.length === 0;
  $("rollout-note").textContent = having.length ? "" : "No replies are stored: none of the runs samples any yet.";
}

async function loadRollouts() {
  drawRolloutRuns();
  const run = runs.get(Number($("rollout-run").value || -1));
  if (!run || !run.rollouts) return;
  const seen = run.id + "." + run.generation + "." + run.rows.length;
  if (seen === rollouts.seen) return;
  const newest = $("rollout-step").selectedIndex <= 0 || rollouts.run !== run.id;
  const chosen = $("rollout-step").value;
  rollouts = { run: run.id, rows: await ask("api/rollouts?run=" + run.id), seen };
  $("rollout-step").replaceChildren(...rollouts.rows.map(row => new Option(row.step, row.step)));
  if (!newest && rollouts.rows.some(row => String(row.step) === chosen)) $("rollout-step").value = chosen;
  drawRollouts();
}

const spans = intervals => intervals.map(([s, e]) => s.toFixed(1) + " to " + e.toFixed(1) + " s").join(", ") || "none";

function lane(name, intervals, length, className) {
  const row = node("div", undefined, "lane");
  const track = svg("svg", { class: "track", viewBox: "0 0 1000 10", preserveAspectRatio: "none", role: "img",
    "aria-label": spans(intervals) });
  for (const [start, end] of intervals) {
    const from = Math.max(0, Math.min(1000, start / length * 1000));
    const to = Math.max(0, Math.min(1000, end / length * 1000));
    svg("rect", { class: className, x: from, y: 0, width: Math.max(3, to - from), height: 10 }, track);
  }
  row.append(node("span", name, "name"), track);
  return row;
}

function drawRollouts() {
  const row = rollouts.rows.find(one => String(one.step) === $("rollout-step").value);
  const groups = (row ? row.groups : []).map(group => {
    const part = node("div", undefined, "group");
    const length = group.duration > 0 ? group.duration : 1;
    part.append(
      node("h3", group.query),
      node("p", group.id + ", " + number(group.duration) + " s"
        + (group.maskRatio > 0 ? ", " + percent(group.maskRatio) + " masked" : ""), "small"),
      lane("annotation", group.intervals, length, "annotation"),
      node("p", spans(group.intervals), "reply"));
    // Equal replies are shown once.
    const replies = new Map();
    for (const one of group.rollouts) {
      const same = JSON.stringify([one.reply, one.reward]);
      replies.set(same, { one, count: (replies.get(same) || { count: 0 }).count + 1 });
    }
    for (const { one, count } of [...replies.values()].sort((a, b) => b.one.reward - a.one.reward)) {
      const parts = Object.entries(one.parts || {}).map(([name, share]) => name + " " + number(share)).join(", ");
      const reply = node("p", one.reply + (parts ? "\n(" + parts + ")" : ""), "reply");
      reply.tabIndex = 0;
      const times = count > 1 ? count + " \u00d7 " : "";
      part.append(lane(times + one.reward.toFixed(3), one.intervals, length, "reply-span"), reply);
    }
    return part;
  });
  $("rollouts").replaceChildren(...groups);
}

// ---- again and again

async function poll() {
  const have = [...runs.values()].map(run => run.id + "." + run.generation + "." + run.rows.length).join("~");
  let pause = PAUSE;
  try {
    const told = await ask("api/changes?have=" + have);
    const before = runs.size;
    take(told);
    drawRuns();
    if (before !== runs.size || [...runs.values()].some(run => run.changed)) drawCharts();
    await loadRollouts();
    const running = [...runs.values()].filter(live).length;
    const text = runs.size + (runs.size === 1 ? " run" : " runs") + ", " + running + " of them running";
    if ($("status").textContent !== text) $("status").textContent = text;
    $("status").classList.remove("bad");
    pause = told.more ? 0 : PAUSE;
  } catch (e) {
    $("status").textContent = "No news from the server (" + e.message + "); what it said last is shown";
    $("status").classList.add("bad");
  }
  setTimeout(poll, document.hidden ? 5 * PAUSE : pause);
}

$("over").addEventListener("change", drawCharts);
$("smooth").addEventListener("change", drawCharts);
$("more").addEventListener("toggle", drawCharts);
$("rollout-run").addEventListener("change", () => loadRollouts().catch(() => {}));
$("rollout-step").addEventListener("change", drawRollouts);
poll();
