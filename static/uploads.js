// Files are uploaded one by one as soon as they are chosen, so that a broken connection loses no text. Nothing needs
// this file: without it they go along with the form. The texts are data of the element around the field.
"use strict";
(() => {
  const MAX_FILES = 10;
  const MAX_BYTES = 25 * 1024 * 1024;
  // The longest side of a picture that is redrawn before it is sent.
  const MAX_SIDE = 4096;
  const PICTURES = ["image/jpeg", "image/png", "image/webp"];

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // A picture that is redrawn has no camera, no place and no time in it.
  async function redrawn(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png";
    const blob = await new Promise((done) => canvas.toBlob(done, type, 0.9));
    return blob ? new File([blob], file.name, { type }) : file;
  }

  function watch(box) {
    const input = box.querySelector("input[type=file]");
    const form = input.form;
    const list = box.querySelector(".attach-list");
    const state = box.querySelector("[data-attach-state]");
    const text = (key, name) => box.dataset[key].replace("{name}", name);
    const say = (words) => (state.textContent = words);
    const items = new Set();
    let queue = Promise.resolve();

    const isAnonymous = () =>
      box.dataset.anonymous === "1" || form.querySelector("[name=reply_by]:checked")?.value === "code";

    function button(label, name, press) {
      const made = element("button", { type: "button", className: "ds-button" }, label);
      Object.assign(made.dataset, { variant: "tertiary", size: "sm" });
      made.setAttribute("aria-label", `${label}: ${name}`);
      made.addEventListener("click", press);
      return made;
    }

    function removed(row, name) {
      row.remove();
      say(text("removed", name));
      input.focus();
    }

    // The row of an uploaded file, as the server draws it.
    function uploaded(item, answer) {
      item.handle = answer.handle;
      item.traces = answer.traces && answer.picture;
      const id = `${box.dataset.field}-alt-${answer.handle}`;
      const name = element("p", { className: "attach-name" });
      name.append(element("strong", { dir: "auto" }, answer.name), " ");
      name.append(element("span", { className: "muted" }, answer.details));
      const parts = [element("input", { type: "hidden", name: "files", value: answer.handle }), name];
      if (answer.picture) {
        const alt = element("input", { id, name: `alt_${answer.handle}`, className: "ds-input", dir: "auto" });
        alt.value = item.alt ?? "";
        alt.autocomplete = "off";
        const label = element("label", { className: "ds-label", htmlFor: id }, box.dataset.alt);
        parts.push(element("div", { className: "ds-field" }, label, alt));
      }
      parts.push(button(box.dataset.remove, answer.name, () => forget(item, answer.name)));
      item.row.replaceChildren(...parts);
      item.row.dataset.handle = answer.handle;
      say(text("sent", answer.name));
    }

    function forget(item, name) {
      items.delete(item);
      if (item.handle) discard(item.handle);
      removed(item.row, name);
    }

    function discard(handle) {
      const fields = new FormData();
      fields.set("csrf_token", form.elements.namedItem("csrf_token").value);
      fields.set("files", handle);
      fields.set("remove_file", handle);
      // It is removed after a day anyway.
      fetch(box.dataset.upload, { method: "POST", body: fields, redirect: "error" }).catch(() => {});
    }

    function refused(item, words, again) {
      const message = element("p", { className: "ds-validation-message" }, words);
      const buttons = element("p", { className: "actions" });
      if (again) buttons.append(button(box.dataset.retry, item.file.name, () => send(item)));
      buttons.append(button(box.dataset.remove, item.file.name, () => forget(item, item.file.name)));
      item.row.replaceChildren(message, buttons);
      item.underWay = false;
      say(words);
    }

    function answered(item, request) {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A page and no answer of ours: as if the connection had broken.
      }
      item.underWay = false;
      if (request.status === 201) uploaded(item, answer);
      else if (answer.error) refused(item, answer.error, false);
      else refused(item, text("lost", item.file.name), true);
    }

    function transfer(item, file) {
      return new Promise((done) => {
        const request = new XMLHttpRequest();
        const bar = element("progress", { max: 100, value: 0 });
        bar.setAttribute("aria-label", text("sending", file.name));
        const stop = button(box.dataset.cancel, file.name, () => request.abort());
        item.row.replaceChildren(element("p", {}, text("sending", file.name)), bar, stop);
        say(text("sending", file.name));
        request.upload.addEventListener("progress", (event) => {
          if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
        });
        request.addEventListener("load", () => answered(item, request));
        request.addEventListener("error", () => refused(item, text("lost", file.name), true));
        request.addEventListener("abort", () => forget(item, file.name));
        request.addEventListener("loadend", done);
        const fields = new FormData();
        fields.set("csrf_token", form.elements.namedItem("csrf_token").value);
        fields.set("attachments", file);
        request.open("POST", box.dataset.upload);
        request.setRequestHeader("Accept", "application/json");
        request.send(fields);
      });
    }

    // One at a time: each costs the server work.
    function send(item) {
      item.underWay = true;
      item.row.replaceChildren(element("p", {}, text("sending", item.file.name)));
      queue = queue.then(async () => {
        if (!items.has(item)) return;
        let file = item.file;
        if (isAnonymous() && PICTURES.includes(file.type)) file = await redrawn(file).catch(() => item.file);
        await transfer(item, file);
      });
    }

    function add(file) {
      const item = { file, row: element("li", {}), handle: "", traces: false, underWay: false };
      list.append(item.row);
      items.add(item);
      if (list.children.length > MAX_FILES) refused(item, box.dataset.many, false);
      else if (file.size > MAX_BYTES) refused(item, text("large", file.name), false);
      else send(item);
    }

    input.addEventListener("change", () => {
      [...input.files].forEach(add);
      // They go by themselves: the form is sent without them.
      input.value = "";
    });

    // Who chooses to be anonymous afterwards has sent their camera along.
    form.addEventListener("change", (event) => {
      if (event.target.name !== "reply_by" || !isAnonymous()) return;
      for (const item of items) {
        if (!item.traces) continue;
        item.alt = item.row.querySelector("[name^=alt_]")?.value;
        discard(item.handle);
        send(item);
      }
    });

    form.addEventListener("submit", (event) => {
      if (![...items].some((item) => item.underWay)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(box.dataset.waiting);
      state.classList.remove("ds-sr-only");
    });

    // The rows that the server has drawn: a button in place of the checkbox.
    for (const row of list.querySelectorAll("[data-handle]")) {
      const name = row.querySelector("strong").textContent;
      const { handle } = row.dataset;
      const press = button(box.dataset.remove, name, () => {
        discard(handle);
        removed(row, name);
      });
      row.querySelector("[data-remove-choice]").replaceWith(press);
    }
    for (const other of form.querySelectorAll("[data-attach-add]")) other.hidden = true;
  }

  document.querySelectorAll("[data-upload]").forEach(watch);
})();
