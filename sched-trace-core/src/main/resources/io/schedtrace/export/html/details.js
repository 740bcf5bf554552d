/* The panel with all that is known of the selected span. */

const LINKS_SHOWN = 200;

class Details {
  constructor(model, onSelect) {
    this.model = model;
    this.onSelect = onSelect;
    this.panel = byId("details");
  }

  show(span) {
    this.panel.hidden = span === null;
    if (span !== null) {
      const close = button("close", "✕", () => this.onSelect(null));
      close.title = "Close (Esc)";
      close.setAttribute("aria-label", "Close");
      const title = element("h2", "", element("bdi", "name", span.name));
      this.panel.replaceChildren(
          element("div", "heading", title, close),
          element("p", "", badge(span)),
          ...(span.process ? this.#process(span) : span.tcp ? this.#connection(span) : this.#below(span)),
          this.#times(span),
          this.#ids(span));
      this.panel.scrollTop = 0;
    }
  }

  #process(span) {
    const parts = [];
    if (span.execs.length === 0) {
      parts.push(section("Program", element("p", "hint", "Forked; it ran the program of its parent."), facts([["File", span.exe]])));
    }
    span.execs.slice().reverse().forEach((exec, i) => {
      const earlier = i > 0;
      parts.push(section(earlier ? "Earlier program" : "Program", ...program(exec, span)));
    });
    parts.push(section("Process", facts([
      ["Pid", span.hostPid === null || span.hostPid === span.pid ? `${span.pid}` : `${span.pid} (${span.hostPid} on the host)`],
      ["Parent", this.#link(this.model.spans[span.up]) || `${span.ppid ?? "outside"}`],
      ["User, group", `${span.uid ?? "not known"}, ${span.gid ?? "not known"}`],
      ["Comm", span.comm],
      ["CPU time", known(span.cpu, duration)],
      ["Peak memory", known(span.rss, bytes)],
      ["Threads", known(span.threads, String)],
    ])));
    return [...parts, ...this.#below(span)];
  }

  #below(span) {
    const below = span.below.map((index) => this.model.spans[index]);
    const lists = [this.#list("Listeners", below.filter((s) => s.listen)), this.#list("Connections", below.filter((s) => s.tcp)), this.#list("Children", below.filter((s) => s.process))];
    return lists.filter((list) => list !== null);
  }

  #connection(span) {
    const hosts = (names) => names.map((host) => `${host.name} (${host.origin})`).join("\n");
    const client = span.role === "client";
    const otherEnd = this.model.byId.get(span.peerSpan);
    return [
      section("Connection", facts([
        ["Side", client ? "client: it connected" : "server: it accepted"],
        ["Process", this.#link(this.model.spans[span.up]) || "the test itself"],
        ["Peer", span.peer],
        ["Names", hosts(span.hosts)],
        ["Local", span.local],
        ["Local names", hosts(span.localHosts)],
        ["Other end", otherEnd ? this.#link(this.model.spans[otherEnd.up] || otherEnd, otherEnd) : null],
        ["Error", span.error],
      ])),
      section("Traffic", facts([
        ["Sent", span.established === null ? null : known(span.sent, bytes)],
        ["Received", span.established === null ? null : known(span.received, bytes)],
        ["Handshake", span.established === null ? "not completed" : client ? duration(span.established - span.at) : null],
        ["Round trip", known(span.rtt, duration)],
        ["Sent again", span.retransmits ? count(span.retransmits, "segment", "segments") : null],
      ])),
    ];
  }

  #times(span) {
    const start = this.model.start + BigInt(span.at);
    const open = span.state === "running" || span.state === "open";
    return section("Time", facts([
      ["Duration", `${duration(span.length)}${open ? " so far" : ""}`],
      ["From the start", `+${duration(span.at)}`],
      ["Start", wallClock(start)],
      ["End", open ? null : wallClock(start + BigInt(span.length))],
    ]));
  }

  #ids(span) {
    return section("Ids", facts([
      ["Span", span.id],
      ["Parent", span.parent],
      ["Trace", this.model.trace.id],
      ["Recorded via", this.model.trace.via],
    ]));
  }

  #link(span, target = span) {
    if (!span) {
      return null;
    }
    return button("link", element("bdi", "", span.process ? `${span.name} [${span.pid}]` : span.name), () => this.onSelect(target));
  }

  #list(heading, spans) {
    if (spans.length === 0) {
      return null;
    }
    const items = spans.slice(0, LINKS_SHOWN).map((s) => element("li", s.state, element("span", "sign", sign(s)), this.#link(s), element("span", "note", ...noteOf(s))));
    if (spans.length > LINKS_SHOWN) {
      items.push(element("li", "hint", `and ${count(spans.length - LINKS_SHOWN, "more", "more")}`));
    }
    return section(`${heading} (${spans.length.toLocaleString("en")})`, element("ul", "spans", ...items));
  }
}

function program(exec, span) {
  const list = element("ol", "argv", ...exec.argv.map((argument) => element("li", "", element("bdi", "", argument))));
  list.start = 0;
  const parts = [list];
  const missing = [];
  if (exec.more > 0) {
    missing.push(`${count(exec.more, "further argument is", "further arguments are")} not shown.`);
  }
  if (exec.truncated) {
    missing.push("The arguments are not known to be whole.");
  }
  if (exec.filenameTruncated) {
    missing.push("The end of the filename is missing.");
  }
  if (missing.length > 0) {
    parts.push(element("p", "hint", missing.join(" ")));
  }
  parts.push(facts([
    ["File", exec.exe],
    ["Started as", exec.filename === exec.exe ? null : exec.filename],
    ["After the fork", duration(exec.at - span.at)],
  ]));
  return parts;
}

function section(title, ...content) {
  return element("section", "", element("h3", "", title), ...content);
}

/** A value as text; null if it is not known. */
function known(value, format) {
  return value === null ? null : format(value);
}

/** A list of names and values; what is not known (null or nothing) is left out. */
function facts(pairs) {
  const list = element("dl", "");
  for (const [name, value] of pairs) {
    if (value) {
      list.append(element("dt", "", name), element("dd", "", typeof value === "string" ? element("bdi", "", value) : value));
    }
  }
  return list;
}

function badge(span) {
  return element("span", `badge ${span.state}`, `${span.bad ? "✗ " : ""}${span.status}${span.complete || UNFINISHED.has(span.state) ? "" : ", incomplete"}`);
}
