"""Index or vectors lost, cut short or on a full disk: a person reviews, and it heals by itself."""

import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django.fixtures import Settings

from intake import tasks
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.matching.index import IndexReader
from intake.models import Issue, Submission
from portal.models import User
from tests.portal_fixtures import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gitlab", "salesforce", "inline")]

Submit = Callable[[], Submission]
MakeIssue = Callable[..., Issue]


@pytest.fixture
def directory(settings: Settings, make_issue: MakeIssue) -> Path:
    """An index of a few issues, followed by the worker."""
    make_issue("Limit approvals by path")
    make_issue("Export the audit trail", description="Auditors read spreadsheets.")
    tasks.refresh_index()
    return Path(settings.INDEX_DIR)


@pytest.fixture
def ask(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submit:
    """Another request about approvals, sent and worked on."""

    def send() -> Submission:
        wish = submit(make_draft(summary="Approvals limited by path"), by=maya)
        tasks.process_submission(wish.pk)
        return read(wish)

    return send


def read(wish: Submission) -> Submission:
    return Submission.objects.get(pk=wish.pk)


@contextmanager
def full_disk(room: int = 1_000) -> Iterator[None]:
    """No file of this process grows beyond `room` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def lose_directory(directory: Path) -> None:
    shutil.rmtree(directory)


def lose_generation(directory: Path) -> None:
    for path in directory.glob("g*"):
        shutil.rmtree(path)


def cut(ending: str, keep: float) -> Callable[[Path], None]:
    def cut_short(directory: Path) -> None:
        for path in directory.glob(f"g*/*{ending}"):
            os.truncate(path, int(path.stat().st_size * keep))

    return cut_short


def cut_stamp(directory: Path) -> None:
    os.truncate(directory / "current.json", 7)


DAMAGES = {
    "directory deleted": lose_directory,
    "generation deleted": lose_generation,
    "stamp cut short": cut_stamp,
    "terms cut in half": cut(".term", 0.5),
    "postings emptied": cut(".idx", 0),
    "store cut in half": cut(".store", 0.5),
    "columns emptied": cut(".fast", 0),
}


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_a_persons_turn_and_is_made_anew(
    damage: str,
    is_open: bool,
    directory: Path,
    ask: Submit,
    traveller: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if is_open:
        assert ask().candidates.exists()
    DAMAGES[damage](directory)

    waiting = ask()
    assert (waiting.stage, waiting.trouble) == ("received", "index_away")
    assert waiting.public_state == "under_review"  # by a person
    assert "The search index is away" in caplog.text

    traveller.shift(timedelta(seconds=5))
    tasks.sweep()
    done = read(waiting)
    assert (done.stage, done.trouble, done.due_at) == ("account_resolved", "", None)
    assert done.candidates.exists()


def test_on_a_full_disk_a_lost_index_stays_lost_and_comes_back_with_the_space(
    directory: Path,
    ask: Submit,
    traveller: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.rmtree(directory)
    with full_disk():
        waiting = ask()
        traveller.shift(timedelta(seconds=5))
        tasks.sweep()
    assert "The search index cannot be written" in caplog.text
    waiting = read(waiting)
    assert (waiting.stage, waiting.trouble) == ("received", "index_away")
    assert waiting.public_state == "under_review"

    tasks.refresh_index()
    traveller.shift(timedelta(minutes=1))
    tasks.sweep()
    assert (read(waiting).stage, read(waiting).trouble) == ("account_resolved", "")


def test_on_a_full_disk_the_index_goes_on_as_it_was_and_catches_up(
    directory: Path,
    ask: Submit,
    make_issue: MakeIssue,
    traveller: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = " ".join(f"word{number}" for number in range(900))
    fresh = [
        make_issue(f"Wish {n}", description=f"{words} {n}", changed_at=NOW + timedelta(hours=1))
        for n in range(20)
    ]
    with full_disk():
        tasks.refresh_index()
        assert "The search index cannot be written" in caplog.text
        done = ask()
    assert (done.stage, done.trouble) == ("account_resolved", "")
    assert done.candidates.exists()

    before = IndexReader(directory).count()
    tasks.refresh_index()
    assert IndexReader(directory).count() == before + len(fresh)


def lose_vectors(directory: Path) -> None:
    shutil.rmtree(directory / "vectors")


def cut_rows(directory: Path) -> None:
    for path in directory.glob("vectors/*/rows"):
        os.truncate(path, path.stat().st_size // 2)


@pytest.mark.usefixtures("model_directory")
@pytest.mark.parametrize("damage", [lose_vectors, cut_rows])
def test_without_its_vectors_an_issue_is_found_by_words_until_they_are_made_anew(
    damage: Callable[[Path], None],
    directory: Path,
    ask: Submit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = ask()
    assert before.matcher_version.startswith("semantic")
    assert "words alone" not in caplog.text

    damage(directory)
    meanwhile = ask()
    assert (meanwhile.stage, meanwhile.trouble) == ("account_resolved", "")
    assert meanwhile.matcher_version.startswith("lexical")
    assert meanwhile.candidates.exists()
    assert "Searched by words alone" in caplog.text

    tasks.embed_issues()
    assert ask().matcher_version == before.matcher_version
