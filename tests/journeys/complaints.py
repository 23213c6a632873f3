"""What a browser complains of: console errors (a breach of the content policy is one), script
errors, and answers that say the site is broken."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

BAD = frozenset({"error", "warning", "assert"})


class Complaints:
    """`expect` names what a test provokes on purpose."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._expected: list[str] = []
        self._ignored: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("response", self._look_at)

    def expect(self, pattern: str) -> None:
        """A regular expression; it has to come true at least once."""
        self._expected.append(pattern)

    def ignore(self, pattern: str) -> None:
        """As `expect`, but it need not come true."""
        self._ignored.append(pattern)

    def unexpected(self) -> list[str]:
        """Complaints nobody expected, and expectations that did not come true."""
        missing = [
            f"Expected and never heard: {pattern}"
            for pattern in self._expected
            if not any(re.search(pattern, said) for said in self._found)
        ]
        known = self._expected + self._ignored
        return missing + [
            said for said in self._found if not any(re.search(pattern, said) for pattern in known)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in BAD:
            where = message.page.url if message.page else ""
            self._found.append(f"{where}: {message.type}: {message.text}")

    def _catch(self, error: WebError) -> None:
        where = error.page.url if error.page else ""
        self._found.append(f"{where}: {error.error}")

    def _look_at(self, response: Response) -> None:
        if response.status >= 500:
            self._found.append(f"{response.url}: answered {response.status}")
