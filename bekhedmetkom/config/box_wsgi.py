"""WSGI application of the box, with its background threads. Its memory is never written to disk."""

import os
import resource
from importlib import import_module

os.environ["DJANGO_SETTINGS_MODULE"] = "bekhedmetkom.config.box_settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core files: they would contain plain text
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # load before the first request
background_threads = import_module("bekhedmetkom.interfaces.box.background_threads")
background_threads.start_scheduler()
background_threads.start_connection_watch()
