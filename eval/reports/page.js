"use strict";
const form = document.querySelector("form");
if (form) {
  const list = document.querySelector(".cases");
  const cases = [...list.children].map((element, rank) => ({
    element,
    rank,
    data: element.dataset,
    scores: JSON.parse(element.dataset.scores),
  }));
  const words = new Map();
  const textOf = (one) => {
    if (!words.has(one)) words.set(one, one.element.textContent.toLowerCase());
    return words.get(one);
  };
  const show = () => {
    const wanted = form.elements.words.value.trim().toLowerCase();
    const { outcome, setting } = form.elements;
    let shown = 0;
    for (const one of cases) {
      const fits =
        (!outcome.value || one.data.outcome === outcome.value) &&
        (!setting || !setting.value || one.data.setting === setting.value) &&
        (!wanted || textOf(one).includes(wanted));
      one.element.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").value = `${shown} of ${cases.length}`;
  };
  const sort = () => {
    const [by, way] = form.elements.order.value.split(" ");
    const value = (one) => one.scores[by] ?? Infinity * way;
    cases.sort((one, other) => (by && (value(one) - value(other)) * way) || one.rank - other.rank);
    list.append(...cases.map((one) => one.element));
  };
  form.elements.words.addEventListener("input", show);
  form.addEventListener("change", (event) => (event.target.name === "order" ? sort() : show()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
