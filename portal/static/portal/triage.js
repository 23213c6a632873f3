// One key, one act: presses what carries the key in data-key. Everything works without this file.
"use strict";
{
  const STORE = "triage-keys";
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => Array.from(document.querySelectorAll("table.queue tbody tr"));
  const here = () => document.querySelector("table.queue tbody tr.here");

  function isOn() {
    return localStorage.getItem(STORE) !== "off";
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("here", row === next));
    next.querySelector("a.summary").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const scope = rows().length ? here() : document;
    const target = scope && scope.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("input")) target.focus();
    else target.click();
    const details = target.matches("summary") && target.parentElement;
    if (details && details.open) details.querySelector("textarea").focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target)) return;
    if (rows().length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key.length === 1 && press(event.key)) {
      event.preventDefault();
    }
  });

  document.querySelectorAll("[data-keys-switch]").forEach((box) => {
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  });
}
