"""The box's process: its pages, its clock, and who cuts what stalls. Nothing of its memory is left when it dies."""

import os
import resource
from importlib import import_module

os.environ["DJANGO_SETTINGS_MODULE"] = "bekhedmetkom.config.box_settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what somebody has just typed
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # before anybody knocks
background_threads = import_module("bekhedmetkom.interfaces.box.background_threads")
background_threads.start_scheduler()
background_threads.start_connection_watch()
