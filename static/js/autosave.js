// A draft is kept on the server while it is written: some seconds after a change, and when the page
// is put away. What could not be sent stays on this device (draft.js) until the server has it.
//
// form[data-autosave]; an element [data-autosave-state] says where the text is, in words of its
// data-saved, data-kept, data-invalid and data-stale.

const EVERY = 20_000;

// The copy that draft.js keeps under this name.
function forget(form) {
  try {
    localStorage.removeItem(`badu-draft:${document.body.dataset.user || ""}:${form.dataset.draft}`);
  } catch {
    // Storage is switched off.
  }
}

function keep(form) {
  const state = form.querySelector("[data-autosave-state]");
  let timer = null;
  let isSending = false;
  // Somebody else saved: from here on saving is a person's step, which merges.
  let isStale = false;
  let hasChanged = false;

  function say(name, values = {}) {
    state.textContent = state.dataset[name].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
    state.hidden = false;
  }

  function later() {
    if (!isStale && timer === null) timer = setTimeout(send, EVERY);
  }

  function body() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("action", "autosave");
    return data;
  }

  async function send({ keepalive = false } = {}) {
    clearTimeout(timer);
    timer = null;
    if (isSending) return later();
    isSending = true;
    hasChanged = false;
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: body(), keepalive });
      if (answer.status === 204) return;
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (!isJson) throw new Error("not an answer of ours");
      const told = await answer.json();
      if (answer.ok) take(told);
      else if (answer.status === 409) {
        isStale = true;
        say("stale", told);
      } else say("invalid");
    } catch {
      say("kept");
      later();
    } finally {
      isSending = false;
    }
  }

  function take({ url, at, fields }) {
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    form.dataset.draftVersion = fields.version;
    // Not form.action: its buttons are called that.
    if (form.getAttribute("action") !== url) {
      form.setAttribute("action", url);
      history.replaceState(history.state, "", url);
    }
    if (!hasChanged) forget(form);
    say("saved", { at });
  }

  for (const name of ["input", "change", "rows:changed"]) {
    form.addEventListener(name, () => {
      hasChanged = true;
      later();
    });
  }
  const leave = () => timer !== null && send({ keepalive: true });
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  window.addEventListener("pagehide", leave);
  // The button sends it all the same.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    timer = null;
    isStale = true;
  });
}

function start(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) keep(form);
}

start(document);
