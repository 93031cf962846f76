// Charts of lines as SVG. Names are set as text, never as markup.
const WIDTH = 460;
const HEIGHT = 230;
const LEFT = 46;
const RIGHT = WIDTH - 12;
const TOP = 12;
const BOTTOM = HEIGHT - 26;
const MOST_POINTS = 400;
export const COLOURS = 8;
const DASHES = ["", "6 3", "2 3", "9 3 2 3"];

export function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

// The look of a run: its colour, and a dash where colours repeat.
export function look(index) {
  const dash = DASHES[Math.floor(index / COLOURS) % DASHES.length];
  return { class: "c" + (index % COLOURS), ...(dash ? { "stroke-dasharray": dash } : {}) };
}

// Round ticks around the values; the range "unit" holds [0, 1], "zero" begins at 0, "any" is the values'.
export function axis(values, range) {
  let low = range === "any" ? Infinity : 0;
  let high = range === "unit" ? 1 : -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return { min: 0, max: 1, step: 0.2 };
  if (low === high) {
    const room = Math.max(Math.abs(low), 1e-6) * 0.1;
    low -= room;
    high += room;
  }
  const raw = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const ratio = raw / power;
  const step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
  return { min: Math.floor(low / step + 1e-9) * step, max: Math.ceil(high / step - 1e-9) * step, step };
}

export function number(value) {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toPrecision(3) + " G";
  if (size >= 1e6) return (value / 1e6).toPrecision(3) + " M";
  if (size >= 1e4) return (value / 1e3).toPrecision(3) + " k";
  if (size > 0 && size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

// Means over so many points around each one; 0 for a number that suits the length.
export function smoothed(points, width) {
  if (width === 1 || points.length < 3) return points;
  const radius = width ? (width - 1) / 2 : Math.ceil(points.length / 80);
  const sums = [0];
  for (const [, y] of points) sums.push(sums[sums.length - 1] + y);
  return points.map(([x], i) => {
    const from = Math.max(0, i - radius);
    const to = Math.min(points.length, i + radius + 1);
    return [x, (sums[to] - sums[from]) / (to - from)];
  });
}

// At most so many points: the means of neighbours.
export function thinned(points, most) {
  if (points.length <= most) return points;
  const fewer = [];
  for (let i = 0; i < most; i++) {
    const from = Math.floor(i * points.length / most);
    const to = Math.max(from + 1, Math.floor((i + 1) * points.length / most));
    let x = 0;
    let y = 0;
    for (let j = from; j < to; j++) {
      x += points[j][0];
      y += points[j][1];
    }
    fewer.push([x / (to - from), y / (to - from)]);
  }
  return fewer;
}

// One figure; series are {name, look, points: [[x, y]]}.
export class Chart {
  constructor(title, range) {
    this.range = range;
    this.title = title;
    this.element = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = title;
    this.picture = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    this.read = document.createElement("p");
    this.read.className = "small read";
    this.element.append(caption, this.picture, this.read);
    this.picture.addEventListener("pointermove", event => this.point(event));
    this.picture.addEventListener("pointerleave", () => this.leave());
    this.series = [];
  }

  draw(series, smooth, xFormat) {
    this.xFormat = xFormat;
    this.series = series.filter(one => one.points.length).map(one => ({
      ...one, raw: thinned(one.points, MOST_POINTS), curve: thinned(smoothed(one.points, smooth), MOST_POINTS),
    }));
    const all = this.series.flatMap(one => one.raw);
    this.x = axis(all.map(point => point[0]), "any");
    this.y = axis(all.map(point => point[1]), this.range);
    // Little room is lost beside the last step.
    const last = Math.max(...all.map(point => point[0]));
    if (Number.isFinite(last)) this.x.max = Math.max(last, this.x.min + 1e-9);
    const drawn = [];
    for (let i = 0; this.y.min + i * this.y.step <= this.y.max + this.y.step * 1e-6; i++) {
      const value = this.y.min + i * this.y.step;
      drawn.push(svg("line", { class: "grid", x1: LEFT, x2: RIGHT, y1: this.top(value), y2: this.top(value) }));
      drawn.push(this.label(LEFT - 5, this.top(value) + 4, "end", number(value)));
    }
    for (let i = 0; this.x.min + i * this.x.step <= this.x.max * (1 + 1e-9); i++) {
      const value = this.x.min + i * this.x.step;
      drawn.push(svg("line", { class: "axis", x1: this.left(value), x2: this.left(value), y1: BOTTOM, y2: BOTTOM + 4 }));
      drawn.push(this.label(this.left(value), BOTTOM + 17, "middle", xFormat(value)));
    }
    drawn.push(svg("line", { class: "axis", x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM }));
    for (const one of this.series) {
      if (smooth !== 1) drawn.push(this.line(one.raw, { class: "faint " + one.look.class }));
      drawn.push(this.line(one.curve, { ...one.look, class: "curve " + one.look.class }));
    }
    this.picture.replaceChildren(...drawn);
    const said = this.series.map(one => one.name + " " + number(one.curve[one.curve.length - 1][1])).join(", ");
    this.picture.setAttribute("aria-label", this.title + "; last: " + (said || "nothing yet"));
    this.leave();
  }

  left(value) { return LEFT + (value - this.x.min) / (this.x.max - this.x.min) * (RIGHT - LEFT); }

  top(value) { return BOTTOM - (value - this.y.min) / (this.y.max - this.y.min) * (BOTTOM - TOP); }

  label(x, y, anchor, text) {
    const label = svg("text", { class: "tick", x, y, "text-anchor": anchor });
    label.textContent = text;
    return label;
  }

  line(points, attributes) {
    const places = points.map(([x, y]) => [this.left(x).toFixed(1), this.top(y).toFixed(1)]);
    // A line of one point would not be seen.
    if (places.length === 1) places.push([(Number(places[0][0]) + 3).toFixed(1), places[0][1]]);
    return svg("path", { ...attributes, d: "M" + places.map(place => place.join(" ")).join("L") });
  }

  point(event) {
    if (!this.series.length) return;
    const box = this.picture.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width * WIDTH - LEFT) / (RIGHT - LEFT);
    const x = this.x.min + Math.max(0, Math.min(1, share)) * (this.x.max - this.x.min);
    this.leave();
    svg("line", { class: "cursor", x1: this.left(x), x2: this.left(x), y1: TOP, y2: BOTTOM }, this.picture);
    this.read.textContent = this.xFormat(x) + ": " + this.series.map(one => {
      const near = one.curve.reduce((best, point) => Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best);
      return one.name + " " + number(near[1]);
    }).join(", ");
  }

  leave() {
    this.picture.querySelectorAll(".cursor").forEach(line => line.remove());
    this.read.textContent = "";
  }
}
