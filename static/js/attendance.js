// The attendance sheet: counts as it is filled in, finds a name by its characters or the initials
// of its pinyin, and takes the last tap back. Ticking itself needs no script.

const PRESENT = "present";

function sheet(root) {
  const people = [...root.querySelectorAll(".person")];
  const undoButton = root.querySelector("[data-roster-undo]");
  const taps = [];

  const awayOf = (person) => person.querySelector(".person-chip input");
  const reasonsOf = (person) => [...person.querySelectorAll(".person-reasons input[type=radio]")];

  const stateOf = (person) => {
    if (!awayOf(person).checked) return PRESENT;
    const reason = reasonsOf(person).find((one) => one.checked);
    return (reason && reason.dataset.as) || "absent";
  };

  function count() {
    const counts = { expected: 0, present: 0, leave: 0, absent: 0, open: 0, voters: 0, voting: 0 };
    for (const person of people) {
      const isAway = awayOf(person).checked;
      person.classList.toggle("is-away", isAway);
      const state = stateOf(person);
      const isThere = !["leave", "absent"].includes(state);
      // Who is left out of those expected keeps the vote of a full member.
      if (!("excused" in person.dataset)) {
        counts.expected += 1;
        counts[isThere ? "present" : state] += 1;
        if (isAway && !reasonsOf(person).some((one) => one.checked)) counts.open += 1;
      }
      if ("voter" in person.dataset) {
        counts.voters += 1;
        if (isThere) counts.voting += 1;
      }
    }
    // Whom art. 23 excuses is not expected, but keeps the vote of a full member.
    for (const came of root.querySelectorAll("input[data-came]")) {
      if (!("voter" in came.dataset)) continue;
      counts.voters += 1;
      if (came.checked) counts.voting += 1;
    }
    for (const line of root.querySelectorAll("[data-quorum]")) {
      line.hidden = counts.voting >= Number(line.dataset.quorum);
    }
    for (const [name, number] of Object.entries(counts)) {
      for (const place of root.querySelectorAll(`[data-count="${name}"]`)) {
        place.textContent = number;
      }
    }
    root.dispatchEvent(new CustomEvent("roster:counted", { bubbles: true, detail: counts }));
  }

  root.addEventListener("change", (event) => {
    const person = event.target.closest(".person");
    if (!person) {
      if ("came" in event.target.dataset) count();
      return;
    }
    if (event.target === awayOf(person)) {
      taps.push(person);
      if (undoButton) undoButton.disabled = false;
      // A person who is there after all has no reason to be away.
      if (!event.target.checked) for (const one of reasonsOf(person)) one.checked = false;
    }
    count();
  });

  if (undoButton) {
    undoButton.disabled = true;
    undoButton.addEventListener("click", () => {
      const person = taps.pop();
      undoButton.disabled = !taps.length;
      if (!person) return;
      const away = awayOf(person);
      away.checked = !away.checked;
      if (!away.checked) for (const one of reasonsOf(person)) one.checked = false;
      away.focus();
      count();
      away.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  const search = root.querySelector("[data-roster-search]");
  if (search) {
    const find = () => {
      const wanted = search.value.trim().toLowerCase();
      for (const person of people) {
        const { name = "", initials = "" } = person.dataset;
        const isFound = name.includes(wanted) || initials.toLowerCase().startsWith(wanted);
        person.classList.toggle("is-filtered", !isFound);
      }
    };
    search.addEventListener("input", find);
    // Enter must not send the meeting's form.
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  root.addEventListener("roster:recount", count);
  if (root.closest("form")) root.closest("form").addEventListener("draft:restored", count);
  count();
}

function start(root) {
  for (const one of root.querySelectorAll("[data-roster]")) sheet(one);
}

start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
