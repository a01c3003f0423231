"""A made-up model, and a real web server on this machine that can misbehave."""

import hashlib
import io
import random
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cuewalk.models.manifest import Manifest, Roots
from cuewalk.models.store import ModelStore

NAME = "tiny-model"
REQUIRES = ("am/final.mdl", "conf/model.conf")
FILES = {
    "README": b"made up for tests\n",
    "am/final.mdl": random.Random(7).randbytes(200_000),
    "conf/model.conf": b"--beam=13\n",
    "graph/empty.int": b"",
}


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


ARCHIVE = zip_of({f"{NAME}/{name}": content for name, content in FILES.items()})


@dataclass
class Web:
    """What the server has, how it behaves, and what it was asked."""

    body: bytes = ARCHIVE
    ranges: bool = True
    cut_after: int | None = None
    status: int = 200
    chunked: bool = False
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.gate.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        web.asked.append(self.headers.get("Range", "all"))
        web.gate.wait()
        start = self._start(web)
        body = web.body[start:]
        self.send_response(206 if start else web.status)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(web.body) - 1}/{len(web.body)}")
        if web.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if web.cut_after is None else body[: web.cut_after])
        self.close_connection = True

    def _start(self, web: Web) -> int:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(wanted[1]) if wanted and web.ranges else 0

    def log_message(self, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        pass  # a client that went away is what some tests are about


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = _Server(("127.0.0.1", 0), _Handler)
    server.web = Web(url=f"http://127.0.0.1:{server.server_port}/{NAME}.zip")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.web  # type: ignore[attr-defined]
    server.web.gate.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def manifest_of(url: str, archive: bytes = ARCHIVE, /, **changes: object) -> Manifest:
    entry = {
        "name": NAME,
        "kind": "vosk",
        "locale": "en-US",
        "licence": "Apache-2.0",
        "summary": "made up",
        "default": True,
        "requires": REQUIRES,
        "sources": [
            {"kind": "environment", "variable": "TINY_MODELS"},
            {"kind": "models-folder"},
            {"kind": "cache"},
            {"kind": "address", "url": url},
        ],
        "archive": {
            "size": len(archive),
            "sha256": hashlib.sha256(archive).hexdigest(),
            "format": "zip",
            "top": NAME,
            "unpacked_max": 1_000_000,
        },
    }
    return Manifest.model_validate({"model": [entry | changes]})


StoreMaker = Callable[..., ModelStore]


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    (tmp_path / "models").mkdir()
    return Roots(tmp_path / "models", tmp_path / "cache", {})


@pytest.fixture
def store(web: Web, roots: Roots) -> ModelStore:
    return ModelStore(manifest_of(web.url), roots)


@pytest.fixture
def store_of(web: Web, roots: Roots) -> StoreMaker:
    """Make a store whose manifest names this archive, which the server also has."""

    def make(archive: bytes, /, **changes: object) -> ModelStore:
        web.body = archive
        return ModelStore(manifest_of(web.url, archive, **changes), roots)

    return make
