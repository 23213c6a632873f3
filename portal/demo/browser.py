"""A person's browser, as far as the walk needs one: cookies, redirects, forms; no scripts."""

import urllib.error
import urllib.request
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

from portal.demo.page import Element, read_fields, read_page

TIMEOUT = 30.0


class WebError(Exception):
    """The site does not answer, or not as it should."""


class Page:
    """`url` is where redirects ended."""

    def __init__(self, url: str, status: int, html: str) -> None:
        self.url, self.status = url, status
        self.root = read_page(html)

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def title(self) -> str:
        title = self.root.find("title")
        return title.text if title else ""

    def find_form(self, holding: str = "", action: str = "") -> Element:
        """The form with a field of this name, or whose address ends so. Raises WebError."""
        for form in self.root.find_all("form"):
            is_there = any(one.attributes.get("name") == holding for one in form.walk())
            if (not holding or is_there) and form.attributes.get("action", "").endswith(action):
                return form
        raise WebError(f"{self.url} shows no such form ({holding or action}): {self.complain()}")

    def complain(self) -> str:
        """The page's own words about what is wrong, else its title."""
        found = self.root.find_all(of_class="errorlist") + self.root.find_all(of_class="error")
        words = dict.fromkeys(one.text for one in found if one.text)
        return " ".join(words) or f"{self.status} {self.title}"


class Browser:
    """One person's: nobody else's cookies."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path: str) -> Page:
        return self._ask(urljoin(self.site, path), None, {})

    def post(self, url: str, fields: list[tuple[str, str]], **headers: str) -> Page:
        told = {"Origin": self.site, "Referer": url, "Sec-Fetch-Site": "same-origin", **headers}
        return self._ask(url, urlencode(fields).encode(), told)

    def send(self, page: Page, form: Element, **typed: str) -> Page:
        """The form as it stands, with what was typed or pressed in place of its values."""
        kept = [(name, value) for name, value in read_fields(form) if name not in typed]
        url = urljoin(page.url, form.attributes.get("action", ""))
        return self.post(url, kept + list(typed.items()))

    def _ask(self, url: str, body: bytes | None, headers: dict[str, str]) -> Page:
        if not url.startswith(f"{self.site}/"):
            raise WebError(f"The site sent us elsewhere: {url}")
        request = urllib.request.Request(url, body, headers)  # noqa: S310  checked above
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Page(error.url or url, error.code, error.read().decode(errors="replace"))
        except (OSError, HTTPException) as error:
            raise WebError(f"{url} does not answer: {error}") from error
