"""The image and the compose file: valid, and in step with the code they start."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"


def run_tool(*command: str) -> "subprocess.CompletedProcess[str]":
    program = BIN / command[0]
    return subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def test_the_compose_file_follows_the_schema() -> None:
    result = run_tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_schema_check_would_notice(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text(encoding="utf-8").replace("restart:", "restrat:"))
    result = run_tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(wrong))
    assert result.returncode == 1


def test_hadolint_has_no_complaint() -> None:
    result = run_tool("hadolint", str(DOCKERFILE))
    assert result.returncode == 0, result.stdout
    assert result.stdout == ""


def test_everything_that_serves_is_there_and_says_how_it_is(services: dict[str, Any]) -> None:
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    for name in ("worker", "beat", "postgres", "redis"):
        assert services[name]["healthcheck"]["test"][0] == "CMD"
    assert "HEALTHCHECK" in DOCKERFILE.read_text(encoding="utf-8")  # web's


def test_web_and_worker_share_the_state(services: dict[str, Any]) -> None:
    assert services["web"]["volumes"] == services["worker"]["volumes"] == ["state:/state"]


def test_nothing_starts_before_the_tables_are_there(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        needs = services[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["redis"]["condition"] == "service_healthy"


def test_every_command_exists(services: dict[str, Any]) -> None:
    image = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    own = json.loads(re.findall(r"^CMD (\[.*\])$", image, re.MULTILINE)[-1])
    commands = [own, *(services[name]["command"] for name in ("migrate", "worker", "beat"))]
    commands.append(services["worker"]["healthcheck"]["test"][1:])
    for command in commands:
        if command[:2] == ["python", "manage.py"]:
            assert command[2] in get_commands()
        else:
            assert (BIN / command[0]).exists()
            assert run_tool(command[0], "--help").returncode == 0


def test_the_image_copies_only_what_is_there() -> None:
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}\n" in kept


def test_the_model_is_built_into_the_image_and_not_into_the_volume() -> None:
    image = DOCKERFILE.read_text(encoding="utf-8")
    assert "python manage.py build_embedding" in image
    (place,) = re.findall(r"EMBEDDING_DIR=(\S+)", image)
    (volume,) = re.findall(r"^VOLUME (\S+)", image, re.MULTILINE)
    assert not place.startswith(volume)


def test_the_image_runs_as_nobody_in_particular_with_checked_packages() -> None:
    image = DOCKERFILE.read_text(encoding="utf-8")
    assert re.search(r"^USER 10001:10001$", image, re.MULTILINE)
    assert "--no-deps --require-hashes -r requirements.txt" in image


def test_the_health_check_asks_as_the_proxy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    image = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    command = json.loads(re.findall(r"^HEALTHCHECK .*?CMD (\[.*\])$", image, re.MULTILINE)[0])
    asked: list[Request] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda request, timeout: asked.append(request))
    monkeypatch.setenv("SITE_URL", "https://portal.example")
    exec(command[2], {})
    assert asked[0].full_url == "http://127.0.0.1:8000/healthz"
    assert asked[0].get_header("Host") == "portal.example"
    assert asked[0].get_header("X-forwarded-proto") == "https"


@pytest.mark.parametrize("path", [DOCKERFILE, COMPOSE])
def test_no_registry_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    images = re.findall(r"^FROM (\S+)|^ +image: (\S+)", text, re.MULTILINE)
    assert images
    assert not any("/" in name for pair in images for name in pair)
    assert "--index-url" not in text
