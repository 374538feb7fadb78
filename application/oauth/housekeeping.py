from collections.abc import Sequence

from application.oauth.clients import Clients
from application.oauth.connections import Connections
from application.periodic_jobs import Job

EVERY_SECONDS = 600.0


def oauth_jobs(clients: Clients, connections: Connections) -> Sequence[Job]:
    return [
        Job("forget unused clients", EVERY_SECONDS, clients.forget_unused),
        Job("forget authorization codes", EVERY_SECONDS, connections.forget_codes),
        Job("forget ended connections", EVERY_SECONDS, connections.forget_ended),
    ]
