"""The web process: pages and API."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
