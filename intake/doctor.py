"""What the doctor tries for requests: issues, search index, product file, holidays."""

from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from intake.domain.business_calendar import read_holidays
from intake.domain.product import read_product
from intake.matching.embedding.encoder import Encoder
from intake.matching.errors import EmbeddingUnavailable, IndexUnavailable
from intake.matching.index import IndexReader
from intake.models import Issue, Project
from intake.pipeline.index import is_index_behind
from intake.selectors.finder import get_vectors
from portal.doctor.registry import Finding, broken, fine, look, tries

BUILD = "A worker builds it by itself; `manage.py index` does it now."
BUILD_MODEL = "`manage.py build_embedding` builds the model, or says what is missing."
EMBED = "A worker makes them by itself; `manage.py embed` does it now."


@tries("Issues")
def try_mirror() -> Iterable[Finding]:
    try:
        count = Issue.objects.filter(is_gone=False).count()
        lost = list(Project.objects.filter(is_lost=True))
    except DatabaseError:
        yield broken("The copied issues cannot be read.", "See Database above.")
        return
    if count:
        yield fine(f"{count:,} issues are copied from GitLab.")
    else:
        yield look("No issue is copied from GitLab yet.", "Run `manage.py mirror`, or wait.")
    for project in lost:
        yield broken(
            f"{project} is hidden from our token; its issues are kept as they were.",
            "Give the token's user access again, or take it out of GITLAB_PROJECTS.",
        )


@tries("Search index")
def try_index() -> Iterable[Finding]:
    reader = IndexReader(settings.INDEX_DIR)
    try:
        count = reader.count()
        is_behind = is_index_behind(reader.watermark())
    except IndexUnavailable as error:
        yield broken(f"It cannot be used: {error}", BUILD)
        return
    except DatabaseError:
        yield broken("It cannot be compared with the issues.", "See Database above.")
        return
    told = f"{count:,} issues are in {settings.INDEX_DIR}"
    if is_behind:
        yield look(f"{told}; newer changes are not yet.", BUILD)
    else:
        yield fine(f"{told}, as many as there are and as new.")


@tries("Search index")
def try_vectors() -> Iterable[Finding]:
    """Words alone must do while these are not there: no reason to call the site broken."""
    try:
        Encoder(settings.EMBEDDING_DIR).open()
    except EmbeddingUnavailable as error:
        yield look(f"Issues are searched by words alone: {error}", BUILD_MODEL)
        return
    try:
        total = Issue.objects.filter(is_gone=False).count()
        count = get_vectors().count() if total else 0
    except EmbeddingUnavailable as error:
        yield look(f"Issues are searched by words alone: {error}", EMBED)
    except DatabaseError:
        yield broken("The sentence vectors cannot be counted.", "See Database above.")
    else:
        told = f"{count:,} of {total:,} issues have their sentence vector."
        yield fine(told) if count >= total else look(told, EMBED)


@tries("Product and calendar")
def try_product() -> Iterable[Finding]:
    """What cannot be read is told under Settings."""
    try:
        areas = read_product(settings.PRODUCT_FILE).areas
    except (OSError, ValueError):
        yield broken(f"{settings.PRODUCT_FILE} cannot be read.", "See Settings above.")
    else:
        yield fine(f"{len(areas)} parts of the product in {settings.PRODUCT_FILE}.")


@tries("Product and calendar")
def try_holidays() -> Iterable[Finding]:
    try:
        days = read_holidays(settings.HOLIDAYS_FILE)
    except (OSError, ValueError):
        yield broken(f"{settings.HOLIDAYS_FILE} cannot be read.", "See Settings above.")
        return
    today = timezone.localdate()
    ahead = [day for day in days if day >= today]
    if ahead:
        yield fine(f"{len(ahead)} holidays ahead, the last on {max(ahead):%d %B %Y}.")
    else:
        what = "All holidays in the file are over." if days else "No holidays are known."
        yield look(
            f"{what} Answers are promised for every weekday.",
            "Set HOLIDAYS_FILE to a file of one date a line (2027-01-01).",
        )
