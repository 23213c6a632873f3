"""What the demo is given: keys that stay private, a folder and a port for one demo only."""

import os
import socket
from pathlib import Path

import pytest

from portal.demo import broker
from portal.demo.broker import NoRedis, find_redis_server, make_broker
from portal.demo.surroundings import HOST, CannotStart, make_environment, prepare


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def test_keys_are_readable_by_this_user_alone_and_kept(tmp_path: Path, free_port: int) -> None:
    around, lock = prepare(tmp_path / "state", free_port)
    first = (around.folder / "secret-key").read_text()
    assert len(first) >= 50
    for path in (around.folder / "secret-key", around.private_key, around.public_key):
        assert path.stat().st_mode & 0o777 == 0o600
    os.close(lock)
    _, lock = prepare(tmp_path / "state", free_port)
    os.close(lock)
    assert (around.folder / "secret-key").read_text() == first


def test_what_the_last_run_left_is_forgotten(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "old.log").write_text("old")
    (tmp_path / "portal.sqlite3").write_text("old")
    around, lock = prepare(tmp_path, free_port)
    os.close(lock)
    assert list(around.mail.iterdir()) == []
    assert not (tmp_path / "portal.sqlite3").exists()


def test_two_demos_do_not_share_a_folder(tmp_path: Path, free_port: int) -> None:
    _, lock = prepare(tmp_path, free_port)
    with pytest.raises(CannotStart, match="Another demo runs"):
        prepare(tmp_path, free_port)
    os.close(lock)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(CannotStart, match=r"cannot be used .* PORT="):
            prepare(tmp_path, taken.getsockname()[1])


def test_of_the_callers_environment_only_services_are_passed_on(
    tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", "a real one")
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "a real one")
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@127.0.0.1/demo")
    around, lock = prepare(tmp_path, free_port)
    os.close(lock)
    given = make_environment(around, "secret")
    assert "a real one" not in given.values()
    assert given["DATABASE_URL"] == "postgres://portal@127.0.0.1/demo"


def test_redis_comes_from_the_wheel_or_from_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(broker.importlib, "import_module", refuse)
    monkeypatch.setattr(broker.shutil, "which", lambda _name: "/usr/bin/redis-server")
    assert find_redis_server() == "/usr/bin/redis-server"
    monkeypatch.setattr(broker.shutil, "which", lambda _name: None)
    with pytest.raises(NoRedis, match="set REDIS_URL"):
        find_redis_server()


def test_the_broker_is_private_and_its_path_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 20)
    deep.mkdir()
    monkeypatch.setattr(broker.tempfile, "tempdir", str(deep))
    made = make_broker()
    try:
        assert made.folder.stat().st_mode & 0o777 == 0o700
        assert len(made.url.removeprefix("unix://")) < 108
        assert "noeviction" in made.command
    finally:
        made.folder.rmdir()
