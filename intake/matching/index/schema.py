"""Fields of the index, and how a document becomes an entry."""

from collections.abc import Iterable, Sequence

import tantivy

from intake.matching.records import Document
from intake.matching.terms import find_words, join_terms, pick_names
from intake.matching.text import fingerprint
from intake.matching.trimming import trim_body, trim_title

# Raised whenever the fields, the terms or the trimming change: an older index is then rebuilt.
FORMAT = 1
TITLE_WEIGHT = 3
MARK = "watermark"


def build_schema() -> tantivy.Schema:
    """`text` holds title terms three times and body terms once: BM25F in one field.

    Integers are `add_integer_field` (i64): deletes by term on an unsigned field given
    Python integers match nothing, without an error.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_integer_field("created_at", fast=True)
    builder.add_integer_field("length", fast=True)
    builder.add_integer_field("public", indexed=True)
    for name in ("text", "title", "names"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("fingerprint", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("mark", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def build_entry(document: Document) -> tantivy.Document:
    """The index's side of a document: terms to search by, and terms to compare with."""
    heading = find_words(trim_title(document.title))
    rest = find_words(trim_body(document.body))
    title, body = join_terms(heading), join_terms(rest)
    names = " ".join(pick_names(heading) | pick_names(rest))
    entry = tantivy.Document()
    entry.add_integer("key", document.key)
    entry.add_integer("created_at", int(document.created_at.timestamp()))
    entry.add_integer("length", TITLE_WEIGHT * count_words(title) + count_words(body))
    entry.add_integer("public", int(document.is_public))
    entry.add_text("text", " ".join([title] * TITLE_WEIGHT + [body]))
    entry.add_text("title", title)
    entry.add_text("names", names)
    entry.add_text("fingerprint", fingerprint(document.title, document.body))
    entry.add_bytes("stored", pack_lines((title, body, names)))
    return entry


def build_mark(watermark: str) -> tantivy.Document:
    """The watermark travels as one more entry, so it commits with the documents or not at all."""
    entry = tantivy.Document()
    entry.add_text("mark", MARK)
    entry.add_bytes("stored", pack_lines((watermark,)))
    return entry


def count_words(joined: str) -> int:
    return joined.count(" ") + 1 if joined else 0


def pack_lines(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode()


def unpack_lines(entry: tantivy.Document) -> Sequence[str]:
    """The lines packed into an entry's `stored` field."""
    stored = entry.get_first("stored")
    return bytes(stored).decode().split("\n") if stored is not None else []
