// Counts how much is left of a text beside it, once nine tenths of its limit are used. Nothing needs this file:
// the server counts too, and says how much may be written. The texts are data of the line below the field.
"use strict";
(() => {
  const NEAR = 0.9;
  // A reader of the screen hears it when the writer pauses, not at every key.
  const PAUSE_MS = 1200;

  // As the server counts: lines end in one character, without blank lines at the ends, and an emoji is one.
  function length(text) {
    const body = text.replace(/\r\n?/g, "\n").normalize("NFC").replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
    return [...body].length;
  }

  function grouped(number) {
    return String(number).replace(/\B(?=(?:\d{3})+$)/g, "\u00a0");
  }

  function watch(line) {
    const field = document.getElementById(line.id.replace(/-limit$/, ""));
    const most = Number(line.dataset.limit);
    const spoken = document.createElement("span");
    spoken.className = "ds-sr-only";
    spoken.setAttribute("role", "status");
    line.after(spoken);
    let timer = 0;

    function count() {
      const used = length(field.value);
      const near = used >= NEAR * most;
      const words = used > most ? line.dataset.over : line.dataset.left;
      line.textContent = near ? words.replace("{count}", grouped(Math.abs(most - used))) : line.dataset.words;
      line.classList.toggle("over-limit", used > most);
      clearTimeout(timer);
      timer = setTimeout(() => (spoken.textContent = near ? line.textContent : ""), PAUSE_MS);
    }

    field.addEventListener("input", count);
  }

  document.querySelectorAll("[data-limit]").forEach(watch);
})();
