"""Vectors are found again as they were written: by nearness, by key, through every change."""

from pathlib import Path

import numpy as np
import pytest

from intake.matching.embedding import vector_writer
from intake.matching.embedding.vector_writer import VectorWriter
from intake.matching.embedding.vectors import CHUNK, VectorStore
from intake.matching.errors import EmbeddingUnavailable, IndexHeld
from tests.intake.matching.embedding.vector_desk import (
    MODEL,
    find_nearest,
    make_entries,
    make_vectors,
    write,
)


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path, MODEL)


def test_the_nearest_come_first_with_their_cosines(tmp_path: Path, store: VectorStore) -> None:
    count = 2 * CHUNK + 7
    vectors = make_vectors(count)
    write(tmp_path, range(5, 5 + count), vectors)
    wanted = make_vectors(1, seed=2)[0]
    cosines = vectors @ wanted
    found = store.search(wanted, limit=50)
    best = np.argsort(-cosines)[:50]
    assert len({key for key, _ in found} & set((best + 5).tolist())) >= 48  # int8 may swap the last
    assert found[0][0] == best[0] + 5
    assert [cosine for _, cosine in found] == sorted((c for _, c in found), reverse=True)
    for key, cosine in found:
        assert cosine == pytest.approx(cosines[key - 5], abs=0.003)


def test_a_limit_beyond_all_gives_all(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(3)
    write(tmp_path, [1, 2, 3], vectors)
    found = store.search(vectors[1], limit=100)
    assert sorted(key for key, _ in found) == [1, 2, 3]
    assert found[0] == (2, pytest.approx(1, abs=1e-3))
    assert store.search(vectors[1], limit=0) == []


def test_equals_come_in_the_order_of_their_keys(tmp_path: Path, store: VectorStore) -> None:
    vector = make_vectors(1)
    write(tmp_path, [9, 3, 7], np.repeat(vector, 3, axis=0))
    assert [key for key, _ in store.search(vector[0], limit=3)] == [3, 7, 9]


def test_rows_by_key_and_nan_for_strangers(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(3)
    write(tmp_path, [30, 10, 20], vectors)
    rows = store.get([10, 15, 30, 999])
    assert (rows[0] @ vectors[1], rows[2] @ vectors[0]) == pytest.approx((1, 1), abs=1e-4)
    assert np.isnan(rows[[1, 3]]).all()
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5)
    assert store.get([]).shape == (0, 384)


def test_hidden_ones_are_not_found_for_customers(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(4)
    write(tmp_path, [1, 2], vectors[:2], is_public=False)
    write(tmp_path, [3, 4], vectors[2:])
    assert store.search(vectors[0], limit=4)[0][0] == 1
    public = store.search(vectors[0], limit=4, public_only=True)
    assert sorted(key for key, _ in public) == [3, 4]


def test_an_open_store_follows_what_is_added_replaced_and_removed(
    tmp_path: Path, store: VectorStore
) -> None:
    first, second = make_vectors(3), make_vectors(1, seed=9)
    write(tmp_path, [1, 2, 3], first)
    assert store.count() == 3
    with VectorWriter(tmp_path, MODEL) as writer:
        writer.apply(make_entries([2], version=2), second)
        assert store.search(second[0], limit=1)[0][0] == 2
        writer.apply(removed=[1], watermark="later")
    assert (store.count(), store.watermark()) == (2, "later")
    assert np.isnan(store.get([1])).all()
    assert store.search(first[0], limit=1)[0][0] != 1
    assert store.get([2])[0] @ second[0] == pytest.approx(1, abs=1e-4)


def test_what_is_kept_has_a_new_version_and_the_old_row(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(2)
    write(tmp_path, [1, 2], vectors)
    with VectorWriter(tmp_path, MODEL) as writer:
        kept = make_entries([1], version=5, is_public=False)
        writer.apply(kept=kept)
        assert writer.versions() == {1: 5, 2: 1}
        assert writer.digests([1, 7]) == {1: kept[0].digest}
    assert store.get([1])[0] @ vectors[0] == pytest.approx(1, abs=1e-4)
    assert [key for key, _ in store.search(vectors[0], limit=2, public_only=True)] == [2]


def test_a_writer_goes_on_where_another_ended(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(6)
    for start in range(0, 6, 2):
        write(tmp_path, range(start, start + 2), vectors[start : start + 2])
    with VectorWriter(tmp_path, MODEL) as writer:
        assert writer.versions() == dict.fromkeys(range(6), 1)
    assert [find_nearest(tmp_path, vector) for vector in vectors] == list(range(6))
    assert store.count() == 6


def test_dead_rows_are_swept_out(
    tmp_path: Path, store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_writer, "SPARE", 20)
    for version in range(1, 31):
        vectors = make_vectors(5, seed=version)
        with VectorWriter(tmp_path, MODEL) as writer:
            entries = make_entries(range(5), version=version)
            writer.apply(entries, vectors, watermark=str(version))
        assert store.search(vectors[3], limit=1)[0][0] == 3
        assert store.watermark() == str(version)
    (generation,) = (tmp_path / "vectors").glob("g*")
    assert (generation / "rows").stat().st_size <= 35 * 388
    assert store.count() == 5


def test_another_models_vectors_are_not_mixed(tmp_path: Path, store: VectorStore) -> None:
    write(tmp_path, [1, 2], make_vectors(2))
    newer = VectorStore(tmp_path, "newer")
    with pytest.raises(EmbeddingUnavailable, match="of a model, not newer"):
        newer.count()
    with VectorWriter(tmp_path, "newer") as writer:
        assert (writer.versions(), writer.watermark) == ({}, "")
        writer.apply(make_entries([7]), make_vectors(1), watermark="x")
    assert newer.count() == 1
    with pytest.raises(EmbeddingUnavailable):
        store.count()


def test_cleared_and_begun_anew(tmp_path: Path, store: VectorStore) -> None:
    vectors = make_vectors(3)
    write(tmp_path, [1, 2, 3], vectors)
    with VectorWriter(tmp_path, MODEL) as writer:
        writer.clear()
        assert store.count() == 3
        writer.apply(make_entries([8]), vectors[:1])
    assert store.count() == 1


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with VectorWriter(tmp_path, MODEL, holder="somebody"), pytest.raises(IndexHeld, match="some"):
        VectorWriter(tmp_path, MODEL)
    VectorWriter(tmp_path, MODEL).close()
