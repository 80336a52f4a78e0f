"""Per-person keys in a store of their own, sealed texts, and keyed blind indexes.

A sealed text is a token `~1|person|event|field|base64(nonce ‖ ciphertext)`; AES-256-GCM binds it to those names.
Destroying a person's key blanks the person everywhere and breaks no hash. Keys are wrapped by a master key; the folder
is kept and backed up apart from the database.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "~1|"
CACHED_KEYS_MAX = 50_000


class KeyStore(Protocol):
    """Where wrapped keys are kept: durable before `create` returns; `create` never replaces a key."""

    def load(self, name: str) -> bytes | None: ...
    def create(self, name: str, value: bytes) -> bytes: ...
    def destroy(self, name: str) -> None: ...


class MemoryKeyStore:
    """Keys of a test."""

    def __init__(self) -> None:
        self.values: MutableMapping[str, bytes] = {}

    def load(self, name: str) -> bytes | None:
        return self.values.get(name)

    def create(self, name: str, value: bytes) -> bytes:
        return self.values.setdefault(name, value)

    def destroy(self, name: str) -> None:
        self.values.pop(name, None)


class FileKeyStore:
    """One file for each key, mode 0600, in a folder that has its own short backup."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self.folder / digest[:2] / digest[2:34]

    def load(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def create(self, name: str, value: bytes) -> bytes:
        path = self._path(name)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return path.read_bytes()
        finally:
            temporary.unlink()
        self._sync(path.parent)
        return value

    def destroy(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            self._sync(path.parent)

    @staticmethod
    def _sync(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Keys:
    """Seals, opens, destroys; one object for each process."""

    def __init__(self, store: KeyStore, origin: str = "branchbook") -> None:
        self._store = store
        self._origin = origin
        self._wrap = AESGCM(self._own("master"))
        self._blind = self._own("blind")
        self._cache: dict[str, AESGCM] = {}

    def _own(self, name: str) -> bytes:
        return self._store.load(name) or self._store.create(name, secrets.token_bytes(32))

    def seal(self, person: str, event_id: str, field: str, text: str) -> str:
        """The token for `text`; what is already this person's token for this field stays as it is."""
        if text.startswith(f"{MARK}{person}|") and self._parts(text)[2] == field:
            return text
        nonce = secrets.token_bytes(12)
        cipher = self._key(person, create=True)
        assert cipher is not None
        sealed = cipher.encrypt(nonce, text.encode(), self._bound(person, event_id, field))
        return f"{MARK}{person}|{event_id}|{field}|{base64.b64encode(nonce + sealed).decode()}"

    def open(self, token: str) -> str | None:
        """The text, or None when the person was erased. Raises `InvalidTag` for a forged token."""
        person, event_id, field, sealed = self._parts(token)
        cipher = self._key(person, create=False)
        if cipher is None:
            return None
        raw = base64.b64decode(sealed)
        return cipher.decrypt(raw[:12], raw[12:], self._bound(person, event_id, field)).decode()

    def destroy(self, person: str) -> None:
        self._store.destroy(f"person/{person}")
        self._cache.pop(person, None)

    def cipher(self, name: str, *, create: bool) -> AESGCM | None:
        """The key of something that is no person, such as the box of a ballot. It is not kept in memory, so discarding it ends it."""
        wrapped = self._store.load(name)
        if wrapped is None:
            if not create:
                return None
            nonce = secrets.token_bytes(12)
            wrapped = self._store.create(name, nonce + self._wrap.encrypt(nonce, secrets.token_bytes(32), name.encode()))
        return AESGCM(self._wrap.decrypt(wrapped[:12], wrapped[12:], name.encode()))

    def discard(self, name: str) -> None:
        self._store.destroy(name)

    def forget(self) -> None:
        """Drop cached keys, so that a key destroyed by another process is gone here too."""
        self._cache.clear()

    def blind(self, text: str) -> str:
        """Keyed index of an identifier: equal for equal texts, useless without the key."""
        return hmac.new(self._blind, text.encode(), hashlib.sha256).hexdigest()[:40]

    def _key(self, person: str, *, create: bool) -> AESGCM | None:
        cipher = self._cache.get(person)
        if cipher is not None:
            return cipher
        cipher = self.cipher(f"person/{person}", create=create)
        if cipher is None:
            return None
        if len(self._cache) >= CACHED_KEYS_MAX:
            self._cache.clear()
        self._cache[person] = cipher
        return cipher

    @staticmethod
    def _parts(token: str) -> tuple[str, str, str, str]:
        if not is_sealed(token):
            raise InvalidTag
        person, event_id, field, sealed = token[len(MARK) :].split("|")
        return person, event_id, field, sealed

    def _bound(self, person: str, event_id: str, field: str) -> bytes:
        return f"{self._origin}\n{event_id}\n{person}\n{field}".encode()


def is_sealed(text: str) -> bool:
    return text.startswith(MARK) and text.count("|") == 4
