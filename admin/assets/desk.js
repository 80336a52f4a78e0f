// Small helps for the desk. Every page works without this file; with it, it tells more and loses nothing.
"use strict";
document.documentElement.classList.add("script");
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const words = (element, name) => element.dataset[name] ?? "";
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// The menu on a phone.
for (const button of all("[data-menu]")) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(menu.classList.toggle("open"))));
}

// Filters apply at once where there is nothing to type; the button stays for everybody else.
for (const select of all("[data-submit]")) select.addEventListener("change", () => select.form.requestSubmit());

// What is wrong is read first.
document.getElementById("wrong")?.focus();

// Finding somebody in a list of people.
for (const box of all("[data-find]")) {
  const labels = all("label", box.parentElement.querySelector(".list"));
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const label of labels) label.hidden = wanted !== "" && !label.textContent.toLowerCase().includes(wanted);
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

// Long cards are folded where the screen is small; without scripts they stay open.
const small = window.matchMedia("(max-width: 48rem)").matches;
if (small) for (const fold of all("details[data-fold]")) fold.open = false;

// A long menu: what does not bear the words is hidden, and with it a card that has nothing left.
for (const box of all("[data-sieve]")) {
  const cards = all(".card", document.querySelector(box.dataset.sieve));
  const nothing = document.querySelector("[data-nothing]");
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    let left = 0;
    for (const card of cards) {
      const whole = card.querySelector("h2").textContent.toLowerCase().includes(wanted);
      const lines = all("li", card);
      for (const line of lines) line.hidden = !whole && !line.textContent.toLowerCase().includes(wanted);
      card.hidden = lines.every((line) => line.hidden);
      for (const fold of all("details[data-fold]", card)) fold.open = wanted !== "" || !small;
      left += card.hidden ? 0 : 1;
    }
    nothing.hidden = left > 0;
  });
}

// How many are ticked in a folded list.
for (const people of all("details[data-count]")) {
  const shown = people.querySelector("[data-counted]");
  const count = () => { shown.textContent = String(all("input:checked", people).length); };
  people.addEventListener("change", count);
  count();
}

// Late entry: said at once, with the reason asked for when it must be given (INV-008).
for (const form of all("form[data-today]")) {
  const day = form.querySelector("[name=occurred_on]");
  const note = form.querySelector("[data-late]");
  if (!day || !note) continue;
  const tell = () => {
    const days = Math.round((Date.parse(form.dataset.today) - Date.parse(day.value)) / 86_400_000);
    note.hidden = !(days > 0);
    if (days > 0) note.textContent = fill(words(note, days > Number(form.dataset.limit) ? "must" : "late"), { days });
  };
  day.addEventListener("input", tell);
  tell();
}

// A draft stays in this browser until it is saved; sealed fields never do.
const drafts = "branchbook:draft:";
for (const form of all("form[data-draft]")) {
  const name = drafts + form.dataset.draft;
  const fields = () => all("input, select, textarea", form).filter((f) => f.name && f.type !== "hidden" && f.type !== "file" && !("private" in f.dataset));
  const kept = form.dataset.fresh === "yes" ? localStorage.getItem(name) : null;
  if (kept) {
    const values = JSON.parse(kept);
    for (const field of fields()) {
      const held = values[field.name];
      if (held === undefined) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = held.includes(field.value);
      else field.value = held[0];
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const note = form.querySelector("[data-drafted]");
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => { localStorage.removeItem(name); location.reload(); });
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const field of fields()) {
      const ticks = field.type === "checkbox" || field.type === "radio";
      if (!ticks || field.checked) (values[field.name] ??= []).push(field.value);
      else values[field.name] ??= [];
    }
    localStorage.setItem(name, JSON.stringify(values));
  });
}
for (const saved of all("[data-saved]")) localStorage.removeItem(drafts + saved.dataset.saved);
if (document.querySelector("[data-signed-out]")) {
  for (const name of Object.keys(localStorage)) if (name.startsWith(drafts)) localStorage.removeItem(name);
}

// One more row of a repeated group.
for (const button of all("[data-add-row]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const rows = all(".row", button.parentElement);
    const copy = rows[rows.length - 1].cloneNode(true);
    const number = rows.length;
    for (const part of all("[name], [for], [id]", copy)) {
      for (const attribute of ["name", "id", "for"]) {
        const value = part.getAttribute(attribute);
        if (value) part.setAttribute(attribute, value.replace(/\.\d+\./, `.${number}.`));
      }
      if ("value" in part && part.type !== "checkbox") part.value = "";
    }
    rows[rows.length - 1].after(copy);
    copy.querySelector("input, select")?.focus();
  });
}

// Who is in the room: due, present, and what may be decided (R-A06, R-A07). The numbers are judged again when it is saved.
for (const live of all("[data-roll]")) {
  const form = live.closest("form");
  const people = JSON.parse(live.dataset.roll);
  const share = JSON.parse(live.dataset.shares);
  const value = (name) => form.querySelector(`[name=${name}]`)?.value ?? "";
  const away = () => new Set(all(["absent", "excused_official", "excused_sick", "excused_personal", "excused_other"]
    .map((name) => `[name=${name}]:checked`).join(","), form).map((tick) => tick.value));
  const due = (person) => {
    if (value("kind") === "committee") return person.committee;
    if (value("kind") === "group") return person.group !== "" && person.group === value("group_id");
    return true;
  };
  const verdict = (text, ok) => `${text}${ok ? live.dataset.yes : live.dataset.no}`;
  const tell = () => {
    const gone = away();
    const expected = people.filter(due);
    const present = expected.filter((person) => !gone.has(person.id));
    const voters = expected.filter((person) => person.voter);
    const here = voters.filter((person) => !gone.has(person.id));
    const [over, under] = value("kind") === "committee" ? share.committee : share.ordinary;
    const enough = voters.length > 0 && here.length * under >= voters.length * over;
    const surplus = here.length * share.election[1] - voters.length * share.election[0];
    const elect = voters.length > 0 && (share.inclusive ? surplus >= 0 : surplus > 0);
    const counted = fill(live.dataset.line, { due: expected.length, present: present.length, here: here.length, voters: voters.length });
    const parts = [[counted, null], [verdict(live.dataset.ordinary.replace("{share}", `${over}/${under}`), enough), enough]];
    if (value("kind") === "general") parts.push([verdict(live.dataset.election.replace("{share}", share.election.join("/")), elect), elect]);
    live.replaceChildren(...parts.map(([text, ok]) => {
      const part = document.createElement(ok === null ? "strong" : "span");
      part.textContent = `${text} `;
      if (ok !== null) part.className = ok ? "yes" : "no";
      return part;
    }));
  };
  form.addEventListener("change", tell);
  tell();
}

// The letters of a sending branch are listed once it is known which.
for (const select of all("form[data-draft] select[name=from_org_id]")) {
  select.addEventListener("change", (event) => { if (event.isTrusted) location.search = new URLSearchParams({ from_org_id: select.value }); });
}

// A document: the file goes ahead so that one sees how far it is, then the form without it; what is classified goes nowhere.
for (const form of all("form[data-upload]")) {
  const box = form.querySelector("[data-file]");
  const [file, bar, error] = ["input[type=file]", "progress", ".error"].map((part) => box.querySelector(part));
  const button = form.querySelector("button[type=submit]");
  const level = form.querySelector("[name=secrecy]");
  const classified = form.querySelector("[data-classified]");
  const may = () => words(box, "uploadable").split(" ").includes(level.value);
  const say = (text) => {
    error.textContent = text;
    error.hidden = text === "";
    box.classList.toggle("wrong", text !== "");
    bar.hidden = true;
    button.disabled = false;
    button.removeAttribute("aria-disabled");
    if (text) file.focus();
  };
  const kept = () => form.elements.sha256.value !== "";
  const forget = () => { for (const name of ["sha256", "size", "media_type"]) form.elements[name].value = ""; };
  level.addEventListener("change", () => { classified.hidden = may(); });
  file.addEventListener("change", () => {
    forget();
    box.querySelector("[data-kept]")?.remove();
    say(file.files[0]?.size > Number(box.dataset.most) ? words(box, "large") : "");
  });
  form.addEventListener("submit", (event) => {
    const [chosen] = file.files;
    if (!may() || (!chosen && kept())) { file.disabled = true; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!chosen) return say(words(box, "missing"));
    if (chosen.size > Number(box.dataset.most)) return say(words(box, "large"));
    say("");
    button.disabled = true;
    bar.hidden = false;
    const sent = new FormData();
    sent.append("only", "bytes");
    sent.append("secrecy", level.value);
    sent.append("file", chosen);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "json";
    request.upload.addEventListener("progress", (progress) => { if (progress.lengthComputable) bar.value = progress.loaded / progress.total * 100; });
    request.addEventListener("error", () => say(words(box, "lost")));
    request.addEventListener("load", () => {
      if (request.status !== 200) return say(request.response?.error ?? words(box, request.status === 413 ? "large" : "lost"));
      for (const name of ["sha256", "size", "media_type", "name"]) form.elements[name].value = request.response[name];
      file.disabled = true;
      form.submit();
    });
    request.send(sent);
  });
}

// Pressing 《保存》 twice sends once.
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => { button.disabled = true; }, 0);
  });
}
// A long piece of work goes on page by page, by itself.
for (const form of all("form[data-go-on]")) setTimeout(() => form.requestSubmit(), 50);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of all("button[aria-disabled]")) { button.disabled = false; button.removeAttribute("aria-disabled"); }
});
for (const button of all("[data-print]")) { button.hidden = false; button.addEventListener("click", () => window.print()); }
