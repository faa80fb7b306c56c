"""The web process: pages and API."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "web")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bekhedmetkom.config.concurrency_limit import ConcurrencyLimiter, WsgiApplication


def _load_application() -> WsgiApplication:
    """Load every URL and the sentence encoder before the first request comes."""
    django = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    from bekhedmetkom.routing.queries import load_encoder_in_background  # apps are ready only now

    load_encoder_in_background(settings.BK_HOME / "language")
    return ConcurrencyLimiter(django)


application = _load_application()
