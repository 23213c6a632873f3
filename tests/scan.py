"""wapiti against the demo world on this machine, over https: as nobody, a customer and a TAM.

    DJANGO_SETTINGS_MODULE=tests.settings python -m tests.scan WAPITI [SECONDS]

WAPITI is the scanner's command, installed in an environment of its own; SECONDS is how long each
kind of attack may take (60), and a fifth of how long it may look around. Nothing leaves loopback.
Exit status 1 for anything of medium level or above, and for any page that broke.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import requests
import urllib3

from portal.demo.mailbox import Mailbox
from portal.demo.people import CUSTOMER, TAM, Person
from portal.demo.surroundings import HOST
from tests.journeys.running_portal import RunningPortal, run_portal
from tests.journeys.signing_in import NewestCode

MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,"
    "redirect,sql,ssrf,timesql,upload,xss,xxe"
)
NOWHERE = "http://127.0.0.1:9/"  # where attacks are told to call back: nobody listens
STARTS = {
    "customer": ("/", "/requests/new/", "/account/"),
    "tam": ("/", "/admin/", "/priorities/", "/requests/new/on-behalf/"),
}
KEPT_OUT = ("/account/logout/", "/admin/logout/", "/static/")
# What the scanner takes for a hole and is none; anything else of medium level or above is open.
ACCEPTED = {
    ("LDAP Injection", "/account/2fa/webauthn/login/"): "there is no LDAP: the answer changes "
    "because after ten tries a minute it says “too many”",
}
MEDIUM = 2
LEVELS = ("info", "low", "medium", "high", "critical")
FORGERY = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
COOKIE = {"expires": None, "port": None, "secure": True, "version": 0}
Cookies = dict[str, str]
Finding = tuple[int, str, str, str]  # level, kind, where, words


def look_in(site: str) -> Cookies:
    """Of somebody who has opened the sign-in page: forms they send are taken."""
    with requests.Session() as session:
        session.trust_env, session.verify = False, False
        session.get(f"{site}/account/login/code/")
        return dict(session.cookies)


def sign_in(site: str, person: Person, mailbox: Mailbox) -> Cookies:
    """Of somebody who has just signed in."""
    with requests.Session() as session:
        session.trust_env, session.verify = False, False  # a certificate of its own making
        newest = NewestCode(mailbox, person)
        page = session.get(f"{site}/account/login/code/")
        page = send(session, page, email=person.email)
        page = send(session, page, code=newest.read())
        assert "/account/" not in page.url, f"{person.name} was not let in: {page.url}"
        return dict(session.cookies)


def send(session: requests.Session, page: requests.Response, **fields: str) -> requests.Response:
    """The page's form, sent to the page's own address as all of ours are."""
    token = FORGERY.search(page.text)
    assert token, f"{page.url} has no form"
    sent = {"csrfmiddlewaretoken": token[1], **fields}
    return session.post(page.url, sent, headers={"Referer": page.url})


def is_signed_in(site: str, cookies: Cookies) -> bool:
    with requests.Session() as session:
        session.trust_env, session.verify = False, False
        page = session.get(f"{site}/", cookies=cookies, allow_redirects=False)
    return "/login/" not in page.headers.get("Location", "")


def scan(wapiti: str, site: str, role: str, cookies: Cookies, *, seconds: str) -> list[Finding]:
    kept = {name: COOKIE | {"value": value} for name, value in cookies.items()}
    with tempfile.TemporaryDirectory() as folder:
        jar = Path(folder) / "cookies.json"
        jar.write_text(json.dumps({HOST: {"/": kept}}), encoding="utf-8")
        report = Path(folder) / "report.json"
        command = [wapiti, "-u", f"{site}/", "--scope", "folder", "-m", MODULES, "-f", "json"]
        command += ["-o", str(report), "--store-session", folder, "--flush-session"]
        command += ["--max-scan-time", str(5 * int(seconds)), "--max-attack-time", seconds]
        command += ["-H", f"Origin: {site}", "-t", "20"]  # as forms of the site are sent
        command += ["--endpoint", NOWHERE, "--no-bugreport", "-v", "0"]
        for start in STARTS.get(role, ()):
            command += ["-s", f"{site}{start}"]
        for address in KEPT_OUT:
            command += ["-x", f"{site}{address}*"]
        command += ["-c", str(jar)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text(encoding="utf-8"))
    print(f"{role}: {found['infos']['crawled_pages_nbr']} pages and forms")
    return list(read_findings(found))


def read_findings(report: dict) -> set[Finding]:  # type: ignore[type-arg]
    """What broke counts as high: a robot's input is no reason to fall over."""
    found = set()
    for group in ("vulnerabilities", "anomalies"):
        for kind, rows in report[group].items():
            for row in rows:
                level = 3 if kind == "Internal Server Error" else row["level"]
                found.add((level, kind, f"{row['method']} {row['path']}", row["info"]))
    return found


def scan_all(running: RunningPortal, wapiti: str, seconds: str) -> list[Finding]:
    """Nobody comes last: what they try uses up the codes that this address may ask for."""
    site = running.start_https()
    found: list[Finding] = []
    for person in (CUSTOMER, TAM):
        cookies = sign_in(site, person, running.mailbox)
        found += scan(wapiti, site, person.role, cookies, seconds=seconds)
        assert is_signed_in(site, cookies), f"{person.name} was signed out by the scan"
    return found + scan(wapiti, site, "nobody", look_in(site), seconds=seconds)


def main() -> int:
    wapiti, seconds = sys.argv[1], (sys.argv[2:] or ["60"])[0]
    urllib3.disable_warnings()
    with tempfile.TemporaryDirectory() as folder, run_portal(Path(folder)) as running:
        found = scan_all(running, wapiti, seconds)
    return tell(set(found))


def tell(found: set[Finding]) -> int:
    """The exit status."""
    is_open = False
    for level, kind, where, words in sorted(found, reverse=True):
        why = ACCEPTED.get((kind, where.partition(" ")[2]))
        is_open |= level >= MEDIUM and not why
        print(f"{LEVELS[level]:9} {kind}: {where}: {f'accepted, {why}' if why else words}")
    count = Counter(LEVELS[row[0]] for row in found)
    print(f"found: {dict(count) or 'nothing'}")
    return int(is_open)


if __name__ == "__main__":
    sys.exit(main())
