"""A person without a mouse: Tab until the wanted control has the focus, seeing where one is."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_TABS = 120
DESCRIBE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = one.closest("label.choice") || one;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const inView = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  const across = box.x + Math.min(box.width / 2, 40);
  const over = document.elementFromPoint(across, box.y + box.height / 2);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    tag: one.tagName + (one.id ? "#" + one.id : ""),
    top: box.top + scrollY,
    box: [box.top, box.bottom, innerHeight, scrollY].map(Math.round).join(" "),
    isRinged: ringed || style.boxShadow !== "none",
    isSeen: box.width > 0 && inView > box.height / 2,
    isFree: !!over && (shown.contains(over) || over.contains(shown)),
    isInForm: !!one.closest("form.form"),
  };
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    tag: str
    top: float
    is_in_form: bool


class Keyboard:
    """Remembers where the focus has been, on the way forward."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._stops: list[Stop] = []

    def go_to(self, role: str, name: str) -> "Keyboard":
        return self.reach(self._find(role, name))

    def go_back_to(self, role: str, name: str) -> "Keyboard":
        return self.reach(self._find(role, name), key="Shift+Tab")

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def assert_sensible(self) -> None:
        """Down the form, never up again."""
        tops = [stop.top for stop in self._stops if stop.is_in_form]
        assert tops == sorted(tops), self._stops

    def _find(self, role: str, name: str) -> Locator:
        return self._page.get_by_role(role, name=name).first

    def reach(self, wanted: Locator, key: str = "Tab") -> "Keyboard":
        seen: list[str] = []
        for _ in range(MOST_TABS):
            if wanted.count() and wanted.evaluate("one => one === document.activeElement"):
                return self
            self._page.keyboard.press(key)
            stop = self._look()
            seen.append(stop.tag)
            if key == "Tab":
                self._stops.append(stop)
        raise AssertionError(f"The keyboard does not reach {wanted}; it went {seen}")

    def _look(self) -> Stop:
        """Where the focus is, which has to be plain to see."""
        found = self._page.evaluate(DESCRIBE)
        if found is None:
            return Stop("(page)", 0.0, False)
        assert found["isRinged"], f"{found['tag']} does not show that it has the focus"
        assert found["isSeen"], f"{found['tag']} has the focus out of sight: {found['box']}"
        assert found["isFree"], f"{found['tag']} has the focus and is covered"
        return Stop(found["tag"], found["top"], found["isInForm"])
