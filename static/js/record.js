// The logging form while it is filled in: what the ballots come to, how many are 优秀, who is left
// out of 应到, and rows begun with one tap. All of it is computed again by the server.

const number = (field) => (field && field.value !== "" ? Number(field.value) : null);
const put = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

// --- Ballots

function choicesOf(text) {
  return text
    .split("\n")
    .map((line) => line.trim().match(/^(.+?)[\s：:，,、]*(\d{1,4})\s*票?$/))
    .filter(Boolean)
    .map(([, name, votes]) => ({ name, votes: Number(votes) }));
}

function ballots(root) {
  const form = root.closest("form");
  const words = root.dataset;
  let voting = null;

  function tell(row) {
    const line = row.querySelector("[data-ballots]");
    const field = (name) => row.querySelector(`[name$="-${name}"]`);
    line.hidden = true;
    const first = form.querySelector("[data-vote]");
    if (!first || field("kind").value !== "decision") return;
    const rule = field("rule").value || first.dataset.vote;
    const vote = form.querySelector(`[data-vote="${rule}"]`);
    if (!vote) return;
    const present = voting ?? Number(vote.dataset.present);
    const quorum = Number(vote.dataset.needed);
    const base = ["election", "committee"].includes(rule) ? present : Number(vote.dataset.expected);
    const needed = Math.floor(base / 2) + 1;
    const parts = [];
    const choices = rule === "election" ? choicesOf(field("choices").value) : [];
    const favour = number(field("in_favour"));
    if (choices.length) {
      const elected = choices.filter((one) => one.votes >= needed).map((one) => one.name);
      const names = elected.join("、") || words.ballotsNobody;
      parts.push(put(words.ballotsElected, { needed, names }));
    } else if (favour !== null) {
      const counts = ["in_favour", "against", "abstaining", "invalid"];
      const cast = counts.reduce((sum, name) => sum + (number(field(name)) || 0), 0);
      parts.push(put(words.ballotsLine, { cast, present }));
      line.classList.toggle("text-danger", cast !== present);
      const told = favour >= needed ? words.ballotsPassed : words.ballotsFailed;
      parts.push(put(told, { needed, favour }));
    } else return;
    line.textContent = (present < quorum ? [put(words.ballotsQuorum, { quorum })] : parts).join("；");
    line.hidden = false;
  }

  const tellAll = () => root.querySelectorAll(".rows-row").forEach(tell);
  root.addEventListener("input", (event) => {
    const row = event.target.closest(".rows-row");
    if (row) tell(row);
  });
  form.addEventListener("roster:counted", (event) => {
    voting = event.detail.voting;
    tellAll();
  });
  form.addEventListener("draft:restored", tellAll);
  tellAll();
}

// --- 民主评议: a third at most of those who are graded

function grades(root) {
  const given = root.querySelector("[data-grades-given]");
  const allowed = root.querySelector("[data-grades-allowed]");
  const over = root.querySelector("[data-grades-over]");
  function count() {
    const values = [...root.querySelectorAll("[data-grade]")].map((field) => field.value);
    const best = values.filter((value) => value === "excellent").length;
    const most = Math.floor(values.filter(Boolean).length / 3);
    given.textContent = best;
    allowed.textContent = most;
    over.hidden = best <= most;
  }
  root.addEventListener("change", count);
  root.closest("form").addEventListener("draft:restored", count);
  count();
}

// --- Whom an adjustment leaves out of 应到

function adjustments(root) {
  const roster = root.closest("[data-roster]");
  function mark() {
    const left = new Set();
    for (const row of root.querySelectorAll(".rows-row:not(.is-removed)")) {
      const member = row.querySelector('[name$="-member"]').value;
      if (member) left.add(member);
    }
    for (const person of roster.querySelectorAll(".person")) {
      const isOut = left.has(person.dataset.member);
      if (isOut === "excused" in person.dataset) continue;
      if (isOut) person.dataset.excused = "";
      else delete person.dataset.excused;
      const away = person.querySelector(".person-chip input");
      if (isOut && !away.checked) {
        away.checked = true;
        const other = person.querySelector('input[value="leave:other"]');
        if (other) other.checked = true;
      }
    }
    roster.dispatchEvent(new CustomEvent("roster:recount"));
  }
  root.addEventListener("change", mark);
  root.addEventListener("rows:changed", mark);
}

// --- Rows begun with one tap

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row-fill]");
  if (!link) return;
  const root = document.querySelector(`[data-formset][data-prefix="${link.dataset.rowFill}"]`);
  if (!root) return;
  event.preventDefault();
  const { kind, title, follows = "" } = link.dataset;
  root.dispatchEvent(new CustomEvent("rows:fill", { detail: { kind, title, follows } }));
  link.classList.add("is-taken");
  link.setAttribute("aria-disabled", "true");
});

function start(root) {
  for (const one of root.querySelectorAll("[data-formset][data-ballots-line]")) ballots(one);
  for (const one of root.querySelectorAll("[data-grades]")) grades(one);
  for (const one of root.querySelectorAll('[data-formset][data-prefix="adjust"]')) adjustments(one);
}

start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
