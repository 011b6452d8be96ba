const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const TINTS = 6;
const ABOVE = 0.3; // of the area's height, between its upper edge and the first mark
const NEAR_LEFT = 0.05; // of the page's width: a label there has no room beside its box

const states = new WeakMap();

const make = (tag, className, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

const placed = (element, [left, top, width, height]) => {
  Object.assign(element.style, {
    left: `${left * 100}%`,
    top: `${top * 100}%`,
    width: `${width * 100}%`,
    height: `${height * 100}%`,
  });
  return element;
};

function drawBoxes(root, boxes) {
  const marks = [];
  const edges = [];
  for (const box of boxes) {
    const tint = `tint-${box[5] % TINTS}`;
    marks.push(placed(make("div", tint), box));
    const edge = placed(make("div", tint), box);
    if (box[4]) {
      edge.append(make("span", box[0] < NEAR_LEFT ? "label inside" : "label", box[4]));
    }
    edges.push(edge);
  }
  root.querySelector(".marks").replaceChildren(...marks);
  root.querySelector(".edges").replaceChildren(...edges);
}

function drawText(root, paragraphs) {
  const written = paragraphs.map((pieces) => {
    const paragraph = make("p", "");
    for (const [text, marked] of pieces) {
      paragraph.append(marked ? make("mark", "", text) : text);
    }
    return paragraph;
  });
  const article = root.querySelector(".text");
  article.replaceChildren(...written);
  article.hidden = !written.length;
}

function revealFirstMark(root) {
  const area = root.querySelector(".area");
  const first = root.querySelector(".marks > *, mark");
  area.scrollTo(0, 0);
  if (!first) return;
  const seen = area.getBoundingClientRect();
  const mark = first.getBoundingClientRect();
  const right = mark.right - seen.left - area.clientWidth;
  area.scrollTo({
    top: mark.top - seen.top - area.clientHeight * ABOVE,
    left: right > 0 ? Math.min(right + 16, mark.left - seen.left - 16) : 0,
    behavior: "instant",
  });
}

function setZoom(root, state, zoom) {
  const area = root.querySelector(".area");
  const across = (area.scrollLeft + area.clientWidth / 2) / area.scrollWidth;
  const down = (area.scrollTop + area.clientHeight / 2) / area.scrollHeight;
  state.zoom = zoom;
  root.querySelector(".sheet").style.setProperty("--zoom", zoom);
  root.querySelector("output").value = `${Math.round(zoom * 100)}%`;
  root.querySelector(".out").setAttribute("aria-disabled", zoom === ZOOMS[0]);
  root.querySelector(".in").setAttribute("aria-disabled", zoom === ZOOMS.at(-1));
  area.scrollLeft = across * area.scrollWidth - area.clientWidth / 2;
  area.scrollTop = down * area.scrollHeight - area.clientHeight / 2;
}

function listen(root, state) {
  const area = root.querySelector(".area");
  const step = (by) => {
    const index = ZOOMS.indexOf(state.zoom) + by;
    if (index in ZOOMS) setZoom(root, state, ZOOMS[index]);
  };
  root.querySelector(".out").onclick = () => step(-1);
  root.querySelector(".in").onclick = () => step(1);
  root.querySelector(".fit").onclick = () => setZoom(root, state, 1);
  const turn = (by) => {
    // A page that is wider than its area is scrolled by these keys instead.
    if (!state.data.turns || area.scrollWidth > area.clientWidth + 1) return false;
    state.trigger("turn", by);
    return true;
  };
  const leave = () => {
    if (state.data.leaves) state.trigger("leave", true);
    return state.data.leaves;
  };
  const zooms = () => state.data.image !== "";
  const keys = {
    "+": () => zooms() && (step(1), true),
    "=": () => zooms() && (step(1), true),
    "-": () => zooms() && (step(-1), true),
    0: () => zooms() && (setZoom(root, state, 1), true),
    ArrowLeft: () => turn(-1),
    ArrowRight: () => turn(1),
    Escape: leave,
  };
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function describe(root, data) {
  const area = root.querySelector(".area");
  area.setAttribute("aria-label", data.name);
  root.querySelector("#marked").textContent = data.marked;
  root.querySelector("#keys").textContent = [
    data.image ? "Plus and minus zoom, 0 fits the width." : "",
    data.turns ? "Left and right turn the page." : "",
    data.leaves ? "Escape closes it." : "",
  ].join(" ");
  const note = root.querySelector(".note");
  note.textContent = data.note;
  note.hidden = !data.note;
}

async function drawPicture(root, data) {
  const image = root.querySelector("img");
  root.querySelector(".sheet").hidden = !data.image;
  root.querySelector(".zoom").hidden = !data.image;
  if (!data.image) {
    image.removeAttribute("src");
    return;
  }
  image.alt = `${data.name}, as a picture`;
  image.src = data.image;
  await image.decode().catch(() => {}); // a newer page has taken its place, or it stays blank
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".view");
  let state = states.get(root);
  if (!state) {
    state = { zoom: 1, shown: "" };
    states.set(root, state);
    listen(root, state);
    setZoom(root, state, 1);
  }
  state.trigger = setTriggerValue;
  state.data = data;
  const content = JSON.stringify(data);
  if (content === state.shown) return; // the theme has changed, or the page around it
  state.shown = content;
  describe(root, data);
  drawBoxes(root, data.boxes);
  drawText(root, data.paragraphs);
  drawPicture(root, data).then(() => {
    if (state.shown === content) revealFirstMark(root);
  });
}
