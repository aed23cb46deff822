// Rows of a Django formset: add, take out, move up and down. Without a script the extra rows that
// the server sends, the position fields and the delete boxes do the same.

function rows(root) {
  const { prefix } = root.dataset;
  const list = root.querySelector(".rows");
  const blank = root.querySelector("template");
  const total = root.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const added = [];
  const all = () => [...list.querySelectorAll(".rows-row")];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const isOut = (row) => row.classList.contains("is-removed");

  function number() {
    let position = 0;
    for (const row of all()) {
      const place = field(row, "ORDER") || field(row, "position");
      if (!isOut(row)) position += 1;
      if (place) place.value = position || 1;
      const shown = row.querySelector("[data-row-number]");
      if (shown) shown.textContent = isOut(row) ? "–" : position;
    }
    const shown = all().filter((row) => !isOut(row));
    for (const row of all()) {
      const [up, down] = ["up", "down"].map((way) => row.querySelector(`[data-row="${way}"]`));
      if (up) up.disabled = row === shown[0] || isOut(row);
      if (down) down.disabled = row === shown[shown.length - 1] || isOut(row);
    }
  }

  function changed() {
    number();
    root.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
  }

  function add() {
    const index = Number(total.value);
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replace(/__prefix__/g, index);
    const row = holder.content.querySelector(".rows-row");
    list.append(row);
    total.value = index + 1;
    added.push(row);
    prepare(row);
    return row;
  }

  function mark(row, out) {
    row.classList.toggle("is-removed", out);
    const box = field(row, "DELETE");
    if (box) box.checked = out;
    const button = row.querySelector("[data-row=remove]");
    if (button) button.textContent = out ? button.dataset.restore : button.dataset.remove;
  }

  // What the script does better than the fields beside it is shown, and the fields are put away.
  function prepare(row) {
    for (const one of row.querySelectorAll("[data-row]")) one.hidden = false;
    for (const one of row.querySelectorAll("[data-no-script]")) one.hidden = true;
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row], [data-row-add]");
    if (!button) return;
    if ("rowAdd" in button.dataset) {
      const row = add();
      changed();
      const first = row.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
      return;
    }
    const row = button.closest(".rows-row");
    const shown = all().filter((one) => !isOut(one));
    const place = shown.indexOf(row);
    if (button.dataset.row === "remove") mark(row, !isOut(row));
    if (button.dataset.row === "up" && place > 0) shown[place - 1].before(row);
    if (button.dataset.row === "down" && place < shown.length - 1) shown[place + 1].after(row);
    changed();
    if (!button.disabled) button.focus();
  });

  // Begun elsewhere on the page: the first row nobody has written in, else a new one.
  root.addEventListener("rows:fill", (event) => {
    const isEmpty = (row) => !isOut(row) && !field(row, "title").value;
    const row = all().find(isEmpty) || add();
    for (const [name, value] of Object.entries(event.detail)) {
      const place = field(row, name);
      if (place) place.value = value;
    }
    changed();
    row.scrollIntoView({ block: "nearest" });
  });

  // A draft may hold more rows than the server sent, and in another order.
  const form = root.closest("form");
  if (form) {
    form.addEventListener("draft:rows", (event) => {
      const wanted = Number((event.detail[`${prefix}-TOTAL_FORMS`] || [])[0]);
      while (blank && Number(total.value) < wanted) add();
      while (added.length && Number(total.value) > wanted) {
        added.pop().remove();
        total.value -= 1;
      }
    });
    form.addEventListener("draft:restored", () => {
      const place = (row) => Number((field(row, "ORDER") || field(row, "position") || {}).value);
      for (const row of all().sort((one, other) => place(one) - place(other))) list.append(row);
      for (const row of all()) mark(row, Boolean((field(row, "DELETE") || {}).checked));
      number();
    });
  }

  for (const row of all()) {
    prepare(row);
    mark(row, Boolean((field(row, "DELETE") || {}).checked));
  }
  for (const one of root.querySelectorAll("[data-row-add]")) one.hidden = false;
  number();
}

function start(root) {
  for (const one of root.querySelectorAll("[data-formset]")) rows(one);
}

start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
