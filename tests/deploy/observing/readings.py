"""Reading the page of metrics as Prometheus does."""

from collections.abc import Iterator

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Page:
    """A scraped page."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = {family.name: family for family in text_string_to_metric_families(text)}

    def samples(self) -> Iterator[Sample]:
        """All series."""
        for family in self.families.values():
            yield from family.samples

    def sum(self, name: str, **labels: str) -> float:
        """The sum of the series of this name with these labels."""
        return sum(one.value for one in self.samples() if one.name == name and labels.items() <= one.labels.items())

    def values(self, name: str, label: str) -> set[str]:
        """The values of a label."""
        return {one.labels[label] for one in self.samples() if one.name == name}


async def scraped(client: httpx.AsyncClient, **headers: str) -> Page:
    """The page of /metrics."""
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)
