"""The full-text index on disk: one process writes a directory, the others read it."""

from intake.matching.index.reader import IndexReader
from intake.matching.index.snapshot import Hit, Sighting, Snapshot
from intake.matching.index.writer import IndexWriter

__all__ = ["Hit", "IndexReader", "IndexWriter", "Sighting", "Snapshot"]
