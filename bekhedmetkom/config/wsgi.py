"""The web process: pages and API."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "web")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bekhedmetkom.config.turnstile import Turnstile


def _loaded() -> Turnstile:
    """Every door is loaded before anybody knocks, not while the first one waits."""
    django = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    from bekhedmetkom.routing.queries import learn_meanings  # apps are ready only now

    learn_meanings(settings.BK_HOME / "language")
    return Turnstile(django)


application = _loaded()
