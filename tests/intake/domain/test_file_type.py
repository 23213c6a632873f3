"""What a file is, and what it may be called afterwards."""

import pytest

from intake.domain.file_type import ENDINGS_OF, NAME_LENGTH, name_file, recognise

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
GIF = b"GIF89a" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
PDF = b"%PDF-1.7\n"
ZIP = b"PK\x03\x04" + b"\0" * 32


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (PNG, "screen.png", "image/png"),
        (PNG, "run.exe", "image/png"),
        (GIF + b"<script>alert(1)</script>", "page.html", "image/gif"),
        (JPEG + ZIP, "archive.jar", "image/jpeg"),
        (PDF, "paper.pdf", "application/pdf"),
        (b"BMW orders,1\n", "orders.csv", "text/plain"),  # begins like a bitmap
        (b"GIFts\n", "list.txt", "text/plain"),
        ("Größe\n".encode(), "notes.MD", "text/plain"),
        (b"<script>alert(1)</script>", "page.txt", "text/plain"),
    ],
)
def test_accepted_files_are_told_by_their_content(content: bytes, name: str, told: str) -> None:
    assert recognise(content, name) == told


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg onload=alert(1)>", "picture.svg"),
        (b"<svg onload=alert(1)>", "picture.png"),
        (b'<?xml version="1.0"?><svg/>', "picture.svg"),
        (b"<!doctype html><script>alert(1)</script>", "page.html"),
        (b"<html>", ".htaccess"),
        (ZIP, "bomb.zip"),
        (ZIP, "sheet.xlsx"),
        (b"\x1f\x8b\x08" + b"\0" * 32, "bomb.gz"),
        (b"MZ\x90\0" + b"\0" * 64, "run.txt"),
        (b"\x7fELF" + b"\0" * 64, "log.log"),
        (b"step 1\n" * 20_000 + b"\0", "build.log"),  # clean for longer than a first look
        (b"step 1\n" + b"\xff", "build.log"),
        (b"#!/bin/sh\nrm -rf ~\n", "setup.sh"),
        (b"=cmd|' /C calc'!A0", "calc.hta"),
        (b"{\\rtf1}", "letter.rtf"),
    ],
)
def test_everything_else_is_refused(content: bytes, name: str) -> None:
    assert recognise(content, name) == ""


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("screen.png", "image/png", "screen.png"),
        ("Screen.JPEG", "image/jpeg", "Screen.jpeg"),
        ("page.html", "image/gif", "page.html.gif"),
        ("archive.jar", "image/jpeg", "archive.jar.jpg"),
        ("invoice\u202egnp.exe", "image/png", "invoicegnp.exe.png"),
        ("two\nlines.png", "image/png", "two lines.png"),
        ("a\0b.png", "image/png", "ab.png"),
        ("", "application/pdf", "file.pdf"),
        ("...", "text/plain", "file.txt"),
        ("x. . .gif", "image/gif", "x.gif"),
        ("notes.md", "text/plain", "notes.md"),
    ],
)
def test_the_name_gets_an_ending_that_the_content_has_earned(
    name: str, kind: str, called: str
) -> None:
    assert name_file(name, kind) == called


@pytest.mark.parametrize("kind", ENDINGS_OF)
def test_a_long_name_is_cut_before_its_ending(kind: str) -> None:
    ending = ENDINGS_OF[kind][-1]
    called = name_file("x" * 500 + ending, kind)
    assert len(called) == NAME_LENGTH
    assert called.endswith(f"x{ending}")
