"""The console of a page server, put together: mount `blocks` at PREFIX, put `behind` around all, `close` at the end."""

from starlette.types import ASGIApp

from deploy.page.console.app import build
from deploy.page.console.door import PREFIX, Door
from deploy.page.console.keeper import Connect, Keeper
from deploy.page.console.sampling import Sampler


class Console:
    """`connect` makes a client of the API for a key; an empty one for a server without keys."""

    def __init__(self, connect: Connect, tls: bool = False) -> None:
        self._tls = tls
        self._keeper = Keeper(connect)
        self._sampler = Sampler(self._keeper.anybody)
        self.blocks = build(self._keeper, self._sampler)

    def behind(self, app: ASGIApp, prefix: str = PREFIX) -> Door:
        """The app with the console's door before what is mounted at `prefix`; all else passes by."""
        return Door(app, self._keeper, prefix, self._tls)

    async def close(self) -> None:
        """End all sessions."""
        await self._sampler.close()
        await self._keeper.close()
