"""By which names the page is served: those of this machine, or any where a key says that it is meant for others."""

from pathlib import Path

import httpx
import pytest

from deploy import settings
from deploy.page.server import build_page


@pytest.mark.parametrize(("key", "status"), [("", 403), ("lxk_of_the_page", 200)], ids=["no key", "a key"])
async def test_a_public_name_is_served_where_the_page_has_a_key(own_home: Path, key: str, status: int) -> None:
    loaded = settings.load("embedded", {"home": str(own_home)})
    page = build_page(loaded, "http://127.0.0.1:1", key, httpx.MockTransport(lambda request: httpx.Response(503)))
    async with page.living():
        shown = httpx.ASGITransport(app=page, client=("127.0.0.1", 50001))
        async with httpx.AsyncClient(transport=shown, base_url="https://consult.example.org") as browser:
            assert (await browser.get("/")).status_code == status
            said = await browser.get("/", headers={"X-Forwarded-Host": "evil.example"})
            assert said.status_code == status and "evil.example" not in said.text  # a proxy's word on the host
            assert (await browser.get("/", headers={"Origin": "https://elsewhere.example"})).status_code == 403
