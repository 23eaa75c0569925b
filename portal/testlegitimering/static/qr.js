// The picture follows the code, which changes each second; when something has happened in the app, go on.
"use strict";

const form = document.querySelector("form[data-state]");
const picture = document.querySelector("img[data-picture]");
let seconds = 0;

async function look() {
  const answer = await fetch(form.dataset.state);
  const { state } = await answer.json();
  if (state !== form.dataset.shown) {
    clearInterval(timer);
    form.requestSubmit();
  } else if (picture) {
    seconds += 1;
    picture.src = `${picture.src.split("&")[0]}&second=${seconds}`;
  }
}

// A server that is away for a moment is asked again the next second.
const timer = setInterval(() => look().catch(() => {}), 1000);
