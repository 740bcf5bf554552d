/* Keeps what scripts draw on canvases. */

/** From now on, what is drawn on canvases of a document is kept in them as parts of an SVG. */
function record(document) {
  const canvas = Document.prototype.createElement.call(document, "canvas");
  const kind = Object.getPrototypeOf(canvas.getContext("2d"));
  const paths = new WeakMap();
  const point = (context, x, y) => {
    const { x: left, y: top } = context.getTransform().transformPoint(new DOMPoint(x, y));
    return `${n(left)} ${n(top)}`;
  };
  const add = (context, part) => (context.canvas.recorded ??= []).push(part);
  const extend = (context, part) => paths.set(context, (paths.get(context) ?? "") + part);
  const fill = (context) => paint("fill", context.fillStyle, context.globalAlpha);
  const lines = (context) => paint("stroke", context.strokeStyle, context.globalAlpha) + strokeWidth(context.lineWidth);
  const seen = {
    clearRect: (context) => (context.canvas.recorded = []),
    beginPath: (context) => paths.set(context, ""),
    closePath: (context) => extend(context, "Z"),
    moveTo: (context, x, y) => extend(context, "M" + point(context, x, y)),
    lineTo: (context, x, y) => extend(context, (paths.get(context) ? "L" : "M") + point(context, x, y)),
    bezierCurveTo: (context, ...at) =>
      extend(context, "C" + [0, 2, 4].map((i) => point(context, at[i], at[i + 1])).join(" ")),
    fill: (context) => add(context, `<path d="${paths.get(context)}"${fill(context)}/>`),
    stroke: (context) => add(context, `<path d="${paths.get(context)}" fill="none"${lines(context)}/>`),
    fillRect: (context, x, y, width, height) => {
      const [left, top] = point(context, x, y).split(" ").map(Number);
      const [right, bottom] = point(context, x + width, y + height).split(" ").map(Number);
      if (right > left && bottom > top && right > 0 && left < context.canvas.width) {
        add(context, `<rect ${bounds(left, top, right - left, bottom - top)}${fill(context)}/>`);
      }
    },
    fillText: (context, text, x, y) => {
      const [left, top] = point(context, x, y).split(" ");
      const size = /([\d.]+)px/.exec(context.font)[1];
      const anchor = context.textAlign === "center" ? ' text-anchor="middle"' : "";
      const { alphabeticBaseline, width } = context.measureText(text);
      const baseline = n(top - alphabeticBaseline);
      const length = ` textLength="${n(width)}"`;
      const face = `font-family="${family(context.font)}" font-size="${size}"`;
      add(context, `<text x="${left}" y="${baseline}" ${face}${anchor}${length}${fill(context)}>${escape(text)}</text>`);
    },
  };
  for (const [name, note] of Object.entries(seen)) {
    const draw = kind[name];
    kind[name] = function (...at) {
      note(this, ...at);
      return draw.apply(this, at);
    };
  }
}
