"""What is not shown cannot be asked for either: a search or filter that finds a row tells of it.

Each question fits only what the asker may not see, and is asked again of who may: the first finds
nothing, the second does. Beside each question stands a word of its answer.
"""

import pytest

from tests.access.table import send
from tests.access.world import World

pytestmark = pytest.mark.django_db

QUESTIONS = [
    ("/admin/intake/submission/?view=all&q=telephone", "R-"),
    ("/admin/intake/submission/?view=all&account__id__exact={foundry}", "R-"),
    ("/admin/intake/submission/?view=all&internal_note__startswith=Their", "R-"),
    ("/admin/portal/account/?arr__gt=7000000", "/change/"),
    ("/admin/portal/account/?q=Quill", "/change/"),
    ("/admin/portal/membership/?q=odile", "/change/"),
    ("/admin/portal/user/?q=odile", "/change/"),
    ("/admin/portal/opportunity/?q=Quill", "/change/"),
    ("/admin/portal/invitation/?q=kilnwatch", "/change/"),
    ("/admin/intake/customerlink/?q=Quill", "/change/"),
    ("/admin/intake/foundlink/?q=Quill", "/change/"),
    ("/priorities/?account=Quill", "Label shipments by size"),
    ("/priorities/issues.csv?account=Quill", "Label shipments by size"),
    ("/priorities/issues.json?account=Quill", "Label shipments by size"),
    ("/priorities/issues.json?tam={other_tam_pk}", "Label shipments by size"),
    (
        "/admin/autocomplete/?app_label=portal&model_name=membership&field_name=user&term=odile",
        "Verhoeven",
    ),
    (
        "/admin/autocomplete/?app_label=portal&model_name=membership&field_name=account&term=Quill",
        "Quillfeather",
    ),
]


@pytest.mark.parametrize(("question", "word"), QUESTIONS)
def test_a_question_about_what_one_may_not_see_finds_nothing(
    question: str, word: str, world: World
) -> None:
    address = question.format(**world.names)
    assert word in read_body(world, "other_tam", address)
    assert word not in read_body(world, "tam", address)


def read_body(world: World, actor: str, address: str) -> str:
    answer = send(world.browser(actor), "GET", address)
    assert answer.response.status_code == 200
    return answer.text.partition("\n\n")[2]
