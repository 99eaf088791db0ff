"""Fetches one file over HTTP into a part file and resumes it with Range. It knows no catalogue and no hash."""

import http.client
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from models.fetching import (
    CHUNK_BYTES,
    Progress,
    SourceFailed,
    discard,
    read_note,
    require_space,
    sidecar_of,
    write_note,
)

log = logging.getLogger(__name__)

# Short, so that a machine without a network goes on to the next source at once; also bounds a silent read.
_SILENCE_SECONDS = 10.0
_ATTEMPTS_WITHOUT_NEWS = 3
_HTTP_RANGE_NOT_SATISFIABLE = 416
_ACCESS_REFUSED = (401, 403)


class _Interrupted(Exception):
    """The connection broke after the server had been reached; worth another try."""


def download(
    url: str,
    part: Path,
    size_bytes: int | None,
    progress: Progress,
    stage: str,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Bring `part` to the full length of `url`, going on where an earlier run stopped."""
    if read_note(sidecar_of(part)).get("url") != url:
        discard(part)
    idle = 0
    while True:
        before = _length(part)
        try:
            return _one_request(url, part, size_bytes, progress, stage)
        except _Interrupted as error:
            idle = 0 if _length(part) > before else idle + 1
            if idle == _ATTEMPTS_WITHOUT_NEWS:
                raise SourceFailed(f"the connection keeps breaking: {error}") from error
            log.info("%s: %s; going on from byte %d", url, error, _length(part))
            pause(idle)


def _one_request(url: str, part: Path, size_bytes: int | None, progress: Progress, stage: str) -> None:
    offset = _length(part)
    progress(offset, size_bytes, stage)
    if size_bytes is not None and offset == size_bytes:
        return
    try:
        response = urllib.request.urlopen(_request(url, part, offset), timeout=_SILENCE_SECONDS)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _HTTP_RANGE_NOT_SATISFIABLE and offset:
                discard(part)
                raise _Interrupted("the server's file is shorter than what had arrived") from error
            raise _refusal(error) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        if offset:
            raise _Interrupted(f"not reachable: {reason}") from error
        raise SourceFailed(f"not reachable: {reason}") from error
    with response:
        _receive(response, url, part, offset, size_bytes, progress, stage)


def _request(url: str, part: Path, offset: int) -> urllib.request.Request:
    headers = {"User-Agent": "weighbridge", "Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
        etag = read_note(sidecar_of(part)).get("etag")
        if etag:
            headers["If-Range"] = etag
    return urllib.request.Request(url, headers=headers)


def _refusal(error: urllib.error.HTTPError) -> Exception:
    if error.code in _ACCESS_REFUSED:
        return SourceFailed(f"HTTP {error.code}: the publisher asks for a signed agreement or a login")
    if error.code >= 500 or error.code == 429:
        return _Interrupted(f"HTTP {error.code} {error.reason}")
    return SourceFailed(f"HTTP {error.code} {error.reason}")


def _receive(
    response: http.client.HTTPResponse,
    url: str,
    part: Path,
    offset: int,
    size_bytes: int | None,
    progress: Progress,
    stage: str,
) -> None:
    done = offset if response.status == http.HTTPStatus.PARTIAL_CONTENT else 0
    length = response.headers.get("Content-Length")
    total = done + int(length) if length else size_bytes
    if size_bytes is not None and total != size_bytes:
        raise SourceFailed(f"offers {total} bytes, the catalogue says {size_bytes}")
    if total is not None:
        require_space(part.parent, total - done)
    write_note(sidecar_of(part), {"url": url, "etag": _strong(response.headers.get("ETag"))})
    with part.open("ab" if done else "wb") as file:
        try:
            # What has come in, not a whole chunk: on a slow line progress is seen, and a cancel felt, at once.
            while done != total and (chunk := response.read1(CHUNK_BYTES)):
                file.write(chunk)
                done += len(chunk)
                progress(done, total, stage)
        except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
            raise _Interrupted(str(error) or type(error).__name__) from error
    if total is not None and done != total:
        raise _Interrupted(f"closed after {done} of {total} bytes")


def _strong(etag: str | None) -> str | None:
    """A weak tag may not stand in If-Range."""
    return etag if etag and not etag.startswith("W/") else None


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
