// The timeline: lanes of intervals over a common axis of seconds. All text is set as text, never as markup.

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Timeline {
  // actions: seek(seconds); snap(seconds) and frame(seconds, steps) return seconds; change(intervals, active);
  // draw(interval, index) adds an interval, or changes the one it has added, and returns its index
  constructor(root, actions) {
    this.root = root;
    this.actions = actions;
    this.duration = 1;
  }

  place(item, start, end) {
    const from = Math.max(0, Math.min(1, start / this.duration));
    const to = Math.max(0, Math.min(1, end / this.duration));
    item.style.left = 100 * from + "%";
    item.style.width = 100 * Math.max(0, to - from) + "%";
    return item;
  }

  lane(kind, name) {
    const lane = element("div", "lane " + kind);
    const label = element("span", "name", name);
    label.title = name;
    const track = element("div", "track");
    lane.append(label, track);
    this.root.append(lane);
    track.addEventListener("pointerdown", event => {
      if (event.target.closest(".handle") || kind === "edit") return;
      this.actions.seek(this.seconds(track, event));
    });
    return track;
  }

  seconds(track, event) {
    const box = track.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * this.duration;
  }

  show(sample, intervals, active) {
    this.duration = sample.duration;
    this.root.replaceChildren();
    this.edit = this.lane("edit", "your intervals");
    this.edit.addEventListener("pointerdown", event => this.draw(event));
    this.spans("annotation", "annotation", sample.intervals);
    if (sample.reflected) this.spans("reflected", "reflected", sample.reflected);
    if (sample.probe) this.probe(sample);
    for (const one of sample.predictions) this.spans("prediction", one.name, one.intervals);
    this.scale();
    const nows = element("div", "nows");
    this.now = element("div", "now");
    nows.append(this.now);
    this.root.append(nows);
    this.update(intervals, active);
  }

  spans(kind, name, intervals) {
    const track = this.lane(kind, name);
    const text = intervals.map(([s, e]) => s.toFixed(2) + " to " + e.toFixed(2) + " s").join(", ");
    track.title = text || "none";
    for (const [start, end] of intervals) track.append(this.place(element("div", "span"), start, end));
  }

  probe(sample) {
    const track = this.lane("probe", "P(yes)");
    for (const grid of sample.probe) {
      const bar = element("div", grid.yes > sample.threshold ? "bar yes" : "bar");
      this.place(bar, grid.time - sample.gridSeconds / 2, grid.time + sample.gridSeconds / 2);
      bar.style.height = 100 * grid.yes + "%";
      bar.title = grid.time.toFixed(2) + " s: P(yes) " + grid.yes.toFixed(3);
      track.append(bar);
    }
    const line = element("div", "threshold");
    line.style.bottom = 100 * sample.threshold + "%";
    track.append(line);
  }

  scale() {
    const track = this.lane("scale", "seconds");
    const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
    const step = steps.find(s => this.duration / s <= 6) || this.duration / 6;
    for (let t = 0; t < this.duration - step / 2; t += step) this.tick(track, t, step);
    this.tick(track, this.duration, 0.1);
  }

  tick(track, seconds, step) {
    const tick = element("span", "tick", seconds.toFixed(step < 1 ? 1 : 0));
    tick.style.left = 100 * seconds / this.duration + "%";
    track.append(tick);
  }

  // Shows the intervals that are edited; the focus stays on the boundary that has it.
  update(intervals, active) {
    const focused = document.activeElement && document.activeElement.dataset.boundary;
    this.edit.replaceChildren();
    intervals.forEach((interval, index) => {
      const span = element("div", index === active ? "span active" : "span");
      this.edit.append(this.place(span, interval[0], interval[1]));
    });
    intervals.forEach((interval, index) => {
      for (const side of [0, 1]) this.edit.append(this.handle(intervals, index, side));
    });
    if (focused) {
      const again = this.edit.querySelector('[data-boundary="' + focused + '"]');
      if (again) again.focus();
    }
  }

  handle(intervals, index, side) {
    const handle = element("div", "handle");
    const value = intervals[index][side];
    handle.style.left = 100 * Math.max(0, Math.min(1, value / this.duration)) + "%";
    handle.tabIndex = 0;
    handle.dataset.boundary = index + "-" + side;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", (side === 0 ? "Start" : "End") + " of interval " + (index + 1));
    handle.setAttribute("aria-valuemin", "0");
    handle.setAttribute("aria-valuemax", String(this.duration));
    handle.setAttribute("aria-valuenow", String(value));
    handle.setAttribute("aria-valuetext", value.toFixed(2) + " seconds");
    const move = seconds => {
      const changed = intervals.map(pair => [...pair]);
      const other = changed[index][1 - side];
      const wanted = this.actions.snap(seconds);
      const bounded = side === 0 ? Math.min(wanted, other) : Math.max(wanted, other);
      changed[index][side] = Math.max(0, Math.min(this.duration, bounded));
      this.actions.change(changed, index);
      this.actions.seek(changed[index][side]);
      intervals = changed;
    };
    handle.addEventListener("keydown", event => {
      const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(event.shiftKey ? intervals[index][side] + steps : this.actions.frame(intervals[index][side], steps));
    });
    handle.addEventListener("pointerdown", event => {
      event.preventDefault();
      event.stopPropagation();
      this.drag(event, moved => move(this.seconds(this.edit, moved)));
      this.actions.change(intervals, index);
    });
    return handle;
  }

  // A press on an empty place seeks there; dragging makes a new interval.
  draw(event) {
    if (event.target.closest(".handle")) return;
    const first = this.seconds(this.edit, event);
    this.actions.seek(first);
    let made = null;
    this.drag(event, moved => {
      const here = this.seconds(this.edit, moved);
      if (made === null && Math.abs(moved.clientX - event.clientX) < 5) return;
      made = this.actions.draw([Math.min(first, here), Math.max(first, here)], made);
    });
  }

  drag(event, moved) {
    const end = () => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }

  playhead(seconds) {
    if (this.now) this.now.style.left = 100 * Math.max(0, Math.min(1, seconds / this.duration)) + "%";
  }
}
