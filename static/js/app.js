// What every page needs from a script: copying, confirming, the phone's list of places, being told
// that the network is gone. Everything here improves a page that works without it.

const live = document.getElementById("live");
let hush;

function say(text) {
  if (!live || !text) return;
  live.textContent = text;
  clearTimeout(hush);
  hush = setTimeout(() => (live.textContent = ""), 5000);
}

// Copying: the button names a text area, which stays there to copy from by hand.

async function copy(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch {
    // No clipboard without https: the old way, which leaves the text selected if it fails.
    area.focus();
    area.select();
    return document.execCommand("copy");
  }
}

// <button data-copy-next>: once copied the next one is at hand, so that Enter goes through them all.
function goOn(button) {
  const all = [...document.querySelectorAll("[data-copy-next]")];
  button.classList.add("is-copied");
  const next = all[all.indexOf(button) + 1];
  if (next) next.focus();
}

// Confirming: <button data-confirm="…"> in a POST form asks first.

function ask(text) {
  const dialog = document.getElementById("confirm");
  if (!dialog || !dialog.showModal) return Promise.resolve(window.confirm(text));
  dialog.querySelector("p").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

const confirmed = new WeakSet();

// Drafts hold names: signing out of a shared computer leaves none behind, and says so before.
function drafts() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith("badu-draft:"));
  } catch {
    return [];
  }
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const button = event.submitter;
    const isLeaving = "signOut" in form.dataset && drafts().length > 0;
    const text = isLeaving
      ? live.dataset.drafts
      : (button && button.dataset.confirm) || form.dataset.confirm;
    if (!text || confirmed.has(form)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!(await ask(text))) return;
    if (isLeaving) {
      document.dispatchEvent(new Event("draft:forget"));
      for (const name of drafts()) localStorage.removeItem(name);
    }
    confirmed.add(form);
    form.requestSubmit ? form.requestSubmit(button) : form.submit();
    confirmed.delete(form);
  },
  true,
);

// A slow network invites a second tap: the button says that the first one counts.

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method === "dialog") return;
  // Later, for a disabled button would not be sent with its form.
  setTimeout(() => {
    if (event.target.hasAttribute("hx-post") || event.target.dataset.download) return;
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    if (event.target.method === "post") say(live.dataset.sending);
  });
});

// Coming back through the history finds the buttons as they were before.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
});

// The list of places on a phone.

const nav = document.getElementById("nav");

function openNav(open) {
  nav.classList.toggle("is-open", open);
  if (open) nav.querySelector("a").focus();
  else if (nav.contains(document.activeElement)) document.querySelector("[data-nav-open]").focus();
}

document.addEventListener("click", async (event) => {
  const on = (selector) => event.target.closest(selector);
  const button = on("[data-copy]");
  if (button) {
    const done = await copy(document.getElementById(button.dataset.copy));
    say(done ? live.dataset.copied : live.dataset.copyFailed);
    if (done && "copyNext" in button.dataset) goOn(button);
  } else if (on("[data-print]")) {
    window.print();
  } else if (on("[data-filter-toggle]")) {
    const form = event.target.closest(".filter");
    fold(form, !form.classList.contains("is-folded"));
  } else if (on("[data-nav-open]")) {
    event.preventDefault();
    openNav(true);
  } else if (nav && nav.classList.contains("is-open") && (on("[data-nav-close]") || !on("#nav, dialog"))) {
    event.preventDefault();
    openNav(false);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && nav && nav.classList.contains("is-open")) openNav(false);
});

// Controls that are of no use without a script appear with it.

function reveal(root) {
  for (const one of root.querySelectorAll("[data-copy], [data-print], [data-needs-script]")) {
    one.hidden = false;
  }
}

reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));

// Filters on a phone: folded while none of them is set, for the rows are what one came for.

function fold(form, isFolded) {
  form.classList.toggle("is-folded", isFolded);
  form.querySelector("[data-filter-toggle]").setAttribute("aria-expanded", String(!isFolded));
}

for (const form of document.querySelectorAll(".filter")) {
  const more = [...form.querySelectorAll(".filter-more input, .filter-more select")];
  if (!form.querySelector(".filter-search") || !more.length) continue;
  const isSet = (field) => (field.type === "checkbox" ? field.checked : field.value);
  form.querySelector("[data-filter-toggle]").hidden = false;
  fold(form, !more.some(isSet));
}

// The network.

const banner = document.getElementById("offline");

function showNetwork() {
  banner.hidden = navigator.onLine;
}

if (banner) {
  showNetwork();
  window.addEventListener("online", showNetwork);
  window.addEventListener("offline", showNetwork);
}

document.addEventListener("htmx:sendError", () => say(live.dataset.lost));
document.addEventListener("htmx:responseError", () => say(live.dataset.failed));

// A session that has ended answers a fragment's request with the sign-in page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { signIn } = document.body.dataset;
  const url = event.detail.xhr.responseURL;
  if (signIn && url && new URL(url).pathname === signIn) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

// In a row of rooms wider than the screen the one shown stands in view.
for (const room of document.querySelectorAll(".tabs [aria-current]")) {
  const row = room.parentElement;
  row.scrollLeft = room.offsetLeft - (row.clientWidth - room.offsetWidth) / 2;
}
