// Reload the QR code each second, and submit the form when the stage of the sign-in has changed.
"use strict";

const form = document.querySelector("form[data-state]");
const picture = document.querySelector("img[data-picture]");
let seconds = 0;

async function update() {
  const response = await fetch(form.dataset.state);
  const { state } = await response.json();
  if (state !== form.dataset.shown) {
    clearInterval(timer);
    form.requestSubmit();
  } else if (picture) {
    seconds += 1;
    picture.src = `${picture.src.split("&")[0]}&second=${seconds}`;
  }
}

// A failed request is ignored: the next one follows in a second.
const timer = setInterval(() => update().catch(() => {}), 1000);
