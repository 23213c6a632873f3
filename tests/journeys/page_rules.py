"""Rules for every page, looked up in the browser's own picture of it."""

from playwright.sync_api import Page

LOOK = """() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (one) => one.checkVisibility({visibilityProperty: true});
  const tell = (one) => one.outerHTML.slice(0, 120);
  const headings = all("h1, h2, h3, h4, h5, h6").filter(isShown);
  const first = headings.filter((one) => one.tagName === "H1");
  if (first.length !== 1) faults.push(`${first.length} first headings`);
  let level = 0;
  for (const heading of headings) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`a heading leaves out a level: ${tell(heading)}`);
    level = own;
  }
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  if (all("main, [role=main]").length !== 1) faults.push("not one main part");
  if (!document.querySelector("header, [role=banner]")) faults.push("no page head");
  const speaks = (one) => one.textContent.trim()
    || [...one.querySelectorAll("img")].some((image) => image.alt.trim());
  const named = (one) => [...(one.labels || [])].some(speaks)
    || one.getAttribute("aria-label")?.trim()
    || (one.getAttribute("aria-labelledby") || "").split(" ").some(
      (id) => document.getElementById(id)?.textContent.trim())
    || one.title.trim();
  // Django's admin names the fields of a table by their column's head.
  const isHeaded = (one) => !!one.closest(".inline-group td");
  for (const one of all("input:not([type=hidden], [type=submit], [type=button]), select, textarea"))
    if (isShown(one) && !named(one) && !isHeaded(one))
      faults.push(`a control without a label: ${tell(one)}`);
  for (const one of all("button, a[href], summary"))
    if (isShown(one) && !speaks(one) && !one.getAttribute("aria-label") && !one.title)
      faults.push(`nothing says what this does: ${tell(one)}`);
  for (const one of all("img:not([alt])")) faults.push(`a picture without words: ${tell(one)}`);
  for (const one of all("[tabindex]"))
    if (one.tabIndex > 0) faults.push(`jumps the queue of Tab: ${tell(one)}`);
  const ids = all("[id]").map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    faults.push(`the id ${id} is there twice`);
  for (const one of all("[aria-describedby], [aria-labelledby]"))
    for (const name of ["aria-describedby", "aria-labelledby"])
      for (const id of (one.getAttribute(name) || "").split(" ").filter(Boolean))
        if (!document.getElementById(id) && !isHeaded(one))
          faults.push(`${name} leads nowhere: ${tell(one)}`);
  for (const one of all("ul, ol")) for (const child of one.children)
    if (!["LI", "SCRIPT", "TEMPLATE"].includes(child.tagName))
      faults.push(`not an item of its list: ${tell(child)}`);
  for (const one of all("table"))
    if (!one.querySelector("th")) faults.push("a table without heads");
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) {
    const wide = all("body *").filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    faults.push(`scrolls sideways (${root.scrollWidth} px): ${wide.slice(0, 3).map(tell)}`);
  }
  return faults;
}"""


def find_faults(page: Page) -> list[str]:
    """What this page does wrong, in words."""
    return list(page.evaluate(LOOK))
