// Draws an answer. All text is set as text, so that nothing in it can act. A line that has not
// changed stays as it is: what is hovered, focused or selected in it is not lost while more comes.

const drawn = new WeakMap(); // an element -> what it was drawn from

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".answer");
  const lines = root.querySelector(".lines");
  drawAll(lines, data.lines, ({ kind, sign }) => ({ kind, sign }), drawLine);
  data.lines.forEach((line, index) =>
    drawAll(lines.children[index].lastChild, line.sentences, (sentence) => sentence, drawSentence),
  );

  root.classList.toggle("running", data.running);
  lines.setAttribute("aria-busy", String(data.running));
  for (const note of lines.querySelectorAll(".note"))
    note.setAttribute("aria-pressed", String(Number(note.dataset.number) === data.opened));
  root.querySelector(".summary").textContent = data.summary;
  const copy = root.querySelector(".copy");
  copy.hidden = !data.copied;
  copy.onclick = () => copyText(data.copied, copy);
  lines.onclick = (event) => {
    const note = event.target.closest(".note");
    if (note) setTriggerValue("footnote", Number(note.dataset.number));
  };
}

// Makes the children of an element those of the items; one whose item has not changed stays.
function drawAll(parent, items, gist, draw) {
  items.forEach((item, index) => {
    const now = JSON.stringify(gist(item));
    const there = parent.children[index];
    if (there && drawn.get(there) === now) return;
    const element = draw(item);
    drawn.set(element, now);
    if (there) there.replaceWith(element);
    else parent.append(element);
  });
  while (parent.children.length > items.length) parent.lastChild.remove();
}

function drawLine({ kind, sign }) {
  const element = make(kind === "heading" ? "h4" : "p", kind);
  if (sign) element.append(make("span", "sign", sign));
  element.append(make("span", "sentences"));
  return element;
}

function drawSentence(sentence) {
  const element = make("span", `sentence ${sentence.state.replace(" ", "-")}`);
  const said = make("span", "said");
  for (const span of sentence.spans)
    said.append(span.style ? make(span.style, "", span.text) : span.text);
  element.append(said);
  for (const note of sentence.notes) {
    const button = make("button", "note", String(note.number));
    button.dataset.number = note.number;
    button.setAttribute("aria-label", note.label);
    button.title = note.label;
    element.append(button);
  }
  const name = `why-${sentence.claim}`;
  if (sentence.reason) element.append(...explained("not proved", sentence.reason, name));
  else if (sentence.rebound) element.append(...explained("cited anew", sentence.rebound, name));
  element.append(" ");
  return element;
}

function explained(label, reason, name) {
  const button = make("button", "why", label);
  const tip = make("span", "tip", reason);
  tip.id = name;
  tip.setAttribute("role", "tooltip");
  button.setAttribute("aria-describedby", name);
  return [button, tip];
}

async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea", "", text); // where the page is not served securely
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}
