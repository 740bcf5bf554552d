/* The totals by program, and the critical path, in a dialog. */

const MOST_LISTED = 15;

/** A button that opens the dialog; null if there is nothing to add up. */
function summaryButton(model, onSelect) {
  if (model.summary.programs.length === 0) {
    return null;
  }
  const dialog = byId("summary");
  const open = button("", "Summary", () => {
    dialog.replaceChildren(...summaryOf(model, (span) => {
      dialog.close();
      onSelect(span);
    }));
    dialog.showModal();
  });
  open.id = "summary-open";
  open.title = "Totals and critical path";
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return open;
}

function summaryOf(model, go) {
  const { programs, steps, length } = model.summary;
  const byLength = steps.slice().sort((a, b) => b.length - a.length);
  const close = button("close", "✕", () => byId("summary").close());
  close.setAttribute("aria-label", "Close");
  const parts = [element("h2", "", "Programs ", close), table(["Program", "Count", "Wall time", "CPU time", "Peak memory", "Failed"],
      programs.map((p) => [p.name, String(p.count), duration(p.wall), p.cpu === null ? "?" : duration(p.cpu), p.rss === null ? "?" : bytes(p.rss), p.failed || ""]))];
  if (steps.length > 0) {
    parts.push(element("h2", "", `Critical path, ${duration(length)}: the longest steps`), stepTable(model, byLength, go));
  }
  const gaps = byLength.filter((step) => step.gap);
  if (gaps.length > 0) {
    parts.push(element("h2", "", "Gaps: no child was on the path"), stepTable(model, gaps, go));
  }
  return parts;
}

function stepTable(model, steps, go) {
  return table(["Process", "Length", "At"], steps.map((step) => {
    const span = model.spans[step.row];
    const name = span ? button("link", `${span.name} ${span.line}`, () => go(span)) : "none";
    return [name, duration(step.length), duration(step.at)];
  }));
}

function table(titles, rows) {
  const made = element("table", "", element("thead", "", element("tr", "", ...titles.map((title) => element("th", "", title)))));
  made.append(element("tbody", "", ...rows.slice(0, MOST_LISTED).map((row) => element("tr", "", ...row.map((cell) => element("td", "", cell))))));
  if (rows.length > MOST_LISTED) {
    made.append(element("caption", "", `and ${count(rows.length - MOST_LISTED, "more", "more")}`));
  }
  return made;
}
