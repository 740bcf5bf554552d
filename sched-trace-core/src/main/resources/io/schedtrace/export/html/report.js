/* The page: reads the data, puts the parts together, listens to keys. */

const KEYS = [
  ["↑ ↓", "the row above, below"],
  ["← →", "collapse, expand; to the parent, the first child"],
  ["Home End", "the first, the last row"],
  ["Page Up, Page Down", "a page up, down"],
  ["Enter", "open or close the details"],
  ["*", "expand all below the row"],
  ["/", "search; Enter there goes to the next match"],
  ["n N", "the next, the previous match or failure"],
  ["+ −", "zoom in, out (also Ctrl and the wheel)"],
  ["a d", "to the left, to the right (also Shift and the wheel)"],
  ["z", "zoom to the row (also a double click)"],
  ["0", "the whole trace"],
  ["Esc", "close, clear"],
];

class Report {
  constructor(data) {
    this.model = new Model(data);
    this.details = new Details(this.model, (span) => this.select(span));
    this.timeline = new Timeline(this.model, () => this.rows?.later());
    this.rows = new Rows(this.model, this.timeline, (span) => this.select(span, false));
    this.#headings();
    this.#chips();
    this.#legend();
    this.#controls();
    this.#printing();
    byId("report").hidden = false;
    new ResizeObserver(() => this.#resized()).observe(byId("chart"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.timeline.drawOverview());
    this.#resized();
    const first = this.#fromAddress() || this.#firstFailure();
    if (first) {
      this.select(first);
    }
    this.rows.list.focus({ preventScroll: true });
  }

  /** Shows a span and its details; null closes the details. */
  select(span, scroll = true) {
    if (span && !this.model.isShown(span)) {
      this.model.reveal(span);
      this.#showFilter();
    }
    this.details.show(span);
    if (span && (this.timeline.percent(span.at) > 100 || this.timeline.percent(span.at + span.length) < 0)) {
      this.timeline.show(span);
    }
    this.rows.select(span || this.rows.selected, scroll);
    if (span) {
      try {
        history.replaceState(null, "", `#${span.id}`);
      } catch {
        // An address that must not change, in a sandboxed frame, is no harm.
      }
    }
  }

  #resized() {
    const list = this.rows.list;
    byId("chart").style.setProperty("--bar", `${list.offsetWidth - list.clientWidth}px`);
    this.timeline.draw();
    this.timeline.drawOverview();
    this.rows.draw();
  }

  #fromAddress() {
    return this.model.byId.get(location.hash.slice(1));
  }

  /** Of the failures, the one that ended first: others often follow from it. */
  #firstFailure() {
    return this.model.spans.filter((s) => s.bad && s.process).reduce((first, s) => {
      const earlier = !first || s.at + s.length < first.at + first.length;
      return earlier ? s : first;
    }, null);
  }

  #headings() {
    const { trace, spans } = this.model;
    const root = spans.find((s) => s.process);
    const hasSession = spans.some((s) => s.kind === "session");
    byId("title").append(element("bdi", "", trace.title));
    if (root && !hasSession) {
      byId("verdict").replaceWith(badge(root));
    } else {
      byId("verdict").remove();
    }
    if (!root) {
      byId("empty").hidden = false;
      byId("empty").append(element("b", "", "No processes"), element("p", "", "This trace has no process in it."));
      byId("chart").classList.toggle("nothing", spans.length === 0);
    }
    const processes = spans.filter((s) => s.process);
    const connections = spans.filter((s) => s.tcp);
    const listeners = spans.filter((s) => s.listen);
    const sum = (of) => connections.reduce((total, s) => total + (s[of] ?? 0), 0);
    const parts = [
      count(processes.length, "process", "processes"),
      count(connections.length, "connection", "connections"),
      ...(listeners.length > 0 ? [count(listeners.length, "listener", "listeners")] : []),
      ...(connections.length > 0 ? [`↑ ${bytes(sum("sent"))} ↓ ${bytes(sum("received"))}`] : []),
      duration(trace.duration),
      ...trace.labels,
      ...(spans.length > 0 ? [wallClock(this.model.start).replace(/\.\d+/, "")] : []),
    ];
    byId("facts").append(...parts.map((part) => element("span", "", part)), element("span", "id", `trace ${trace.id}`));
    this.#losses(trace, spans);
  }

  #losses(trace, spans) {
    if (trace.lost.length > 0) {
      byId("loss").hidden = false;
      byId("loss").append(element("b", "", "✗ Part of this trace was lost: "), trace.lost.join("; "), ". What is shown is true, but not all there was.");
    }
    const notes = [];
    const open = spans.filter((s) => s.state === "running" || s.state === "open").length;
    const partial = spans.filter((s) => !s.complete).length - open;
    if (open > 0) {
      notes.push(`${count(open, "span was", "spans were")} still open when the trace was taken`);
    }
    if (partial > 0) {
      notes.push(`${count(partial, "span is", "spans are")} incomplete`);
    }
    if (trace.truncated > 0) {
      notes.push(`the arguments of ${count(trace.truncated, "exec are", "execs are")} not whole`);
    }
    byId("notes").hidden = notes.length === 0;
    byId("notes").append(notes.join("; "));
  }

  #chips() {
    const kinds = [
      ["failed", "Failed", (s) => s.bad],
      ["running", "Unfinished", (s) => s.unfinished],
      ["closed", "Connections", (s) => s.tcp],
      ["closed", "Listeners", (s) => s.listen],
      ["path", "Critical path", (s) => s.path.length > 0],
    ];
    for (const [state, name, only] of kinds) {
      const n = this.model.spans.filter(only).length;
      if (n > 0) {
        const chip = button(`chip ${state}`, `${name} ${n.toLocaleString("en")}`, () => {
          const on = this.model.only !== only;
          this.#filter(this.model.wanted, on ? only : null);
        });
        chip.only = only;
        byId("chips").append(chip);
      }
    }
    this.#showFilter();
  }

  #legend() {
    const states = new Set(this.model.spans.map((s) => s.state));
    for (const [state, meaning] of Object.entries(STATES)) {
      if (states.has(state)) {
        byId("legend").append(element("li", state, element("i", "bar"), meaning));
      }
    }
  }

  #filter(wanted, only) {
    this.model.filter(wanted, only);
    this.#showFilter();
    this.rows.list.scrollTop = 0;
    this.rows.select(this.rows.selected, this.rows.selected !== null);
  }

  #showFilter() {
    for (const chip of byId("chips").children) {
      chip.setAttribute("aria-pressed", chip.only === this.model.only);
    }
    if (byId("search").value.trim().toLowerCase() !== this.model.wanted) {
      byId("search").value = this.model.wanted;
    }
    byId("found").textContent = this.model.wanted ? count(this.model.hits, "match", "matches") : "";
    byId("empty").hidden = this.model.shown.length > 0;
    if (this.model.spans.length > 0) {
      byId("empty").replaceChildren(element("b", "", "Nothing matches"), element("p", "", "Esc takes the search off."));
    }
  }

  #controls() {
    const search = byId("search");
    search.addEventListener("input", () => this.#filter(search.value.trim().toLowerCase(), this.model.only));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        this.#nextHit(event.shiftKey ? -1 : 1);
      } else if (event.key === "ArrowDown") {
        this.rows.list.focus();
      } else if (event.key === "Escape") {
        this.#clear();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    byId("fold-all").addEventListener("click", () => this.#foldAll(true));
    byId("unfold-all").addEventListener("click", () => this.#foldAll(false));
    const summary = summaryButton(this.model, (span) => this.select(span));
    if (summary) {
      byId("summary-place").replaceWith(summary);
    }
    byId("keys").addEventListener("click", () => this.#help());
    addEventListener("hashchange", () => this.#fromAddress() && this.select(this.#fromAddress()));
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#splitter();
    const help = byId("help");
    help.append(element("h2", "", "Keys"), ...KEYS.map(([keys, meaning]) => element("div", "", element("kbd", "", keys), element("span", "", meaning))));
    help.addEventListener("click", () => help.close());
  }

  #foldAll(folded) {
    this.model.foldAll(folded);
    this.rows.draw();
  }

  #help() {
    byId("help").showModal();
  }

  #clear() {
    if (this.model.filtered) {
      this.#filter("", null);
    } else {
      this.select(null);
    }
    this.rows.list.focus();
  }

  /** To the next row that the search found, or else that failed. */
  #nextHit(direction) {
    const shown = this.model.shown;
    const wanted = this.model.filtered ? (s) => s.hit : (s) => s.bad;
    const here = this.rows.selected && this.model.isShown(this.rows.selected) ? this.rows.selected.row : direction > 0 ? -1 : 0;
    for (let step = 1; step <= shown.length; step++) {
      const span = shown[(here + direction * step + shown.length * 2) % shown.length];
      if (wanted(span)) {
        this.select(span);
        return;
      }
    }
  }

  #key(event) {
    if (byId("help").open && event.key === "Escape") {
      byId("help").close();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || byId("summary").open) {
      return;
    }
    const inRows = event.target === this.rows.list || event.target === document.body;
    const action = this.#anywhere(event.key) || (inRows && this.#inRows(event.key));
    if (action && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      action();
    }
  }

  #anywhere(key) {
    return {
      "/": () => byId("search").select(),
      "?": () => this.#help(),
      "Escape": () => this.#clear(),
      "n": () => this.#nextHit(1),
      "N": () => this.#nextHit(-1),
      "+": () => this.timeline.zoom(0.5),
      "=": () => this.timeline.zoom(0.5),
      "-": () => this.timeline.zoom(2),
      "−": () => this.timeline.zoom(2),
      "0": () => this.timeline.fit(),
      "a": () => this.timeline.pan(-0.25),
      "d": () => this.timeline.pan(0.25),
      "z": () => this.rows.selected && this.timeline.show(this.rows.selected),
    }[key];
  }

  #inRows(key) {
    const page = Math.max(1, Math.floor(this.rows.list.clientHeight / ROW) - 1);
    return {
      "ArrowUp": () => this.#move(-1),
      "ArrowDown": () => this.#move(1),
      "PageUp": () => this.#move(-page),
      "PageDown": () => this.#move(page),
      "Home": () => this.#move(-this.model.shown.length),
      "End": () => this.#move(this.model.shown.length),
      "ArrowLeft": () => this.#left(),
      "ArrowRight": () => this.#right(),
      "Enter": () => this.select(this.details.panel.hidden ? this.rows.selected || this.model.shown[0] || null : null),
      "*": () => this.#unfoldBelow(),
    }[key];
  }

  /** Moves the selection; open details follow it. */
  #move(by) {
    const shown = this.model.shown;
    if (shown.length === 0) {
      return;
    }
    const here = this.rows.selected && this.model.isShown(this.rows.selected) ? this.rows.selected.row : by > 0 ? -1 : shown.length;
    this.#go(shown[Math.max(0, Math.min(shown.length - 1, here + by))]);
  }

  #go(span) {
    if (this.details.panel.hidden) {
      this.rows.select(span);
    } else {
      this.select(span);
    }
  }

  #left() {
    const span = this.rows.selected;
    if (span && span.below.length > 0 && !this.model.isFolded(span)) {
      this.model.fold(span, true);
      this.rows.draw();
    } else if (span && span.up >= 0) {
      this.#go(this.model.spans[span.up]);
    }
  }

  #right() {
    const span = this.rows.selected;
    if (span && this.model.isFolded(span)) {
      this.model.fold(span, false);
      this.rows.draw();
    } else if (span && span.below.length > 0) {
      this.#move(1);
    }
  }

  #unfoldBelow() {
    const span = this.rows.selected;
    if (span) {
      for (let i = span.index; i <= span.last; i++) {
        this.model.fold(this.model.spans[i], false);
      }
      this.rows.draw();
    }
  }

  #splitter() {
    const splitter = byId("splitter");
    const chart = byId("chart");
    const set = (share) => {
      chart.style.setProperty("--share", String(Math.max(0.12, Math.min(0.8, share))));
      this.#resized();
    };
    const share = () => Number(getComputedStyle(chart).getPropertyValue("--share"));
    splitter.addEventListener("pointerdown", (down) => {
      splitter.setPointerCapture(down.pointerId);
      const box = this.rows.height.getBoundingClientRect();
      const move = (event) => set((event.clientX - box.left) / box.width);
      splitter.addEventListener("pointermove", move);
      splitter.addEventListener("pointerup", () => splitter.removeEventListener("pointermove", move), { once: true });
    });
    splitter.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
      if (by) {
        event.preventDefault();
        set(share() + by);
      }
    });
  }

  /** On paper all rows stand, over the whole time. */
  #printing() {
    let view = null;
    addEventListener("beforeprint", () => {
      view ||= [this.timeline.from, this.timeline.to];
      document.body.classList.add("printing");
      this.rows.whole = true;
      this.timeline.fit();
      this.rows.draw();
    });
    addEventListener("afterprint", () => {
      document.body.classList.remove("printing");
      this.rows.whole = false;
      this.timeline.view(...(view || [0, this.timeline.whole]));
      view = null;
      this.rows.draw();
    });
  }
}

new Report(JSON.parse(byId("data").textContent));
document.documentElement.dataset.ready = String(Math.round(performance.now()));
