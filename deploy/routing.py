"""Which replica of a model takes a call: a line goes to the replica that it names, a request with an adapter to one
that has it loaded, all else to the less busy of two.
"""

import random

from ray.serve.request_router import (
    FIFOMixin,
    LocalityMixin,
    MultiplexMixin,
    PendingRequest,
    RequestRouter,
    RunningReplica,
)

# Serve matches a waiting call with a replica by the name of the model that it asks for: a line asks for this one.
LINE = "line:"


def adapter_id(card: str, adapter: str) -> str:
    """The name of the model that a request with an adapter asks for; no two cards of a deployment share one."""
    return f"{card}/{adapter}"


class ModelRouter(FIFOMixin, LocalityMixin, MultiplexMixin, RequestRouter):  # type: ignore[misc]
    """Serve's choice of the less busy of two replicas, among those that have the adapter asked for loaded."""

    async def choose_replicas(
        self, candidate_replicas: list[RunningReplica], pending_request: PendingRequest | None = None
    ) -> list[list[RunningReplica]]:
        """The replicas to try, those of the first list before those of the next."""
        wanted = pending_request.metadata.multiplexed_model_id if pending_request is not None else ""
        if wanted.startswith(LINE):
            named = [one for one in candidate_replicas if one.replica_id.unique_id == wanted.removeprefix(LINE)]
            # One that is gone cannot be reached; any other refuses the line, so that the caller learns of it.
            return [named or list(candidate_replicas[:1])]
        route = self.apply_multiplex_routing if wanted else self.apply_locality_routing
        ids = sorted(route(pending_request=pending_request), key=str)
        chosen = random.sample(ids, min(2, len(ids)))
        return [[self._replicas[id] for id in chosen]] if chosen else []
