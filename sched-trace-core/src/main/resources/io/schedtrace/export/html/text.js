/* Quantities and elements. Whatever comes from the trace goes into the page through textContent, as text. */

const TIME_UNITS = ["ns", "µs", "ms", "s"];
const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Three digits that count: "12.3 ms", "2 min 05 s". */
function duration(ns) {
  const seconds = Math.floor(ns / 1e9 + 0.5);
  if (seconds >= 3600) {
    return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60), 2)} min`;
  }
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${pad(seconds % 60, 2)} s` : scaled(ns, 1000, TIME_UNITS);
}

/** "1.21 KiB". */
function bytes(n) {
  return scaled(n, 1024, SIZE_UNITS);
}

function scaled(value, base, units) {
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** "12,345 processes". */
function count(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

function pad(n, digits) {
  return String(n).padStart(digits, "0");
}

/** Nanoseconds since 1970, a BigInt, as "2025-10-28 22:15:30.123456789 UTC". */
function wallClock(epochNanos) {
  const nanos = ((epochNanos % 1000000000n) + 1000000000n) % 1000000000n;
  const seconds = new Date(Number((epochNanos - nanos) / 1000000n)).toISOString();
  return `${seconds.slice(0, 10)} ${seconds.slice(11, 19)}.${pad(nanos, 9)} UTC`;
}

/** An element with a class and content: strings become text nodes. */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.append(...content);
  return made;
}

function button(className, label, onClick) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

/** The text with each place where the lower-case `wanted` stands marked. */
function marked(text, wanted) {
  const lower = text.toLowerCase();
  if (!wanted || lower.length !== text.length || !lower.includes(wanted)) {
    return [text];
  }
  const parts = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), element("mark", "", text.slice(at, at + wanted.length)));
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}

function byId(id) {
  return document.getElementById(id);
}
