"""Fields of the index, and how a document becomes an entry."""

from collections.abc import Iterable, Sequence

import tantivy

from intake.matching.batch import fingerprint_batch, read_batch
from intake.matching.records import Document
from intake.matching.terms import Words
from intake.matching.trimming import trim_body, trim_title

# Raised whenever the fields, the terms or the trimming change: an older index is then rebuilt.
FORMAT = 2
ORIGINAL_LENGTH = 1_500  # characters of the body kept as written
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
    builder.add_bytes_field("original", stored=True)
    return builder.build()


def build_entries(documents: Sequence[Document]) -> list[tantivy.Document]:
    """The index's side of some documents: terms to search by, and terms to compare with."""
    titles = read_batch([trim_title(document.title) for document in documents])
    bodies = read_batch([trim_body(document.body) for document in documents])
    fingerprints = fingerprint_batch(
        [document.title for document in documents], [document.body for document in documents]
    )
    return list(map(_build_entry, documents, titles, bodies, fingerprints))


def _build_entry(
    document: Document, heading: Words, rest: Words, fingerprint: str
) -> tantivy.Document:
    title, body = heading.terms, rest.terms
    names = " ".join(heading.names | rest.names)
    entry = tantivy.Document()
    entry.add_integer("key", document.key)
    entry.add_integer("created_at", int(document.created_at.timestamp()))
    entry.add_integer("length", TITLE_WEIGHT * count_words(title) + count_words(body))
    entry.add_integer("public", int(document.is_public))
    entry.add_text("text", " ".join([title] * TITLE_WEIGHT + [body]))
    entry.add_text("title", title)
    entry.add_text("names", names)
    entry.add_text("fingerprint", fingerprint)
    entry.add_bytes("stored", pack_lines((title, body, names)))
    entry.add_bytes("original", _keep_original(document))
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
    packed = unpack_text(entry, "stored")
    return packed.split("\n") if packed else []


def unpack_text(entry: tantivy.Document, field: str) -> str:
    """The text in a stored field; empty if it has none."""
    stored = entry.get_first(field)
    return bytes(stored).decode() if stored is not None else ""


def _keep_original(document: Document) -> bytes:
    """The title in one line, then the body's beginning."""
    title = " ".join(trim_title(document.title).splitlines())
    return f"{title}\n{document.body[:ORIGINAL_LENGTH]}".encode(errors="replace")
