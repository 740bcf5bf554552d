/* Draws a page as an SVG, from where the browser has put things. Canvases have to be recorded while they are drawn. */

class Drawing {
  #parts = [];
  #document;
  #body;
  #width;
  #height;

  constructor(frame) {
    this.#document = frame.contentDocument;
    // As the browser has it: the viewer of chrome://tracing puts objects of its own before it.
    this.#body = Object.getOwnPropertyDescriptor(Document.prototype, "body").get.call(this.#document);
    this.#width = frame.clientWidth;
    this.#height = frame.clientHeight;
  }

  /** The picture of everything that is in the frame. */
  toString() {
    const [width, height] = [this.#width, this.#height];
    this.#pseudoElements();
    this.#element(this.#body);
    return `<svg xmlns="http://www.w3.org/2000/svg" ${bounds(0, 0, width, height)} viewBox="0 0 ${width} ${height}">
<rect width="${width}" height="${height}" fill="#fff"/>
${this.#parts.join("\n")}
</svg>
`;
  }

  /** Makes elements of what style sheets add. */
  #pseudoElements() {
    for (const element of Element.prototype.querySelectorAll.call(this.#body, "*")) {
      for (const place of ["before", "after"]) {
        const style = getComputedStyle(element, "::" + place);
        if (/^"/.test(style.content)) {
          const added = document.createElement("span");
          added.textContent = JSON.parse(style.content);
          const wanted = [...style].map((name) => [name, style.getPropertyValue(name)]);
          wanted.forEach(([name, value]) => added.style.setProperty(name, value));
          element.classList.add("drawn-" + place);
          element[place === "before" ? "prepend" : "append"](added);
        }
      }
    }
    const sheet = new this.#document.defaultView.CSSStyleSheet();
    sheet.replaceSync(`.drawn-before::before, .drawn-after::after { content: none !important }`);
    this.#document.adoptedStyleSheets.push(sheet);
  }

  #element(element) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.display === "none" || style.opacity === "0") {
      return;
    }
    const clips = style.overflowX !== "visible" && element !== this.#body;
    const outside = box.bottom <= 0 || box.right <= 0 || box.top >= this.#height || box.left >= this.#width;
    if (outside && clips) {
      return;
    }
    if (style.visibility === "visible" && !outside) {
      this.#box(style, box);
    }
    const before = this.#parts.length;
    if (element.localName === "canvas") {
      this.#canvas(element, box);
    } else if (element.localName === "svg") {
      this.#icon(element, style, box);
    } else {
      this.#children(element, style);
    }
    if (clips && this.#parts.length > before) {
      const inside = this.#parts.splice(before);
      const view = [box.x, box.y, box.width, box.height].map(n).join(" ");
      this.#parts.push(`<svg ${boundsOf(box)} viewBox="${view}">`, ...inside, "</svg>");
    }
  }

  #children(element, style) {
    const above = [];
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        this.#text(child, style);
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const positioned = getComputedStyle(child).position !== "static";
        positioned ? above.push(child) : this.#element(child);
      }
    }
    above.forEach((child) => this.#element(child));
    if (element.localName === "input") {
      this.#label(element, style);
    }
  }

  #box(style, box) {
    const line = parseFloat(style.borderTopWidth);
    const even = ["Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) === line);
    const rounded = style.borderTopLeftRadius.endsWith("%") ? box.height / 2 : parseFloat(style.borderTopLeftRadius);
    const radius = Math.min(rounded, box.height / 2, box.width / 2);
    const stroke = even && line > 0 ? paint("stroke", style.borderTopColor) + strokeWidth(line) : "";
    const inset = stroke ? line / 2 : 0;
    const [width, height] = [box.width - 2 * inset, box.height - 2 * inset];
    this.#rect(box.x + inset, box.y + inset, width, height, style.backgroundColor, radius, stroke);
    if (!even) {
      const [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map((side) => [
        parseFloat(style[`border${side}Width`]),
        style[`border${side}Color`],
      ]);
      this.#rect(box.x, box.y, box.width, top[0], top[1]);
      this.#rect(box.x, box.bottom - bottom[0], box.width, bottom[0], bottom[1]);
      this.#rect(box.x, box.y, left[0], box.height, left[1]);
      this.#rect(box.right - right[0], box.y, right[0], box.height, right[1]);
    }
    const shade = /^-webkit-gradient\(linear.* to\((.*)\)\)$/.exec(style.backgroundImage);
    if (shade) {
      this.#rect(box.x, box.y, box.width, box.height, shade[1]);
    }
    const stripes = /^repeating-linear-gradient\(to right.*?(rgb\([^)]*\)) 8px/.exec(style.backgroundImage);
    for (let x = 7; stripes && x < box.width; x += 14) {
      this.#rect(box.x + x, box.y, 1, box.height, stripes[1]);
    }
  }

  #rect(x, y, width, height, color, radius = 0, more = "") {
    if (width > 0 && height > 0 && (visible(color) || more)) {
      const corners = radius > 0 ? ` rx="${n(radius)}"` : "";
      const fill = visible(color) ? paint("fill", color) : ' fill="none"';
      this.#parts.push(`<rect ${bounds(x, y, width, height)}${corners}${fill}${more}/>`);
    }
  }

  /** A text node, line by line, and no more of it than there is room for. */
  #text(node, style) {
    if (!node.data.trim() || style.visibility !== "visible") {
      return;
    }
    const range = document.createRange();
    const lines = [];
    for (let i = 0; i < node.length; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      if (box.width > 0) {
        if (!lines.length || Math.abs(lines.at(-1)[0][1].y - box.y) >= 2) {
          lines.push([]);
        }
        lines.at(-1).push([node.data[i], box]);
      }
    }
    const room = this.#room(node.parentElement);
    for (const characters of lines) {
      const fits = characters.filter(([, box]) => box.right <= room + 0.5);
      const cut = fits.length < characters.length;
      const shown = cut ? fits.slice(0, -1) : fits;
      while (shown.length && /\s/.test(shown[0][0])) {
        shown.shift();
      }
      if (shown.length) {
        const first = shown[0][1];
        const last = shown.at(-1)[1];
        const text = shown.map(([character]) => character).join("");
        this.#line(text, first.x, first, style, last.right - first.x, cut ? "…" : "");
      }
    }
  }

  /** Where an ellipsis cuts the text of an element. */
  #room(element) {
    for (let up = element; up; up = up.parentElement) {
      if (getComputedStyle(up).textOverflow === "ellipsis") {
        return up.getBoundingClientRect().right;
      }
    }
    return Infinity;
  }

  /** What an input field says. */
  #label(element, style) {
    const box = element.getBoundingClientRect();
    const x = box.x + parseFloat(style.paddingLeft) + parseFloat(style.borderLeftWidth);
    const shown = element.value ? style : getComputedStyle(element, "::placeholder");
    this.#line(element.value || element.placeholder, x, box, shown);
  }

  #line(text, x, box, style, width = 0, end = "") {
    const shown = text.replace(/\s+$/, "");
    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText("x");
    const y = box.y + (box.height - ascent - descent) / 2 + ascent;
    const upper = style.textTransform === "uppercase" ? shown.toUpperCase() : shown;
    const length = shown === text && width > 0 && !end ? ` textLength="${n(width)}"` : "";
    const face = `font-family="${family(style.fontFamily)}" font-size="${n(parseFloat(style.fontSize))}"`;
    const weight = style.fontWeight >= 600 ? ' font-weight="bold"' : "";
    const look = `${face}${weight}${paint("fill", style.color)}${length}`;
    this.#parts.push(`<text x="${n(x)}" y="${n(y)}" ${look}>${escape(upper + end)}</text>`);
  }

  #icon(element, style, box) {
    const copy = element.cloneNode(true);
    for (const name of ["x", "y", "width", "height"]) {
      copy.setAttribute(name, n(box[name]));
    }
    for (const name of ["fill", "stroke", "stroke-width", "stroke-linecap"]) {
      copy.setAttribute(name, style.getPropertyValue(name));
    }
    this.#parts.push(new XMLSerializer().serializeToString(copy).replace(' xmlns="http://www.w3.org/2000/svg"', ""));
  }

  #canvas(element, box) {
    const scale = box.width / element.width;
    const view = `0 0 ${element.width} ${n(box.height / scale)}`;
    this.#parts.push(`<svg ${boundsOf(box)} viewBox="${view}">`, ...(element.recorded ?? []), "</svg>");
  }
}

function visible(color) {
  return !/^(transparent|rgba\(.*, 0\))$/.test(color);
}

/** A color and its opacity as attributes. */
function paint(name, color, alpha = 1) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, opaque] = pen.getImageData(0, 0, 1, 1).data;
  const hex = "#" + [red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("");
  const opacity = (opaque / 255) * alpha;
  return ` ${name}="${hex}"${opacity < 1 ? ` ${name}-opacity="${n(opacity)}"` : ""}`;
}

function strokeWidth(width) {
  return width === 1 ? "" : ` stroke-width="${n(width)}"`;
}

function bounds(x, y, width, height) {
  return `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`;
}

function boundsOf(box) {
  return bounds(box.x, box.y, box.width, box.height);
}

function family(name) {
  return /mono/i.test(name) ? "monospace" : "sans-serif";
}

function n(value) {
  return String(Math.round(value * 100) / 100);
}

function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
