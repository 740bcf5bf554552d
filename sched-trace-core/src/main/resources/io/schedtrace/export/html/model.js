/* The spans as a tree, depth first, and which of them are shown. */

const STATES = {
  session: "session, such as a test",
  ok: "exit 0",
  failed: "failed",
  signal: "killed by a signal",
  running: "running",
  unknown: "end unknown",
  closed: "connection or listener",
  open: "open connection or listener",
  broken: "failed connection",
};
const BAD = new Set(["failed", "signal", "broken"]);
const UNFINISHED = new Set(["running", "unknown", "open"]);

class Model {
  constructor(data) {
    this.trace = data.trace;
    this.spans = data.spans;
    this.start = BigInt(data.trace.start);
    this.byId = new Map();
    this.tops = [];
    this.folded = new Set();
    this.wanted = "";
    this.only = null;
    this.summary = data.summary;
    this.spans.forEach((span, index) => this.#place(span, index));
    this.summary.steps.filter((step) => step.row >= 0).forEach((step) => this.spans[step.row].path.push(step));
    for (let i = this.spans.length - 1; i >= 0; i--) {
      const up = this.spans[i].up;
      if (up >= 0) {
        this.spans[up].last = Math.max(this.spans[up].last, this.spans[i].last);
      }
    }
    this.#choose();
  }

  #place(span, index) {
    span.index = index;
    span.last = index;
    span.below = [];
    span.path = [];
    span.process = span.kind === "process";
    span.tcp = span.kind === "tcp";
    span.listen = span.kind === "listen";
    const up = span.up < 0 ? null : this.spans[span.up];
    span.depth = up ? up.depth + 1 : 0;
    span.place = (up ? up.below : this.tops).push(index);
    span.bad = BAD.has(span.state);
    span.unfinished = UNFINISHED.has(span.state) || !span.complete;
    span.text = [span.name, span.line, span.process ? `[${span.pid}]` : span.tcp ? `${span.peer} ${span.local}` : "",
        span.exe, span.status, span.id, ...(span.hosts || []).map((host) => host.name)].join("\n").toLowerCase();
    this.byId.set(span.id, span);
  }

  get filtered() {
    return this.wanted !== "" || this.only !== null;
  }

  /** Shows what matches and what stands above it. */
  filter(wanted, only) {
    this.wanted = wanted;
    this.only = only;
    this.folded = new Set();
    this.#choose();
  }

  fold(span, folded) {
    if (span.below.length > 0 && (folded ? this.folded.add(span.index) : this.folded.delete(span.index))) {
      this.#choose();
    }
  }

  foldAll(folded) {
    this.folded = new Set(folded ? this.spans.filter((s) => s.below.length > 0 && s.up >= 0).map((s) => s.index) : []);
    this.#choose();
  }

  /** Unfolds what stands above a span; takes the filter off if that hides it. */
  reveal(span) {
    if (this.filtered && !this.kept[span.index]) {
      this.filter("", null);
    }
    for (let up = span.up; up >= 0; up = this.spans[up].up) {
      this.folded.delete(up);
    }
    this.#choose();
  }

  isFolded(span) {
    return this.folded.has(span.index);
  }

  #matches(span) {
    return (this.only === null || this.only(span)) && span.text.includes(this.wanted);
  }

  #choose() {
    const spans = this.spans;
    this.kept = new Array(spans.length).fill(false);
    this.hits = 0;
    for (let i = spans.length - 1; i >= 0; i--) {
      spans[i].hit = this.#matches(spans[i]);
      this.hits += spans[i].hit ? 1 : 0;
      this.kept[i] = this.kept[i] || spans[i].hit;
      if (this.kept[i] && spans[i].up >= 0) {
        this.kept[spans[i].up] = true;
      }
    }
    this.shown = [];
    for (let i = 0; i < spans.length; i = this.folded.has(i) ? spans[i].last + 1 : i + 1) {
      if (this.kept[i]) {
        spans[i].row = this.shown.push(spans[i]) - 1;
      }
    }
  }

  /** Whether a span stands in the list of rows. */
  isShown(span) {
    return this.shown[span.row] === span;
  }

  /** How many processes lived: steps of [time, number], and the greatest number. */
  alive() {
    const events = [];
    for (const span of this.spans.filter((s) => s.process)) {
      events.push([span.at, 1], [span.at + span.length, -1]);
    }
    events.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let most = 0;
    let now = 0;
    const steps = events.map(([time, change]) => {
      now += change;
      most = Math.max(most, now);
      return [time, now];
    });
    return { steps, most };
  }
}
