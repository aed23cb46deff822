// Nothing typed is lost: a form with data-draft="key" is kept on this device as it is filled in, put
// back when opened again, and forgotten when the server has it (data-draft-saved="key").
//
// data-draft-version: the version the form was made from. A draft of an older one is offered only.
// data-draft-decides: fields that decide which others there are. Where a draft has them
// otherwise the form fires draft:more; what the server then sends is filled, too.

const PREFIX = "badu-draft:";
const DAYS_KEPT = 30;
const user = document.body.dataset.user || "";
const nameOf = (key) => `${PREFIX}${user}:${key}`;

const store = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    } catch {
      return [];
    }
  },
  remove(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      // Storage is switched off.
    }
  },
};

// Rows are kept with their counters and names, the text with the version it was made from, for the
// server merges an older one. Other hidden fields are the server's.
const KEPT_HIDDEN = /(^|-)(TOTAL_FORMS|pk|follows|version|served)$/;
const isKept = (field) =>
  field.name &&
  !["file", "password", "submit", "button", "reset"].includes(field.type) &&
  (field.type !== "hidden" || KEPT_HIDDEN.test(field.name));

function read(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    const list = (values[field.name] = values[field.name] || []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) list.push(field.value);
    } else if (field.multiple) {
      for (const option of field.selectedOptions) list.push(option.value);
    } else {
      list.push(field.value);
    }
  }
  return values;
}

function fill(fields, values) {
  const taken = {};
  for (const field of fields) {
    if (!isKept(field) || field.name.endsWith("-TOTAL_FORMS") || !(field.name in values)) continue;
    const list = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = list.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else {
      const next = (taken[field.name] = (taken[field.name] ?? -1) + 1);
      if (next < list.length) field.value = list[next];
    }
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const when = (at) =>
  new Date(at).toLocaleString("zh-CN", {
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });

function keep(form) {
  const name = nameOf(form.dataset.draft);
  const version = () => form.dataset.draftVersion || "";
  const asServed = read(form);
  const bar = form.querySelector("[data-draft-bar]");
  const text = bar && bar.querySelector("[data-draft-text]");
  const [toggle, discard] = bar ? bar.querySelectorAll("button") : [];
  let timer;
  // While an older draft is offered it is not written over.
  let isAsking = false;
  // Put back, without a field yet.
  let awaited = {};
  const decides = (form.dataset.draftDecides || "").split(" ").filter(Boolean);

  const write = (values) => {
    form.dispatchEvent(new CustomEvent("draft:rows", { detail: values }));
    const shown = read(form);
    fill(form.elements, values);
    form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
    awaited = {};
    if (!decides.some((field) => !same(shown[field] || [], values[field] || []))) return;
    awaited = { ...values };
    form.dispatchEvent(new CustomEvent("draft:more", { bubbles: true }));
  };

  const save = () => {
    clearTimeout(timer);
    timer = null;
    if (isAsking) return;
    const values = { ...awaited, ...read(form) };
    if (same(values, asServed)) store.remove(name);
    else if (!store.set(name, { at: Date.now(), version: version(), values }) && bar) {
      text.textContent = bar.dataset.full;
      toggle.hidden = discard.hidden = true;
      bar.hidden = false;
    }
  };

  const show = (message, at, isRestored) => {
    text.textContent = message.replace("{}", when(at));
    toggle.textContent = isRestored ? bar.dataset.undo : bar.dataset.redo;
    bar.hidden = false;
  };

  const draft = store.get(name);
  if (draft && !same(draft.values, asServed)) {
    const isOlder = draft.version !== version();
    let isRestored = !isOlder;
    if (isRestored) write(draft.values);
    isAsking = isOlder;
    if (bar) {
      show(isOlder ? bar.dataset.older : bar.dataset.restored, draft.at, isRestored);
      toggle.addEventListener("click", () => {
        isRestored = !isRestored;
        isAsking = !isRestored;
        write(isRestored ? draft.values : asServed);
        show(isRestored ? bar.dataset.restored : bar.dataset.undone, draft.at, isRestored);
      });
      discard.addEventListener("click", () => {
        isAsking = false;
        write(asServed);
        store.remove(name);
        bar.hidden = true;
      });
    }
  }

  const later = (event) => {
    isAsking = false;
    // Typed now, it is newer.
    delete awaited[event.target.name];
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("rows:changed", later);
  form.addEventListener("htmx:load", (event) => {
    const fields = event.detail.elt.querySelectorAll("input, select, textarea");
    fill(fields, awaited);
    for (const field of fields) delete awaited[field.name];
  });
  // Signing out leaves nothing.
  document.addEventListener("draft:forget", () => {
    isAsking = true;
  });
  // A phone may end the page without asking.
  document.addEventListener("visibilitychange", () => timer && save());
  window.addEventListener("pagehide", () => timer && save());

  form.addEventListener("submit", (event) => {
    save();
    if (navigator.onLine) return;
    event.preventDefault();
    const offline = document.getElementById("offline");
    offline.hidden = false;
    // Written again, it is read aloud again.
    offline.textContent = offline.textContent;
  });
}

function forgetOld() {
  const oldest = Date.now() - DAYS_KEPT * 24 * 3600 * 1000;
  for (const name of store.names()) {
    const draft = store.get(name);
    if (!draft || draft.at < oldest) store.remove(name);
  }
}

function start(root) {
  for (const saved of root.querySelectorAll("[data-draft-saved]")) {
    store.remove(nameOf(saved.dataset.draftSaved));
  }
  for (const form of root.querySelectorAll("form[data-draft]")) keep(form);
}

forgetOld();
// By then the other scripts listen.
document.addEventListener("DOMContentLoaded", () => start(document));
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
