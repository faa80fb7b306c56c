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

from bekhedmetkom.config.access_log import logged
from bekhedmetkom.config.turnstile import Application, Turnstile


def _loaded() -> Application:
    """Every door is loaded before anybody knocks, not while the first one waits."""
    django = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    from bekhedmetkom.routing.queries import learn_meanings  # apps are ready only now

    learn_meanings(settings.BK_HOME / "language")
    # A connection goes back at a request's end: at its beginning there is none to close, nor a list of queries.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    # Nothing here is of a type that each connection would have to be told of, and what is cached is in memory.
    connection_created.disconnect(register_type_handlers)
    request_finished.disconnect(close_caches)
    return logged(Turnstile(django))


application = _loaded()
