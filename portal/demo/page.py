"""A web page as a small tree: enough to find words, links and forms in our own pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img"}
    | {"input", "link", "meta", "source", "track", "wbr"}
)
UNSEEN = frozenset({"script", "style", "template"})


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Every element below, in the page's order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def find_all(self, tag: str = "", of_class: str = "", **attributes: str) -> list["Element"]:
        return [
            one
            for one in self.walk()
            if tag in {"", one.tag}
            and (not of_class or of_class in one.attributes.get("class", "").split())
            and all(one.attributes.get(name) == value for name, value in attributes.items())
        ]

    def find(self, tag: str = "", of_class: str = "", **attributes: str) -> "Element | None":
        return next(iter(self.find_all(tag, of_class, **attributes)), None)

    @property
    def text(self) -> str:
        """Its words with single blanks."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._pieces()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def read_fields(form: Element) -> list[tuple[str, str]]:
    """What a browser would send if nothing were typed: no buttons, nothing unticked."""
    fields: list[tuple[str, str]] = []
    for one in form.walk():
        name = one.attributes.get("name", "")
        if not name or "disabled" in one.attributes:
            continue
        if one.tag == "textarea":
            fields.append((name, "".join(str(child) for child in one.children).removeprefix("\n")))
        elif one.tag == "select":
            fields += [(name, value) for value in _read_choice(one)]
        elif one.tag == "input" and _is_sent(one):
            fields.append((name, one.attributes.get("value", "")))
    return fields


def _is_sent(one: Element) -> bool:
    kind = one.attributes.get("type", "text")
    if kind in {"radio", "checkbox"}:
        return "checked" in one.attributes
    return kind not in {"submit", "button", "image", "reset", "file"}


def _read_choice(select: Element) -> list[str]:
    options = select.find_all("option")
    chosen = [one for one in options if "selected" in one.attributes]
    if not chosen and "multiple" not in select.attributes:
        chosen = options[:1]
    return [one.attributes.get("value", one.text) for one in chosen]
