// An answer that is being written is saved by itself when the keys have been still for a moment.
// Nothing needs this file: the button "Spara utkast" does the same.
"use strict";
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
