"""The web process: pages and API."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "web")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from bekhedmetkom.config.turnstile import Turnstile

application = Turnstile(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018  # every door is loaded before anybody knocks, not while the first waits

from bekhedmetkom.routing.queries import learn_meanings  # noqa: E402  # apps are ready only now

learn_meanings(settings.BK_HOME / "language")
