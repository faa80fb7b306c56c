"""The web process: pages and API."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "web")

from django.conf import settings
from django.contrib.postgres.signals import register_type_handlers
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries
from django.db.backends.signals import connection_created

from bekhedmetkom.config.access_log import log_requests
from bekhedmetkom.config.concurrency_limit import ConcurrencyLimiter, WsgiApplication


def _load_application() -> WsgiApplication:
    """Every door is loaded before anybody knocks, not while the first one waits."""
    django = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    from bekhedmetkom.routing.queries import load_encoder_in_background  # apps are ready only now

    load_encoder_in_background(settings.BK_HOME / "language")
    # A connection goes back at a request's end: at its beginning there is none to close, nor a list of queries.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    # Nothing here is of a type that each connection would have to be told of, and what is cached is in memory.
    connection_created.disconnect(register_type_handlers)
    request_finished.disconnect(close_caches)
    return log_requests(ConcurrencyLimiter(django))


application = _load_application()
