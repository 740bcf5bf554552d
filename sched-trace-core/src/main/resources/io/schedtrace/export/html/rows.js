/* The rows in sight: only these are in the page, whatever the number of spans. */

const ROW = 26;
const SPARE_ROWS = 8;
const DEEPEST_INDENT = 24;
/** The width of a letter of a note, in pixels. */
const LETTER = 6.4;
/** The same on paper, in percent of the time's width. */
const PRINTED_LETTER = 1.35;

class Rows {
  constructor(model, timeline, onSelect) {
    this.model = model;
    this.timeline = timeline;
    this.onSelect = onSelect;
    this.selected = null;
    this.whole = false;
    this.list = byId("rows");
    this.height = this.list.firstElementChild;
    this.pending = 0;
    this.list.addEventListener("scroll", () => this.later());
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("dblclick", (event) => this.#zoomTo(event));
  }

  /** Draws before the next picture. */
  later() {
    this.pending ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    const shown = this.model.shown;
    this.height.style.height = this.whole ? "auto" : `${shown.length * ROW}px`;
    const first = this.whole ? 0 : Math.max(0, Math.floor(this.list.scrollTop / ROW) - SPARE_ROWS);
    const inSight = Math.ceil(this.list.clientHeight / ROW) + 2 * SPARE_ROWS;
    const last = this.whole ? shown.length : Math.min(shown.length, first + inSight);
    this.height.replaceChildren(...shown.slice(first, last).map((span) => this.#row(span)));
    const active = this.selected && this.model.isShown(this.selected);
    this.list.setAttribute("aria-activedescendant", active ? `row-${this.selected.index}` : "");
  }

  select(span, scroll = true) {
    this.selected = span;
    if (span && scroll && this.model.isShown(span)) {
      const top = span.row * ROW;
      const spare = Math.min(2 * ROW, this.list.clientHeight / 4);
      if (top < this.list.scrollTop + spare) {
        this.list.scrollTop = top - spare;
      } else if (top + ROW > this.list.scrollTop + this.list.clientHeight - spare) {
        this.list.scrollTop = top + ROW - this.list.clientHeight + spare;
      }
    }
    this.draw();
  }

  #row(span) {
    const row = element("div", `row ${span.state}`, this.#label(span), this.#when(span));
    row.id = `row-${span.index}`;
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", span.depth + 1);
    row.setAttribute("aria-posinset", span.place);
    row.setAttribute("aria-setsize", (span.up < 0 ? this.model.tops : this.model.spans[span.up].below).length);
    row.setAttribute("aria-selected", span === this.selected);
    if (span.below.length > 0) {
      row.setAttribute("aria-expanded", !this.model.isFolded(span));
    }
    row.classList.toggle("other-end", this.selected !== null && span.id === this.selected.peerSpan);
    row.classList.toggle("odd", span.row % 2 === 1);
    row.classList.toggle("passed", this.model.filtered && !span.hit);
    if (!this.whole) {
      row.style.top = `${span.row * ROW}px`;
    }
    return row;
  }

  #label(span) {
    const wanted = this.model.wanted;
    const label = element("div", "label");
    const depth = Math.min(span.depth, DEEPEST_INDENT);
    const indent = element("span", "indent");
    indent.style.width = `${depth * 14}px`;
    const twisty = element("span", "twisty", span.below.length === 0 ? "" : this.model.isFolded(span) ? "▸" : "▾");
    label.append(indent, twisty);
    if (span.depth > DEEPEST_INDENT) {
      label.append(element("span", "level", `${span.depth + 1}`));
    }
    label.append(element("span", "sign", sign(span)));
    const text = element("span", "text");
    text.append(element("bdi", "name", ...marked(span.name, wanted)));
    if (span.line) {
      text.append(element("bdi", "line", ...marked(span.line, wanted)));
    }
    label.append(text);
    if (span.process) {
      label.append(element("span", "pid", ...marked(`[${span.pid}]`, wanted)));
    }
    label.title = span.line ? `${span.name} ${span.line}` : span.name;
    return label;
  }

  #when(span) {
    const when = element("div", "when");
    const left = this.timeline.percent(span.at);
    const right = this.timeline.percent(span.at + span.length);
    if (right >= 0 && left <= 100) {
      when.append(this.#bar(span, Math.max(-1, left), Math.min(101, right)));
    }
    const note = element("span", "note", ...noteOf(span));
    if (right < 0) {
      note.prepend("◂ ");
      note.classList.add("before");
    } else if (left > 100) {
      note.append(" ▸");
      note.classList.add("after");
    } else if (right + this.#width(note) <= 100) {
      note.style.left = `calc(${Math.max(0, right)}% + 8px)`;
    } else if (left >= this.#width(note)) {
      note.style.right = `calc(${100 - Math.min(100, left)}% + 6px)`;
    } else {
      note.classList.add("inside");
      note.style.right = `calc(${Math.max(0, 100 - right)}% + 6px)`;
    }
    when.append(note);
    return when;
  }

  /** About how wide a note is, in percent of the time's width. */
  #width(note) {
    const letters = note.textContent.length + 2;
    return this.whole ? letters * PRINTED_LETTER : ((letters * LETTER) / Math.max(1, this.timeline.axis.clientWidth)) * 100;
  }

  #bar(span, left, right) {
    const bar = element("div", "bar");
    bar.style.left = `${left}%`;
    bar.style.width = `${right - left}%`;
    const share = (time) => ((this.timeline.percent(time) - left) / Math.max(1e-9, right - left)) * 100;
    for (const begun of span.process ? span.execs.map((exec) => exec.at) : []) {
      const at = share(begun);
      if (at > 0 && at < 100) {
        const mark = element("i", "exec");
        mark.style.left = `${at}%`;
        bar.append(mark);
      }
    }
    for (const step of span.path) {
      const from = Math.max(0, share(step.at));
      const to = Math.min(100, share(step.at + step.length));
      if (to > from) {
        const mark = element("i", "path");
        mark.style.left = `${from}%`;
        mark.style.width = `${to - from}%`;
        bar.append(mark);
      }
    }
    const ready = span.process ? (span.execs.length > 0 ? span.execs[0].at : null) : span.tcp ? span.established : null;
    if (ready !== null && share(ready) > 0) {
      const wait = element("i", "wait");
      wait.style.width = `${Math.min(100, share(ready))}%`;
      bar.prepend(wait);
    }
    return bar;
  }

  #spanAt(event) {
    const row = event.target.closest(".row");
    return row ? this.model.spans[Number(row.id.slice(4))] : null;
  }

  #click(event) {
    const span = this.#spanAt(event);
    if (!span) {
      return;
    }
    if (event.target.closest(".twisty") && span.below.length > 0) {
      this.model.fold(span, !this.model.isFolded(span));
      this.draw();
    } else {
      this.onSelect(span, false);
    }
  }

  #zoomTo(event) {
    const span = this.#spanAt(event);
    if (span && !event.target.closest(".twisty")) {
      this.timeline.show(span);
    }
  }
}

/** A sign beside the colour. */
function sign(span) {
  if (span.bad) {
    return "✗";
  }
  if (span.tcp) {
    return span.role === "client" ? "→" : "←";
  }
  return span.state === "running" || span.state === "open" ? "…" : span.unfinished ? "?" : "●";
}

/** What stands beside a bar: how long, how much, and what is out of the ordinary. */
function noteOf(span) {
  const parts = [duration(span.length)];
  if (span.tcp && span.established === null && span.state === "closed") {
    parts.push(`  ${span.status}`);
  } else if (span.tcp && span.established !== null && span.sent !== null) {
    parts.push(`  ↑ ${bytes(span.sent)}  ↓ ${bytes(span.received)}`);
  }
  if (span.bad) {
    parts.push(element("b", "bad", `  ✗ ${span.status}`));
  } else if (span.unfinished) {
    parts.push(element("b", "unfinished", `  ${UNFINISHED.has(span.state) ? span.status : "incomplete"}`));
  }
  return parts;
}
