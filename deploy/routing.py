"""Which replica of a model takes a call: a line goes to the replica that it names, a request with an adapter to one
that has it loaded, one of a session to the session's own replica, all else to the less busy of two.

A session's replica has the beginning of its prompts in its cache. It follows from the session's name and the replicas
that there are (rendezvous hashing: when one joins or leaves, only its own sessions move), so that every caller finds
the same one without asking. One that is much busier than the others is left alone.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

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
MUCH = 1.25  # times the mean of requests at the replicas, and SOME more: busier than that is much busier
SOME = 4


def adapter_id(card: str, adapter: str) -> str:
    """The name of the model that a request with an adapter asks for; no two cards of a deployment share one."""
    return f"{card}/{adapter}"


def preferred(session: str, replicas: Iterable[str], load: Callable[[str], int]) -> list[str]:
    """The ids of the replicas, the session's own first, then where it goes next; much busier ones come last."""
    ids = sorted(replicas, key=lambda id: blake2b(f"{session}\n{id}".encode(), digest_size=8).digest(), reverse=True)
    loads = {id: load(id) for id in ids}
    bound = MUCH * sum(loads.values()) / max(len(loads), 1) + SOME
    return sorted(ids, key=lambda id: loads[id] > bound)


class ModelRouter(FIFOMixin, LocalityMixin, MultiplexMixin, RequestRouter):  # type: ignore[misc]
    """Serve's choice of the less busy of two replicas, among those that have the adapter asked for loaded, and after
    the session's own.
    """

    async def choose_replicas(
        self, candidate_replicas: list[RunningReplica], pending_request: PendingRequest | None = None
    ) -> list[list[RunningReplica]]:
        """The replicas to try, those of the first list before those of the next."""
        metadata = pending_request.metadata if pending_request is not None else None
        wanted = metadata.multiplexed_model_id if metadata is not None else ""
        if wanted.startswith(LINE):
            named = [one for one in candidate_replicas if one.replica_id.unique_id == wanted.removeprefix(LINE)]
            # One that is gone cannot be reached; any other refuses the line, so that the caller learns of it.
            return [named or list(candidate_replicas[:1])]
        route = self.apply_multiplex_routing if wanted else self.apply_locality_routing
        ids = sorted(route(pending_request=pending_request), key=str)
        found = [self._replicas[id] for id in ids if id in self._replicas]
        if metadata is not None and metadata.session_id:
            return [[one] for one in self._of_session(metadata.session_id, found)]
        chosen = random.sample(found, min(2, len(found)))
        return [chosen] if chosen else []

    def _of_session(self, session: str, found: Sequence[RunningReplica]) -> list[RunningReplica]:
        named = {one.replica_id.unique_id: one for one in found}
        known = self._replica_queue_len_cache
        order = preferred(session, named, lambda id: known.get(named[id].replica_id) or 0)
        return [named[id] for id in order]
