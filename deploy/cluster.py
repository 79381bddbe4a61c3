"""A server on a Ray cluster that runs already: the application is handed over, and goes on without this process."""

import logging

from deploy import serving
from deploy.settings import BadSettings, Settings


def deploy(settings: Settings) -> int:
    """Serve on the cluster of this machine, or of $RAY_ADDRESS, in place of what it serves now, replica by replica.

    Returns the number of nodes that take requests, once the application runs there. Raises BadSettings without a
    cluster, and for an application that cannot start. Each node needs the home, and the environment, of the settings.
    """
    import ray
    from ray import serve
    from ray.serve.schema import ProxyStatus

    try:
        ray.init(address="auto", log_to_driver=False, logging_level=logging.ERROR)
    except ConnectionError as error:
        raise BadSettings(
            "no Ray cluster runs here: `ray start --head` begins one, `ray start --address=HEAD:6379` joins one, "
            "RAY_ADDRESS names one elsewhere"
        ) from error
    try:
        serving.run(settings, everywhere=True)
        return sum(status == ProxyStatus.HEALTHY for status in serve.status().proxies.values())
    finally:
        ray.shutdown()
