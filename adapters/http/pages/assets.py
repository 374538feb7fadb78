"""Pages and their files. They are compressed once, and not sent again to a browser that has them."""

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from adapters.http.server.compression import ACCEPTS_GZIP

MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


class File(NamedTuple):
    compressed: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        tag = f'"{sha256(content).hexdigest()[:16]}"'
        return cls(gzip.compress(content, mtime=0), MEDIA_TYPES[PurePosixPath(name).suffix], tag)


def file_response(
    request: Request[Any, Any, Any], file: File, kept: str, headers: Mapping[str, str] = {}
) -> Response[bytes]:
    """Returns the file, or 304 (RFC 9110, 15.4.5) if the client has it already."""
    sent_headers = {"Cache-Control": kept, "ETag": file.tag, "Vary": "Accept-Encoding", **headers}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=sent_headers)
    if ACCEPTS_GZIP.search(request.headers.get("accept-encoding", "")):
        return Response(
            file.compressed, media_type=file.media_type, headers={**sent_headers, "Content-Encoding": "gzip"}
        )
    return Response(gzip.decompress(file.compressed), media_type=file.media_type, headers=sent_headers)


class Assets:
    """Serves the files of some pages by name, and no other files.

    The address of each file contains a digest of all of them. So files may refer to each other by relative paths, and
    browsers may keep them forever. A file is compressed when it is first requested. What is named as several files is
    sent as one.
    """

    def __init__(
        self, at: str, paths: Mapping[str, Sequence[Path]], shortened: Callable[[str, bytes], bytes] | None = None
    ) -> None:
        self.paths = paths
        self._shortened = shortened or (lambda _, content: content)
        self._at = at
        self._files: dict[str, File] = {}

    @cached_property
    def digest(self) -> str:
        known = b"".join(name.encode() + sha256(self.content(name)).digest() for name in self.paths)
        return sha256(known).hexdigest()[:16]

    def content(self, name: str) -> bytes:
        return b"".join(path.read_bytes() for path in self.paths[name])

    def filled(self, source: str) -> str:
        """Returns `source` with each `{asset:name}` replaced by the address of that file."""
        return re.sub(r"\{asset:([^}]+)\}", lambda found: self.address(found[1]), source)

    def address(self, name: str) -> str:
        return f"{self._at}/{self.digest}/{name}"

    def send(self, request: Request[Any, Any, Any], digest: str, name: str) -> Response[bytes]:
        """Sends the file even if the digest is that of another release, because two releases run side by side during a
        deployment. In that case, the browser may not keep the file."""
        if name not in self.paths:
            raise NotFoundException
        if name not in self._files:
            self._files[name] = File.of(name, self._shortened(name, self.content(name)))
        return file_response(request, self._files[name], IMMUTABLE if digest == self.digest else REVALIDATE)
