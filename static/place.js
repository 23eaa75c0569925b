// The place of a fault: the device is asked for its spot when its owner presses the button. The page works
// without this: then the place is written.
"use strict";
(() => {
  const box = document.querySelector("[data-place]");
  if (!box || !("geolocation" in navigator)) return;
  const form = box.closest("form");
  const ask = box.querySelector("[data-place-ask]");
  const remove = box.querySelector("[data-place-remove]");
  const state = box.querySelector("[data-place-state]");
  const write = (values) => {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
    remove.hidden = !values.latitude;
  };
  const forget = () => write({ latitude: "", longitude: "", accuracy: "" });
  // Two digits say as much as the device knows.
  const rounded = (metres) => Number(Math.max(metres, 1).toPrecision(metres < 10 ? 1 : 2));
  const found = ({ coords }) => {
    ask.disabled = false;
    if (coords.accuracy > Number(box.dataset.place)) {
      forget();
      state.textContent = box.dataset.inexact;
      return;
    }
    const accuracy = rounded(coords.accuracy);
    write({ latitude: coords.latitude.toFixed(5), longitude: coords.longitude.toFixed(5), accuracy });
    state.textContent = box.dataset.shared.replace("{}", accuracy);
  };
  const failed = (error) => {
    ask.disabled = false;
    state.textContent = error.code === error.PERMISSION_DENIED ? box.dataset.refused : box.dataset.failed;
  };
  ask.addEventListener("click", () => {
    ask.disabled = true;
    state.textContent = box.dataset.asking;
    const options = { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition(found, failed, options);
  });
  remove.addEventListener("click", () => {
    forget();
    state.textContent = box.dataset.removed;
    ask.focus();
  });
  remove.hidden = !form.elements.latitude.value;
  box.querySelector("[data-place-device]").hidden = false;
})();
