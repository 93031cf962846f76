// The review page. What the server sends is shown as text, never as markup.
import { Timeline } from "./timeline.js";

const PAGE = 50;
const $ = id => document.getElementById(id);
const video = $("video");

const state = {
  rows: [], at: -1, first: 0, sample: null, loading: 0, listing: 0, fps: 25, times: null,
  time: 0, intervals: [], active: 0, changed: false, busy: false, undo: [], stop: null,
};
const ahead = new Map();

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error((body.error && body.error.message) || "the server answered " + answer.status);
  return body;
}

const named = (path, id) => path + "?id=" + encodeURIComponent(id);
const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function say(text, bad) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", Boolean(bad));
}

const reviewer = () => $("reviewer").value.trim();
const seconds = value => value.toFixed(2) + " s";
const shown = intervals => intervals.map(([s, e]) => s.toFixed(2) + " to " + e.toFixed(2) + " s").join(", ") || "none";

// ---- frames: times count from the start of the sample's clip

function frameAt(time) {
  const inFile = time + state.sample.clipStart;
  if (!state.times) return Math.max(0, Math.floor(inFile * state.fps + 1e-3));
  let low = 0;
  let high = state.times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (state.times[middle] <= inFile + 1e-3) low = middle; else high = middle - 1;
  }
  return low;
}

function timeOf(frame) {
  const inFile = state.times ? state.times[Math.max(0, Math.min(frame, state.times.length - 1))] : frame / state.fps;
  return Math.max(0, inFile - state.sample.clipStart);
}

const clamp = time => Math.max(0, Math.min(state.sample.duration, time));
const round = time => Math.round(time * 1e4) / 1e4;
const snap = time => round(clamp(timeOf(frameAt(time))));
const step = (time, frames) => round(clamp(timeOf(Math.max(0, frameAt(time) + frames))));

// Where the video plays; while it stands, the time that was asked for last, which a slow video is still on its way to.
const current = () =>
  video.paused ? state.time : Math.max(0, video.currentTime - (state.sample ? state.sample.clipStart : 0));

// Half a frame further, so that rounding does not show the frame before.
function seek(time) {
  if (!state.sample) return;
  state.stop = null;
  state.time = clamp(time);
  video.currentTime = state.sample.clipStart + state.time + 0.4 / state.fps;
  showTime(state.time);
}

function showTime(time) {
  timeline.playhead(time);
  $("time").textContent = seconds(time);
}

const timeline = new Timeline($("timeline"), {
  seek: time => seek(snap(time)),
  snap,
  frame: step,
  change: (intervals, active) => edit(intervals, active),
  draw: (interval, index) => {
    const snapped = [snap(interval[0]), snap(interval[1])];
    const all = state.intervals.map(pair => [...pair]);
    if (index === null) all.push(snapped); else all[index] = snapped;
    const made = index === null ? all.length - 1 : index;
    edit(all, made);
    return made;
  },
});

function edit(intervals, active) {
  state.changed = state.changed || JSON.stringify(intervals) !== JSON.stringify(state.intervals);
  state.intervals = intervals;
  state.active = Math.max(0, Math.min(active, intervals.length - 1));
  timeline.update(intervals, state.active);
  $("intervals").textContent = shown(intervals) + (state.changed ? " (changed)" : "");
}

const boundary = side => {
  if (!state.sample) return;
  const all = state.intervals.map(pair => [...pair]);
  const now = snap(current());
  if (all.length === 0) {
    edit([side === 0 ? [now, state.sample.duration] : [0, now]], 0);
    return;
  }
  const pair = all[state.active];
  pair[side] = now;
  if (pair[1] < pair[0]) pair[1 - side] = side === 0 ? round(state.sample.duration) : 0;
  edit(all, state.active);
};

const addHere = () => {
  if (!state.sample) return;
  const start = snap(current());
  edit([...state.intervals, [start, round(clamp(start + 1))]], state.intervals.length);
};

const removeActive = () => {
  if (state.intervals.length) edit(state.intervals.filter((_, index) => index !== state.active), state.active);
};

const takeReflected = () => {
  const spans = (state.sample && state.sample.reflected) || [];
  if (spans.length === 0) return say("Nothing was reflected.");
  const all = [...state.intervals, ...spans].map(pair => [...pair]).sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const pair of all) {
    const last = merged[merged.length - 1];
    if (last && pair[0] <= last[1]) last[1] = Math.max(last[1], pair[1]); else merged.push(pair);
  }
  edit(merged, 0);
};

const reset = () => {
  if (!state.sample) return;
  edit(state.sample.intervals.map(pair => [...pair]), 0);
  state.changed = false;
  edit(state.intervals, 0);
};

const choose = by => {
  if (state.intervals.length === 0) return;
  state.active = (state.active + by + state.intervals.length) % state.intervals.length;
  edit(state.intervals, state.active);
  seek(state.intervals[state.active][0]);
};

// ---- video

function play() {
  state.stop = null;
  if (video.paused) video.play().catch(() => {}); else video.pause();
}

function playInterval() {
  const interval = state.intervals[state.active];
  if (!interval) return;
  seek(interval[0]);
  state.stop = interval[1];
  video.play().catch(() => {});
}

function follow() {
  const now = current();
  if (!video.paused && state.sample) {
    if (state.stop !== null && now >= state.stop) {
      const end = state.stop;
      video.pause();
      seek(end);
    } else if (now >= state.sample.duration && state.sample.clipStart > 0) {
      video.pause();
    }
    state.time = current();
    showTime(state.time);
  }
  requestAnimationFrame(follow);
}

// A video that the browser can't play is copied by the server to one that it can.
async function copy(sample) {
  if (video.dataset.copied === sample.id) {
    $("video-note").textContent = "The browser can't play the copy of this video either.";
    return;
  }
  try {
    for (;;) {
      const copied = await ask(named("/api/copy", sample.id), { method: "POST" });
      if (state.sample !== sample) return;
      if (copied.state === "done") {
        video.dataset.copied = sample.id;
        $("video-note").textContent = "";
        video.src = named("/copy", sample.id);
        return;
      }
      if (copied.state === "failed") throw new Error(copied.error);
      $("video-note").textContent =
        "The browser can't play this video. It is converted: " + Math.round(100 * copied.share) + "%";
      await new Promise(done => setTimeout(done, 400));
    }
  } catch (problem) {
    if (state.sample === sample) $("video-note").textContent = "No video: " + problem.message;
  }
}

video.addEventListener("error", () => state.sample && copy(state.sample));
video.addEventListener("loadedmetadata", () => {
  // A file with sound that can be played, and pictures that can't, has no size.
  if (video.videoWidth === 0 && state.sample) copy(state.sample);
  else if (state.sample) seek(state.time);
});
video.addEventListener("play", () => ($("play").firstChild.textContent = "Pause "));
video.addEventListener("pause", () => ($("play").firstChild.textContent = "Play "));

// ---- samples

const details = id => {
  if (!ahead.has(id)) {
    const asked = ask(named("/api/sample", id));
    asked.catch(() => ahead.delete(id));
    ahead.set(id, asked);
    if (ahead.size > 20) ahead.delete(ahead.keys().next().value);
  }
  return ahead.get(id);
};

async function open(at) {
  if (at < 0 || at >= state.rows.length) return;
  state.at = at;
  const turn = ++state.loading;
  video.pause();
  const id = state.rows[at].id;
  let sample;
  try {
    sample = await details(id);
  } catch (problem) {
    return say("The sample can't be loaded: " + problem.message, true);
  }
  if (turn !== state.loading) return;
  ahead.delete(id);
  state.sample = sample;
  state.fps = 25;
  state.times = null;
  state.time = 0;
  $("time").title = "";
  delete video.dataset.copied;
  $("video-note").textContent = "";
  video.src = named("/video", id);
  render(sample);
  list();
  if (at + 1 < state.rows.length) details(state.rows[at + 1].id).catch(() => {});
  frames(sample);
}

async function frames(sample) {
  try {
    const frames = await ask(named("/api/frames", sample.id));
    if (state.sample !== sample) return;
    state.times = frames.times || null;
    state.fps = frames.fps || (frames.times.length - 1) / (frames.times[frames.times.length - 1] || 1);
    $("time").title = (state.times ? "frames at uneven times, about " : "") + state.fps.toFixed(2) + " frames a second";
  } catch (problem) {
    if (state.sample === sample) $("video-note").textContent = "No video: " + problem.message;
  }
}

function render(sample) {
  $("query").textContent = sample.query;
  const facts = [sample.id, sample.file, seconds(sample.duration)];
  if (sample.clipStart > 0) facts.push("from " + seconds(sample.clipStart) + " of the file");
  if (sample.difficulty !== undefined) facts.push("difficulty " + sample.difficulty.toFixed(2));
  sample.options.forEach((option, index) => {
    const letter = String.fromCharCode(65 + index);
    facts.push("(" + letter + ") " + option + (letter === sample.answer ? " (answer)" : ""));
  });
  $("about").textContent = facts.join(" \u00b7 ");
  const marks = [...sample.marks, ...sample.errors];
  $("marks").replaceChildren(...marks.map(mark => item("li", mark, "mark")));
  const own = sample.decisions.find(decision => decision.reviewer === reviewer());
  state.intervals = ((own && own.intervals) || sample.intervals).map(pair => [...pair]);
  state.changed = false;
  timeline.show(sample, state.intervals, 0);
  edit(state.intervals, 0);
  showTime(0);
  decisions(sample);
  $("replies").hidden = !(sample.replies && sample.replies.length);
  $("replies").querySelector("ol").replaceChildren(...(sample.replies || []).map(reply => item("li", reply)));
}

function item(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function decisions(sample) {
  const own = sample.decisions.find(decision => decision.reviewer === reviewer());
  for (const button of document.querySelectorAll("[data-choice]")) {
    button.setAttribute("aria-pressed", String(Boolean(own) && own.decision === button.dataset.choice));
  }
  $("decided").replaceChildren(...sample.decisions.map(decision => item("p",
    (decision.reviewer || "somebody") + ": " + decision.decision
      + (decision.intervals ? ", " + shown(decision.intervals) : "") + (decision.time ? ", " + decision.time : ""),
    "small")));
}

function list() {
  const count = state.rows.length;
  state.first = Math.floor(Math.max(0, state.at) / PAGE) * PAGE;
  page(state.first);
  if (count === 0) {
    $("query").textContent = "No sample in this list";
    $("about").textContent = "Choose another one under Show.";
  }
}

function page(first) {
  state.first = Math.max(0, Math.min(first, Math.max(0, state.rows.length - 1)));
  const part = state.rows.slice(state.first, state.first + PAGE);
  $("list").replaceChildren(...part.map((row, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(item("span", row.query));
    const taken = Object.entries(row.decisions).map(([who, what]) => (who || "somebody") + ": " + what);
    button.append(item("span", [...row.marks, ...taken].join(", "), "small"));
    if (state.first + index === state.at) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => open(state.first + index));
    const entry = document.createElement("li");
    entry.append(button);
    return entry;
  }));
  const currentRow = $("list").querySelector("[aria-current]");
  if (currentRow && currentRow.offsetParent) {
    const panel = $("list").closest("nav");
    const box = currentRow.getBoundingClientRect();
    const around = panel.getBoundingClientRect();
    if (box.top < around.top || box.bottom > around.bottom) panel.scrollTop += box.top - around.top - around.height / 3;
  }
  const last = Math.min(state.rows.length, state.first + PAGE);
  $("shown").textContent = last === 0 ? "none" : (state.first + 1) + " to " + last + " of " + state.rows.length;
  $("earlier").disabled = state.first === 0;
  $("later").disabled = last === state.rows.length;
}

async function load(filter, id) {
  const turn = ++state.listing;
  const rows = await ask("/api/samples?filter=" + encodeURIComponent(filter));
  if (turn !== state.listing) return;
  state.rows = rows;
  state.at = -1;
  const at = id ? state.rows.findIndex(row => row.id === id) : 0;
  if (state.rows.length) await open(Math.max(0, at)); else list();
}

async function overview() {
  const found = await ask("/api/review");
  const chosen = $("filter").value;
  $("filter").replaceChildren(...Object.entries(found.filters).map(([name, count]) => {
    const option = item("option", name + " (" + count + ")");
    option.value = name;
    return option;
  }));
  if (chosen) $("filter").value = chosen;
  const decided = found.doubtful - found.filters.pending;
  $("progress").max = Math.max(1, found.doubtful);
  $("progress").value = decided;
  $("progress-text").textContent = decided + " of " + found.doubtful + " in doubt decided";
  const panel = $("agreement").querySelector("div");
  const lines = Object.entries(found.reviewers).map(([name, count]) => (name || "somebody") + ": " + count + " decided");
  for (const pair of found.agreement) {
    lines.push((pair.one || "somebody") + " and " + (pair.other || "somebody") + ": " + pair.same + " of " + pair.samples
      + " the same" + (pair.kappa === undefined ? "" : ", Cohen's kappa " + pair.kappa.toFixed(2))
      + (pair.repairIou === undefined ? "" : ", IoU of " + pair.repairs + " repairs " + pair.repairIou.toFixed(2)));
  }
  panel.replaceChildren(...(lines.length ? lines : ["Nobody has decided yet."]).map(line => item("p", line, "small")));
  return found;
}

// ---- decisions

async function store(decision, done) {
  say("Saving");
  try {
    const saved = await post("/api/decisions", decision);
    const row = state.rows.find(each => each.id === decision.id);
    if (row) {
      if (saved.decision === "withdrawn") delete row.decisions[saved.reviewer];
      else row.decisions[saved.reviewer] = saved.decision;
    }
    ahead.delete(decision.id);
    say(done(saved));
    overview().catch(() => {});
    return true;
  } catch (problem) {
    say("Not saved: " + problem.message, true);
    return false;
  }
}

// While a decision is saved and until the next sample is shown, keys decide nothing: nobody has seen that sample yet.
async function busy(work) {
  if (state.busy) return;
  state.busy = true;
  $("sample").setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    state.busy = false;
    $("sample").setAttribute("aria-busy", "false");
  }
}

async function decide(choice) {
  if (!state.sample) return;
  if (!reviewer()) {
    $("reviewer").focus();
    return say("Not saved: give your name first.", true);
  }
  if (choice === "keep" && state.changed) {
    return say("Not saved: the intervals were changed. 3 saves them, r takes the annotation back.", true);
  }
  if (choice === "repair" && !state.intervals.some(([start, end]) => end > start)) {
    return say("Not saved: a repair needs an interval. 2 discards the sample.", true);
  }
  const sample = state.sample;
  const decision = { id: sample.id, decision: choice, reviewer: reviewer() };
  if (choice === "repair") {
    decision.intervals = state.intervals.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  }
  const before = sample.decisions.find(each => each.reviewer === reviewer());
  if (await store(decision, saved => "Saved: " + saved.decision + ", " + sample.query)) {
    state.undo.push({ id: sample.id, before: before || null, reviewer: reviewer() });
    await open(state.at + 1 < state.rows.length ? state.at + 1 : state.at);
  }
}

async function undo() {
  const last = state.undo[state.undo.length - 1];
  if (!last) return say("Nothing to take back.");
  const decision = last.before
    ? { id: last.id, decision: last.before.decision, reviewer: last.reviewer }
    : { id: last.id, decision: "withdrawn", reviewer: last.reviewer };
  if (last.before && last.before.intervals) decision.intervals = last.before.intervals;
  if (await store(decision, saved => "Taken back; now: " + (last.before ? saved.decision : "not decided"))) {
    state.undo.pop();
    const at = state.rows.findIndex(row => row.id === last.id);
    if (at >= 0) await open(at);
  }
}

// ---- keys and buttons

const keys = {
  j: () => open(state.at + 1),
  k: () => open(state.at - 1),
  " ": play,
  p: playInterval,
  "[": () => boundary(0),
  "]": () => boundary(1),
  ",": () => choose(-1),
  ".": () => choose(1),
  i: addHere,
  x: removeActive,
  a: takeReflected,
  r: reset,
  1: () => busy(() => decide("keep")),
  2: () => busy(() => decide("discard")),
  3: () => busy(() => decide("repair")),
  4: () => busy(() => decide("unsure")),
  u: () => busy(undo),
  f: () => $("filter").focus(),
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (event.target.matches("input, select")) {
    if (event.key === "Escape" || event.key === "Enter") event.target.blur();
    return;
  }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (!state.sample) return;
    event.preventDefault();
    video.pause();
    const by = event.key === "ArrowLeft" ? -1 : 1;
    seek(event.shiftKey ? snap(current() + by) : step(current(), by));
    return;
  }
  // A button that has the focus is pressed by the space bar.
  if (event.key === " " && event.target.matches("button, summary")) return;
  const action = keys[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

for (const button of document.querySelectorAll("[data-choice]")) {
  button.addEventListener("click", () => busy(() => decide(button.dataset.choice)));
}
const buttons = {
  play, "play-interval": playInterval, "set-start": () => boundary(0), "set-end": () => boundary(1), add: addHere,
  remove: removeActive, take: takeReflected, reset, undo: () => busy(undo), "help-button": () => $("help").showModal(),
  earlier: () => page(state.first - PAGE), later: () => page(state.first + PAGE),
};
for (const [id, action] of Object.entries(buttons)) $(id).addEventListener("click", action);

$("filter").addEventListener("change", () => {
  load($("filter").value, state.sample && state.sample.id).catch(problem => say(problem.message, true));
});
$("reviewer").addEventListener("change", () => {
  localStorage.setItem("videotg.reviewer", reviewer());
  if (state.sample) decisions(state.sample);
});

$("reviewer").value = localStorage.getItem("videotg.reviewer") || "";
requestAnimationFrame(follow);
overview()
  .then(found => {
    if (!reviewer()) $("reviewer").value = found.reviewer;
    $("filter").value = found.filters.pending ? "pending" : "all";
    return load($("filter").value);
  })
  .catch(problem => say("The review can't be loaded: " + problem.message, true));
