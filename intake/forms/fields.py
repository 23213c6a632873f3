"""Fields that say what to do when something is wrong, and never cut what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator

from intake.domain.draft import AttachmentDraft
from intake.domain.file_type import ENDINGS, name_file, recognise
from intake.domain.plain_text import drop_controls, find_hidden, make_regular

LINK_LIMIT = 10
URL_MAX_LENGTH = 500
HIDDEN = (
    "There is a character in it that cannot be seen ({code}). "
    "Please paste the text without formatting, or type it."
)


@dataclass(frozen=True, slots=True)
class CardLabel:
    """A choice with one sentence that explains it."""

    name: str
    sentence: str

    def __str__(self) -> str:
        return self.name


class Cards(forms.RadioSelect):
    """Radio buttons as cards; `arrangement` is a class of the stylesheet."""

    def __init__(self, *args: Any, arrangement: str = "stacked", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrangement = arrangement


class TextBox(forms.Textarea):
    """A text area with a limit that is told, not enforced: nothing pasted is cut off."""

    def __init__(self, *, rows: int, limit: int, **attrs: str) -> None:
        super().__init__(attrs={"rows": rows, "cols": None, "data-limit": limit, **attrs})


class WordsField(forms.CharField):
    """Text a person writes. Lengths are counted after fillers and outer blanks are gone."""

    def __init__(
        self, *, at_most: int, at_least: int = 0, too_short: str = "", **kwargs: Any
    ) -> None:
        super().__init__(strip=False, **kwargs)
        self.at_most, self.at_least, self.too_short = at_most, at_least, too_short

    def to_python(self, value: Any) -> str:
        text = make_regular(super().to_python(value) or "")
        if code := find_hidden(text):
            raise ValidationError(HIDDEN.format(code=code), code="hidden")
        if len(text) > self.at_most:
            raise ValidationError(
                f"Please keep it under {self.at_most:,} characters: "
                f"{len(text) - self.at_most:,} too many.",
                code="too_long",
            )
        if text and len(text) < self.at_least:
            raise ValidationError(self.too_short, code="too_short")
        return text


class LineField(WordsField):
    """One line of text."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class LinksField(WordsField):
    """Web addresses, one a line; cleaned to a tuple."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[str, ...]:
        links = tuple(dict.fromkeys(super().clean(value).split()))
        if len(links) > LINK_LIMIT:
            raise ValidationError(
                f"Please give at most {LINK_LIMIT} links; there are {len(links)}."
            )
        for link in links:
            _check_link(link)
        return links


def _check_link(link: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        raise ValidationError(
            f"“{link[:80]}” is not a web address. Start with https:// and put each on its own line."
        ) from None
    if len(link) > URL_MAX_LENGTH:
        raise ValidationError(f"“{link[:80]}…” is too long for a link.")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(forms.Field):
    """Several files, each told by its content; cleaned to a tuple of AttachmentDraft."""

    def __init__(self, **kwargs: Any) -> None:
        widget = FilesInput(attrs={"multiple": True, "accept": ",".join(ENDINGS)})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: "Sequence[UploadedFile[Any]]") -> tuple[AttachmentDraft, ...]:
        limit = settings.ATTACHMENT_MAX_COUNT
        if len(value) > limit:
            raise ValidationError(f"Please choose at most {limit} files; there were {len(value)}.")
        return tuple(_look_at(upload) for upload in value)


def _look_at(upload: "UploadedFile[Any]") -> AttachmentDraft:
    name = drop_controls(upload.name or "")[-80:] or "file"  # as messages say it
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        megabytes = settings.ATTACHMENT_MAX_BYTES // 1024**2
        raise ValidationError(f"“{name}” is larger than {megabytes} MB. Please send a smaller one.")
    if not upload.size:
        raise ValidationError(f"“{name}” is empty. Please choose it again.")
    content_type = recognise(upload.read(), upload.name or "")
    upload.seek(0)
    if not content_type:
        raise ValidationError(
            f"“{name}” cannot be sent. Pictures, PDF and plain text can; "
            "a picture or an export of it will do."
        )
    return AttachmentDraft(
        name=name_file(upload.name or "", content_type),
        content_type=content_type,
        size=upload.size or 0,
        content=cast(BinaryIO, upload.file),
    )
