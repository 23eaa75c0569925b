// Single keys for whoever works here all day. Nothing needs this file: Tab and Enter reach all that it reaches.
// An element says by data-key which key uses it: a field is gone to, a button pressed, a link followed,
// and what lies behind its name is opened. Lists have rows with data-number and one link each.
"use strict";
(() => {
  const OFF = "kontakt.tangenter.av";
  const LIST = "kontakt.lista";
  const WRITING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
  const STROKE_MS = 1500;
  let first = "";
  let timer = 0;

  // Storage may be shut off; then nothing is remembered, and that is all.
  function remembered(storage, key) {
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
      /* not remembered */
    }
  }

  const off = () => remembered("localStorage", OFF) !== null;
  const rows = () => [...document.querySelectorAll("tr[data-number]")];
  const boxes = () => [...document.querySelectorAll("tr[data-number] [name=case]")];
  const current = () => document.activeElement.closest("tr[data-number]");

  function goTo(row) {
    row?.querySelector(".what a").focus();
  }

  // In a list to another row; in a case to another case of the list that one came from.
  function step(by) {
    const all = rows();
    if (all.length) {
      const here = all.indexOf(current());
      return goTo(here < 0 ? all[0] : all[here + by]);
    }
    const list = JSON.parse(remembered("sessionStorage", LIST) ?? "[]");
    const here = list.indexOf(location.pathname);
    if (here >= 0 && list[here + by]) location.assign(list[here + by]);
  }

  function mark() {
    const box = current()?.querySelector("[name=case]");
    box?.click();
  }

  // A deed with many, when nothing is marked, is done with the row where one is.
  function press(button) {
    if (button.name === "deed" && !boxes().some((box) => box.checked)) mark();
    button.click();
  }

  function use(element) {
    const folded = element.closest("details");
    if (folded) folded.open = true;
    const field = element.matches("summary") ? folded.querySelector("textarea, input:not([type=hidden])") : element;
    if (field.matches("textarea, input")) {
      field.focus();
      field.scrollIntoView({ block: "center" });
    } else press(field);
  }

  function showAll() {
    const dialog = document.getElementById("tangenter");
    dialog?.showModal();
    dialog?.querySelector("h2").focus();
  }

  const OWN = { j: () => step(1), k: () => step(-1), x: mark, "?": showAll };

  function stroke(event) {
    const key = event.shiftKey ? event.key : event.key.toLowerCase();
    const strokes = first ? `${first} ${key}` : key;
    clearTimeout(timer);
    first = "";
    const named = document.querySelector(`[data-key~="${CSS.escape(strokes.replace(" ", "-"))}"]`);
    if (named) {
      event.preventDefault();
      if (!event.repeat) use(named);
    } else if (OWN[strokes]) {
      event.preventDefault();
      OWN[strokes]();
    } else if (strokes === "g") {
      first = "g";
      timer = setTimeout(() => (first = ""), STROKE_MS);
    }
  }

  // From the text to the button that sends it: another Enter sends, and nothing goes by accident.
  function toSend(text) {
    const buttons = [...(text.form?.querySelectorAll("button[type=submit]") ?? [])];
    const after = (button) => text.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
    buttons.find((button) => after(button) && button.offsetParent)?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (target.matches(WRITING)) {
      if (event.key === "Escape") {
        event.preventDefault();
        target.blur();
      } else if (event.key === "Enter" && event.ctrlKey && target.matches("textarea")) {
        event.preventDefault();
        toSend(target);
      }
    } else if (!off() && !event.ctrlKey && !event.altKey && !event.metaKey && event.key.length === 1) stroke(event);
  });

  function count() {
    const shown = document.querySelector("[data-count-many]");
    if (!shown) return;
    const chosen = boxes().filter((box) => box.checked).length;
    const text = chosen === 1 ? shown.dataset.countOne : shown.dataset.countMany.replace("0", chosen);
    if (shown.textContent !== text) shown.textContent = text;
  }

  function tellOff() {
    document.documentElement.toggleAttribute("data-keys-off", off());
  }

  document.addEventListener("change", (event) => {
    if (event.target.name === "case") count();
    if (event.target.matches("[data-keys-switch]")) {
      remember("localStorage", OFF, event.target.checked ? null : "1");
      tellOff();
    }
  });
  document.addEventListener("click", (event) => event.target.closest("[data-keys-close]")?.closest("dialog").close());
  document.addEventListener("reset", () => setTimeout(count));
  window.addEventListener("pageshow", count);

  const links = rows().map((row) => row.querySelector(".what a").pathname);
  if (links.length) remember("sessionStorage", LIST, JSON.stringify(links));
  const turned = document.querySelector("[data-keys-switch]");
  if (turned) turned.checked = !off();
  tellOff();
})();
