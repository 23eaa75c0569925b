// Keyboard shortcuts of staff pages. Tab and Enter reach everything that they do.
// The data-key of an element names its key: a field gets focus, a button is pressed, a link followed, and the
// details element around it is opened. The rows of a list have data-number and one link each.
"use strict";
(() => {
  const OFF = "kontakt.tangenter.av";
  const ARRIVAL = "kontakt.rad";
  const WRITING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
  const STROKE_MS = 1500;
  let first = "";
  let timer = 0;

  // A browser that blocks storage throws on access; the pages work without it.
  function recall(storage, key) {
    try {
      return window[storage].getItem(key);
    } catch {
      return null;
    }
  }

  function remember(storage, key, value) {
    try {
      if (value === null) window[storage].removeItem(key);
      else window[storage].setItem(key, value);
    } catch {
      /* storage is blocked */
    }
  }

  const off = () => recall("localStorage", OFF) !== null;
  const rows = () => [...document.querySelectorAll("tr[data-number]")];
  const boxes = () => [...document.querySelectorAll("tr[data-number] [name=case]")];
  const marked = () => boxes().filter((box) => box.checked);
  const current = () => document.activeElement.closest("tr[data-number]");

  function goTo(row) {
    row?.querySelector(".what a").focus();
  }

  // Move to another row of the list, at its end to the next page of it, and from its beginning to the page before.
  // A page with marked rows is not left, because they would be lost, and a held key goes no further than the page.
  function step(by, held) {
    const all = rows();
    const index = all.indexOf(current());
    if (index < 0) return goTo(all[0]);
    if (all[index + by]) return goTo(all[index + by]);
    const page = document.querySelector(`a[rel=${by > 0 ? "next" : "prev"}]`);
    if (!page || held || marked().length) return;
    remember("sessionStorage", ARRIVAL, by > 0 ? "first" : "last");
    page.click();
  }

  // The row that the keys go on from, on a page that they led to.
  function arrive() {
    const row = recall("sessionStorage", ARRIVAL);
    if (row === null) return;
    remember("sessionStorage", ARRIVAL, null);
    goTo(rows().at(row === "first" ? 0 : -1));
  }

  function mark() {
    const box = current()?.querySelector("[name=case]");
    box?.click();
  }

  // A bulk action applies to the focused row if no row is marked. The bar is hidden until one is.
  function markIfNone() {
    if (!marked().length) mark();
  }

  function use(element) {
    const details = element.closest("details");
    if (details) details.open = true;
    if (element.closest(".many-bar")) markIfNone();
    const tab = element.closest(".tab")?.querySelector("[name=skriv]");
    if (tab) tab.checked = true;
    const field = element.matches("summary") ? details.querySelector("textarea, input:not([type=hidden])") : element;
    if (field.matches("textarea, input, select")) {
      field.focus();
      field.scrollIntoView({ block: "center" });
    } else field.click();
  }

  function showAll() {
    const dialog = document.getElementById("tangenter");
    dialog?.showModal();
    dialog?.querySelector("h2").focus();
  }

  const COMMANDS = { j: (held) => step(1, held), k: (held) => step(-1, held), x: mark, "?": showAll };

  function stroke(event) {
    const key = event.shiftKey ? event.key : event.key.toLowerCase();
    const strokes = first ? `${first} ${key}` : key;
    clearTimeout(timer);
    first = "";
    const target = document.querySelector(`[data-key~="${CSS.escape(strokes.replace(" ", "-"))}"]`);
    if (target) {
      event.preventDefault();
      if (!event.repeat) use(target);
    } else if (COMMANDS[strokes]) {
      event.preventDefault();
      COMMANDS[strokes](event.repeat);
    } else if (strokes === "g") {
      first = "g";
      timer = setTimeout(() => (first = ""), STROKE_MS);
    }
  }

  // Ctrl+Enter in a text, and Enter in a select of the bar, only move focus to the submit button, so that nothing
  // is sent by accident.
  const leads = ({ target, key, ctrlKey }) =>
    key === "Enter" && (target.matches(".many-bar select") || (ctrlKey && target.matches("textarea")));

  function focusSubmit(field) {
    const buttons = [...(field.form?.querySelectorAll("button[type=submit]") ?? [])];
    const after = (button) => field.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
    buttons.find((button) => after(button) && button.offsetParent)?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (target.matches(WRITING)) {
      if (event.key === "Escape") {
        event.preventDefault();
        target.blur();
      } else if (leads(event)) {
        event.preventDefault();
        focusSubmit(target);
      }
    } else if (!off() && !event.ctrlKey && !event.altKey && !event.metaKey && event.key.length === 1) stroke(event);
  });

  function count() {
    const shown = document.querySelector("[data-count-many]");
    if (!shown) return;
    const chosen = marked().length;
    const text = chosen === 1 ? shown.dataset.countOne : shown.dataset.countMany.replace("0", chosen);
    if (shown.textContent !== text) shown.textContent = text;
  }

  function showState() {
    document.documentElement.toggleAttribute("data-keys-off", off());
  }

  document.addEventListener("change", (event) => {
    if (event.target.name === "case") count();
    if (event.target.matches("[data-keys-switch]")) {
      remember("localStorage", OFF, event.target.checked ? null : "1");
      showState();
    }
  });
  document.addEventListener("click", (event) => event.target.closest("[data-keys-close]")?.closest("dialog").close());
  document.addEventListener("reset", () => setTimeout(count));
  window.addEventListener("pageshow", count);

  arrive();
  const toggle = document.querySelector("[data-keys-switch]");
  if (toggle) toggle.checked = !off();
  showState();
})();
