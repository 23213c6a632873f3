"""Which words decide what a request is about, and which say nothing.

A row of PLATFORMS, ALTERNATIVES or OPPOSITES is one question; its answers stand between
slashes, the words for an answer between commas. A word may answer several questions: an
iPhone is iOS, and it is mobile. Opposites are compared by their stem, so "show" is also
"shows" and "showing".
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

PLATFORMS = """
ios, iphone, ipad, ipod, ipados, xcode, cocoa touch, swiftui, testflight, app store / android,
  galaxy, kindle, play store, google play, apk / blackberry, bb10 / windows phone, wp8 / tizen
  / windows, win32, win64, msi, windows store / macos, osx, os x, mac,
  macs, macbook, imac, darwin, dmg / linux, ubuntu, debian, fedora, centos, rhel, redhat,
  suse, arch linux / freebsd, openbsd, netbsd, solaris / mobileweb, mobile web
mobile, phone, smartphone, tablet, handset, ios, iphone, ipad, ipados, android, blackberry,
  windows phone / desktop, laptop, macos, osx, mac, macbook, linux, ubuntu / web, browser,
  website, webapp, mobileweb, chrome, firefox, safari
chrome, chromium / firefox, mozilla / safari / microsoft edge, msedge / opera / internet
  explorer, ie11, ie9, ie8 / brave
"""
ALTERNATIVES = """
csv, comma separated / excel, xls, xlsx, spreadsheet / pdf / json / xml / yaml, yml / markdown
  / html / docx / ical, ics / rss, atom
png / jpg, jpeg / svg / gif / webp
slack / teams, msteams / mattermost / discord / telegram / whatsapp / google chat / webex
gitlab / github / bitbucket / azure devops / gitea
jira / trello / asana / redmine / bugzilla / youtrack / clickup
jenkins / teamcity / circleci / bamboo / travis
saml / oidc, openid / ldap, active directory / kerberos / passkey, webauthn, fido2 / totp,
  authenticator / sms
google / okta / azure, entra / auth0 / facebook / twitter / apple / linkedin
aws, amazon, s3 / gcp, google cloud / azure / openstack
postgres, postgresql / mysql, mariadb / sqlite / mongodb / oracle / sqlserver, mssql
docker / podman / kubernetes, k8s
npm / maven / pypi / nuget / rubygems / composer / conan / helm / cargo
python / javascript, js / typescript / java / kotlin / swift / ruby / php / golang / rust /
  perl / scala
vscode, vs code / intellij, jetbrains / eclipse / vim, neovim / emacs
english / german / french / spanish / italian / portuguese / japanese / chinese / korean /
  arabic / hindi / russian / hebrew / dutch / polish / turkish
day, daily / week, weekly / month, monthly / quarter, quarterly / year, yearly, annual
monday / tuesday / wednesday / thursday / friday / saturday / sunday
sha1 / sha256 / md5
http / https
ipv4 / ipv6
arm, arm64, armv7, aarch64 / x86, x86_64, amd64, i686 / mips
"""
OPPOSITES = """
import, upload / export, download
show, shown, display, reveal, visible, unhide / hide, hidden, hiding, conceal, invisible
expand, unfold / collapse, fold
enable, turn on, switch on, activate, opt in / disable, turn off, switch off, deactivate, opt
  out
allow, permit / prevent, forbid, disallow, block, restrict, deny, prohibit
add, create, insert / remove, delete, erase, drop
ascending, asc, oldest first / descending, desc, newest first
before / after
lock, locked / unlock, unlocked
left / right
horizontal, horizontally, landscape / vertical, vertically, portrait
top, upper, above / bottom, lower, below
start, begin, beginning / end, finish / stop
first / last
next / previous, prev
increase, raise, enlarge, grow / decrease, reduce, lower, shrink
min, minimum / max, maximum
shorter / longer
faster / slower
zoom in / zoom out
sign in, log in, login / sign out, log out, logout
check in / check out
read / write
read only / editable
push / pull, fetch
public / private, internal
open, reopen / close, closed
incoming, inbound, receive / outgoing, outbound, send
encode, encrypt / decode, decrypt
compress, zip / decompress, unzip
join / leave
subscribe / unsubscribe
follow / unfollow
mute / unmute
pin / unpin
archive / unarchive, restore
merge / split
copy / paste
undo / redo
connect / disconnect
attach / detach
install / uninstall
mount / unmount
accept, approve / reject, decline
include / exclude, ignore, skip
light / dark
online / offline
manual, manually / automatic, automatically
required, mandatory / optional
single / multiple, several
"""

# Words of a title that may differ without making it another wish.
_FILLERS = """
a about again all already also always am an and any are aren as at be because been being both
but by can cannot could couldn d did didn do does doesn doing don due either else even ever
every for from had has have having he her here his how i if in instead into is isn it its just
ll may maybe me might mine more most much must my no nor not now of off on once only or other
our out over own per re s same shall she should shouldn since so some soon still such t than
that the their them then there these they this those through till to too until up upon us use
used user users uses using very via was wasn way ways we were what when where which while who
whose why will with within won would you your
ability able add adding adds allow allows bad better break breaks broken bug bugs change chore
complete correct correctly crash crashes crashing customer customers different enable
enhancement error errors fail failed failing fails failure feature features fix fixes full fully
functionality get gets getting give good having idea implement implementation implemented
implementing implements important improve improved improvement incorrect incorrectly introduce
issue issues like make makes making missing module need needed needs new nice offer option part
please possibility possible problem problems proper properly provide question request requests
set sometimes suggestion support supported supporting supports thing things unable want wanted
wants wish work working works wrong
"""
# A title of nothing but these and FILLERS names no wish.
_EMPTY_WORDS = """
abc aide amelioration anforderung anfrage app application asap asdf ayuda besoin bitte blah
check closing consulta create creating demande demo dummy error essai everything example fehler
final foo frage general hallo hello help hey hi hilfe important info information internal ipsum
item lorem mejora misc miscellaneous note notes nothing other page platform portal probleme
product prueba qa qwerty ready regression release released releases review smoke software
solicitud something staging story sub subject system task tasks tbd test testcase tested testing
tests thanks ticket tickets title todo topic untitled update updated updates urgent verbesserung
version website wunsch xxx yes
"""
# In a title, what the portal's customers would not wish for.
_ADVERTISING = """
air tickets, airlines, astrologer, backlinks, bet, betting, bitcoin, buy followers, call girls,
casino, cheap flights, crypto, customer care, customer service number, earn money, escort,
escorts, essay writing, forex, free robux, helpline, investment opportunity, jackpot, keto,
loan, loans, lottery, make money, phone number, poker, porn, replica, seo services, slot, slots,
sponsored post, support number, toll free, viagra, web design services, weight loss
"""

FILLERS = frozenset(_FILLERS.split())
EMPTY_WORDS = FILLERS.union(_EMPTY_WORDS.split())
ADVERTISING = frozenset(_ADVERTISING.replace("\n", " ").strip().split(", "))

_ENDINGS = ("ing", "ed", "es", "s", "e")
_LEAST_STEM = 3  # letters


class Answer(NamedTuple):
    """One answer to one question; `opposite` is the answer that a "not" before it gives."""

    question: int
    answer: int
    opposite: int


@lru_cache(maxsize=50_000)
def find_answers(phrase: str) -> tuple[Answer, ...]:
    """What a folded word, or two with a space between, commits to; mostly nothing."""
    name = _NAMES.get(phrase) or _NAMES.get(phrase.removesuffix("s"))
    return name or _DIRECTIONS.get(find_stem(phrase), ())


def is_platform(question: int) -> bool:
    return question < _FIRST_ALTERNATIVE


def is_direction(question: int) -> bool:
    return question >= _FIRST_OPPOSITE


@lru_cache(maxsize=50_000)
def find_stem(word: str) -> str:
    """A folded word without its English ending."""
    if word.endswith("ies") and len(word) > _LEAST_STEM + 1:
        return word.removesuffix("ies") + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word.removesuffix(ending)
    return word


def _split_rows(table: str) -> list[str]:
    return table.strip().replace("\n  ", " ").splitlines()


def _read_rows(rows: Sequence[str], *, first: int) -> Iterator[tuple[str, Answer]]:
    for question, row in enumerate(rows, start=first):
        sides = row.split(" / ")
        for place, side in enumerate(sides):
            opposite = 1 - place if is_direction(question) and len(sides) == 2 else place
            for word in side.split(", "):
                yield word, Answer(question, place, opposite)


def _group(pairs: Iterable[tuple[str, Answer]]) -> dict[str, tuple[Answer, ...]]:
    grouped: dict[str, tuple[Answer, ...]] = {}
    for word, answer in pairs:
        grouped[word] = (*grouped.get(word, ()), answer)
    return grouped


_PLATFORMS, _ALTERNATIVES = _split_rows(PLATFORMS), _split_rows(ALTERNATIVES)
_FIRST_ALTERNATIVE = len(_PLATFORMS)
_FIRST_OPPOSITE = len(_PLATFORMS) + len(_ALTERNATIVES)
_NAMES = _group(_read_rows([*_PLATFORMS, *_ALTERNATIVES], first=0))
_DIRECTIONS = _group(
    (find_stem(word), answer)
    for word, answer in _read_rows(_split_rows(OPPOSITES), first=_FIRST_OPPOSITE)
)
OPENINGS = frozenset(word.split()[0] for word in (*_NAMES, *_DIRECTIONS) if " " in word)
