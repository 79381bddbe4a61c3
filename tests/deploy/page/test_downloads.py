"""What the outlet is given to save."""

import base64

from deploy.page import downloads
from deploy.sdk import Download

FILE = Download("借条-2026-11-22.pdf", "application/pdf", bytes(range(256)))


def test_a_file_travels_byte_for_byte_and_can_be_saved_twice() -> None:
    first, second = downloads.offer(FILE), downloads.offer(FILE)
    assert base64.b64decode(first["content"]) == FILE.content
    assert (first["name"], first["media_type"]) == (FILE.name, FILE.media_type)
    assert first != second
