// What staff write in a case is not lost. Nothing needs this file.
"use strict";

// An answer that is being written is saved by itself when the keys have been still for a moment: the button
// "Spara utkast" does the same.
(() => {
  const PAUSE_MS = 3000;

  function watch(form) {
    const text = form.elements.namedItem("body");
    const state = document.getElementById(form.dataset.draftState);
    const button = form.querySelector("[name=save]");
    let timer = 0;
    let saved = text.value;
    let underWay = null;

    async function save(leaving) {
      clearTimeout(timer);
      const now = text.value;
      if (now === saved) return;
      underWay?.abort();
      underWay = new AbortController();
      const fields = new URLSearchParams(new FormData(form));
      fields.set(button.name, button.value);
      try {
        const answer = await fetch(button.formAction, {
          method: "POST",
          body: fields,
          headers: { Accept: "application/json" },
          redirect: "error",
          keepalive: leaving === true,
          signal: underWay.signal,
        });
        if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
        const told = await answer.json();
        if (answer.status === 409) {
          state.setAttribute("role", "status");
          state.textContent = told.state;
          return;
        }
        saved = now;
        state.removeAttribute("role");
        state.textContent = told.state;
      } catch (problem) {
        if (problem.name === "AbortError") return;
        // Said aloud only when something is wrong: each pause would be too often.
        state.setAttribute("role", "status");
        state.textContent = form.dataset.draftFailed;
      }
    }

    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE_MS);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      underWay?.abort();
      saved = text.value;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save(true);
    });
  }

  document.querySelectorAll("form[data-draft-state]").forEach(watch);
})();

// What is written on one tab of a case would be lost when another form of the page is sent, or on the way to the
// next case. The first press leads to the text instead, and the second goes on. For other ways out the browser
// asks. The answer is not asked about, because it is saved.
(() => {
  const panel = document.querySelector(".writing");
  if (!panel) return;
  const state = panel.querySelector("[data-unsent-state]");
  const asked = new Map();
  let leaving = false;

  function unsent(sent) {
    const texts = [...panel.querySelectorAll("form:not([data-draft-state]) textarea")];
    return texts.filter((text) => text.form !== sent && text.value !== text.defaultValue);
  }

  function lead(text) {
    const tab = text.closest(".tab");
    tab.querySelector("[name=skriv]").checked = true;
    state.textContent = tab.dataset.unsent;
    text.focus();
    text.scrollIntoView({ block: "center" });
  }

  function leave(event, sent) {
    const text = unsent(sent).find((each) => asked.get(each) !== each.value);
    leaving = !text;
    if (!text) return;
    event.preventDefault();
    event.stopPropagation();
    asked.set(text, text.value);
    lead(text);
  }

  // Before the forms' own listeners: the draft of an answer that is not sent yet goes on being saved.
  document.addEventListener("submit", (event) => leave(event, event.target), true);
  document.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (event.target.closest("a[rel=next], a[rel=prev]") && !elsewhere) leave(event);
  });
  panel.addEventListener("input", () => {
    leaving = false;
    state.textContent = "";
  });
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsent().length) event.preventDefault();
  });
})();
