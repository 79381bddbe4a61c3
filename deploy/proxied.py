"""Whether somebody else's proxy brought a request: it then comes from this machine, and is not of this machine."""

from starlette.datastructures import Headers

NAMES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def proxied(headers: Headers) -> bool:
    """Whether a proxy says so in the request's headers. One that says nothing is not seen."""
    return any(name in headers for name in NAMES)
