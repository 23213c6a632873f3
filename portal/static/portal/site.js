// Every page works without this file. It only makes some things kinder.
(() => {
  "use strict";

  // A second click on "Send" does nothing; the server would recognise it anyway.
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  // Leaving with unsaved text asks first.
  const guarded = document.querySelector("form[data-guard]");
  if (guarded) {
    let touched = guarded.hasAttribute("data-touched");
    guarded.addEventListener("input", () => { touched = true; });
    window.addEventListener("beforeunload", (event) => {
      if (touched && !guarded.dataset.sent) event.preventDefault();
    });
  }

  // How many characters are left, told politely and only when it begins to matter.
  document.querySelectorAll("[data-limit]").forEach((field) => {
    const limit = Number(field.dataset.limit);
    const note = document.createElement("p");
    note.className = "help count";
    note.setAttribute("aria-live", "polite");
    field.after(note);
    const tell = () => {
      const left = limit - field.value.length;
      if (left < 0) note.textContent = `${-left} characters too many`;
      else note.textContent = left < limit / 4 ? `${left} characters left` : "";
    };
    field.addEventListener("input", tell);
    tell();
  });

  // A pasted issue address is shown back as what it points to.
  document.querySelectorAll("[data-link-cards]").forEach((field) => {
    const list = document.createElement("p");
    list.className = "cluster input";
    list.setAttribute("aria-live", "polite");
    field.after(list);
    const show = () => {
      const found = field.value.matchAll(/https?:\/\/[^\s/]+\/(\S+?)\/-\/(?:issues|work_items)\/(\d+)/g);
      list.replaceChildren(...Array.from(found, ([, project, number]) => {
        const card = document.createElement("span");
        card.className = "link-card";
        card.textContent = `Issue ${number} in ${project}`;
        return card;
      }));
    };
    field.addEventListener("input", show);
    show();
  });

  // Suggestions arrive while somebody types below them: what has the focus keeps its place on the
  // screen, and a suggestion that had it gets it back. The search reads only the beginning.
  const similar = document.getElementById("similar");
  if (similar) {
    const LONGEST_SEARCH = 4000;
    let place = null;
    similar.addEventListener("htmx:configRequest", (event) => {
      const sent = event.detail.parameters;
      sent.problem = (sent.problem ?? "").slice(0, LONGEST_SEARCH);
    });
    similar.addEventListener("htmx:beforeSwap", () => {
      const { activeElement: field } = document;
      place = { field, top: field.getBoundingClientRect().top, isInside: similar.contains(field) };
    });
    similar.addEventListener("htmx:afterSwap", () => {
      const { field, top, isInside } = place;
      if (isInside) similar.querySelector(`[name="${field.name}"][value="${field.value}"]`)?.focus();
      else if (field !== document.body) window.scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
    });
  }

  document.querySelector("[data-focus]")?.focus();
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
