/* The stretch of time in view: its axis, its overview, how it moves. */

const TICK_PIXELS = 96;
const TICK_ROOM = 56;
const SHORTEST_VIEW = 100;

class Timeline {
  constructor(model, onChange) {
    this.model = model;
    this.whole = Math.max(1, model.trace.duration);
    this.from = 0;
    this.to = this.whole;
    this.onChange = onChange;
    this.axis = byId("axis");
    this.grid = byId("grid");
    this.overview = byId("overview");
    this.canvas = byId("alive");
    this.alive = model.alive();
    this.#listen();
  }

  /** Where a time stands in the view, in percent of its width. */
  percent(time) {
    return ((time - this.from) / (this.to - this.from)) * 100;
  }

  view(from, to) {
    const length = Math.min(this.whole, Math.max(SHORTEST_VIEW, to - from));
    this.from = Math.min(Math.max(0, from), this.whole - length);
    this.to = this.from + length;
    this.draw();
    this.onChange();
  }

  fit() {
    this.view(0, this.whole);
  }

  /** Makes the view `factor` times as long, with `time` where it is. */
  zoom(factor, time = (this.from + this.to) / 2) {
    this.view(time - (time - this.from) * factor, time + (this.to - time) * factor);
  }

  pan(share) {
    const by = (this.to - this.from) * share;
    this.view(this.from + by, this.to + by);
  }

  show(span) {
    const margin = Math.max(span.length * 0.1, SHORTEST_VIEW / 2);
    this.view(span.at - margin, span.at + span.length + margin);
  }

  timeAt(clientX) {
    const box = this.axis.getBoundingClientRect();
    return this.from + ((clientX - box.left) / Math.max(1, box.width)) * (this.to - this.from);
  }

  draw() {
    this.#drawAxis(Math.max(2, Math.floor(this.axis.clientWidth / TICK_PIXELS)));
    const left = (this.from / this.whole) * 100;
    const right = (this.to / this.whole) * 100;
    const [before, after, inside] = this.overview.querySelectorAll(".shade, .window");
    before.style.width = `${left}%`;
    after.style.left = `${right}%`;
    inside.style.left = `${left}%`;
    inside.style.width = `${right - left}%`;
    this.overview.classList.toggle("zoomed", this.to - this.from < this.whole);
  }

  #drawAxis(most) {
    const rough = (this.to - this.from) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(1, [1, 2, 5, 10].find((n) => n * power >= rough) * power);
    const unit = tickUnit(this.to, step);
    const ticks = [];
    const lines = [];
    for (let n = Math.ceil(this.from / step); n * step <= this.to; n++) {
      const at = this.percent(n * step);
      const tick = element("span", "tick", tickText(n * step, step, unit));
      const line = element("i", "");
      tick.style.left = line.style.left = `${at}%`;
      tick.classList.toggle("end", (100 - at) * this.axis.clientWidth < 100 * TICK_ROOM);
      ticks.push(tick);
      lines.push(line);
    }
    this.axis.replaceChildren(...ticks);
    this.grid.replaceChildren(...lines);
  }

  /** The number of live processes over the whole time, and where something failed. */
  drawOverview() {
    const box = this.overview.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    const width = (this.canvas.width = Math.max(1, Math.round(box.width * scale)));
    const height = (this.canvas.height = Math.max(1, Math.round(box.height * scale)));
    const context = this.canvas.getContext("2d");
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
    const x = (time) => (time / this.whole) * width;
    const y = (n) => height - (n / Math.max(1, this.alive.most)) * (height - 4 * scale);
    context.beginPath();
    context.moveTo(0, height);
    let before = 0;
    for (const [time, n] of this.alive.steps) {
      context.lineTo(x(time), y(before));
      context.lineTo(x(time), y(n));
      before = n;
    }
    context.lineTo(width, y(before));
    context.lineTo(width, height);
    context.fillStyle = colour("--alive");
    context.fill();
    context.fillStyle = colour("--failed");
    for (const span of this.model.spans) {
      if (span.bad) {
        context.fillRect(Math.min(width - 2 * scale, x(span.at + span.length)), 0, 2 * scale, 6 * scale);
      }
    }
    byId("most").textContent = this.alive.most > 1 ? `${count(this.alive.most, "process", "processes")} at once` : "";
  }

  #listen() {
    for (const area of [this.overview, this.axis]) {
      area.addEventListener("pointerdown", (down) => this.#drag(area, down));
      area.addEventListener("dblclick", () => this.fit());
    }
    byId("chart").addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    byId("zoom-in").addEventListener("click", () => this.zoom(0.5));
    byId("zoom-out").addEventListener("click", () => this.zoom(2));
    byId("zoom-fit").addEventListener("click", () => this.fit());
  }

  #wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 120), this.timeAt(event.clientX));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.pan((event.deltaX || event.deltaY) / Math.max(1, this.axis.clientWidth));
    }
  }

  /** A stretch drawn on the overview or on the axis becomes the view. */
  #drag(area, down) {
    const box = area.getBoundingClientRect();
    const [from, length] = area === this.overview ? [0, this.whole] : [this.from, this.to - this.from];
    const time = (event) => from + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length;
    const first = time(down);
    const move = (event) => {
      if (area === this.overview && Math.abs(event.clientX - down.clientX) > 3) {
        this.view(Math.min(first, time(event)), Math.max(first, time(event)));
      }
    };
    const up = (event) => {
      area.removeEventListener("pointermove", move);
      if (area === this.axis && Math.abs(event.clientX - down.clientX) > 3) {
        this.view(Math.min(first, time(event)), Math.max(first, time(event)));
      }
    };
    area.setPointerCapture(down.pointerId);
    area.addEventListener("pointermove", move);
    area.addEventListener("pointerup", up, { once: true });
    area.addEventListener("pointercancel", up, { once: true });
  }
}

/** The unit of the longest time in view, or a smaller one where ticks would need more than two decimals. */
function tickUnit(longest, step) {
  let unit = Math.max(0, Math.min(3, Math.floor(Math.log10(longest) / 3)));
  while (unit > 0 && step < 0.01 * 1000 ** unit) {
    unit--;
  }
  return unit;
}

function tickText(time, step, unit) {
  if (time === 0) {
    return "0";
  }
  const inUnit = time / 1000 ** unit;
  const decimals = Math.max(0, -Math.floor(Math.log10(step / 1000 ** unit) + 1e-9));
  return `${inUnit.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })} ${TIME_UNITS[unit]}`;
}
