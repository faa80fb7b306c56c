"""Settings of the disclosure box, a separate service that shares no database, keys, cookies or logs with the main one.

Set by the environment (`.env.example`: BOX_*). Its files are in `BK_HOME/box`.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from bekhedmetkom.config.database.embedded_server import build_box_url
from bekhedmetkom.config.installation import ROOT, get_box_database_password, get_home, get_or_create_secret
from bekhedmetkom.disclosures.installation import Installation

BK_HOME = get_home()
BOX_HOME = BK_HOME / "box"
BOX_PORT = int(os.environ.get("BOX_PORT", "8001"))
BOX_URL = os.environ.get("BOX_URL", f"http://127.0.0.1:{BOX_PORT}").rstrip("/")
# By default in the platform's embedded database server
BOX_DATABASE_URL = os.environ.get("BOX_DATABASE_URL") or build_box_url(
    BK_HOME / "postgres", get_box_database_password(BK_HOME)
)
DEMO = (
    os.environ.get("DEMO", "0" if "DATABASE_URL" in os.environ or "BOX_DATABASE_URL" in os.environ else "1")
    == "1"
)
HTTPS = BOX_URL.startswith("https://")

BOX = Installation.from_environment(os.environ, home=BOX_HOME, base_folder=BK_HOME, url=BOX_URL, demo=DEMO)

DEBUG = False
SECRET_KEY = get_or_create_secret(BOX_HOME, "secret-key")  # required by Django; signs nothing that lasts
ALLOWED_HOSTS = [host for host in os.environ.get("BOX_HOSTS", "").split(",") if host] or [
    urlsplit(BOX_URL).hostname or "127.0.0.1",
    *(["localhost", "127.0.0.1", "[::1]"] if DEMO else []),
]

INSTALLED_APPS = [
    "bekhedmetkom.disclosures",
    "bekhedmetkom.interfaces.box",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "bekhedmetkom.interfaces.box.middleware.add_privacy_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bekhedmetkom.interfaces.box.middleware.set_language_from_path",
    "bekhedmetkom.interfaces.box.middleware.refuse_cross_site_forms",
    "bekhedmetkom.interfaces.box.middleware.IntakeClosedMiddleware",
]

ROOT_URLCONF = "bekhedmetkom.config.box_urls"
WSGI_APPLICATION = "bekhedmetkom.config.box_wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]


def _parse_database_url(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options: dict[str, Any] = {
        name: value for name, value in parts.items() if name not in known and value is not None
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{setting: str(parts.get(name) or "") for name, setting in known.items()},
        "OPTIONS": options
        | {
            "server_side_binding": True,  # parameters are sent apart from the statement
            "options": f"{parts.get('options', '')} -c jit=off -c log_parameter_max_length_on_error=0",
            "application_name": "box",
            "connect_timeout": 5,
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
        },
        "CONN_MAX_AGE": 0,
    }


DATABASES = {"default": _parse_database_url(BOX_DATABASE_URL)}

# Response headers: see also interfaces/box/middleware.py

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# Uploads are encrypted while received (interfaces/box/upload_handlers.py), without temporary files.
FILE_UPLOAD_HANDLERS = ["bekhedmetkom.interfaces.box.upload_handlers.SkipUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # ten files and the encrypted fields; the form itself rejects an eleventh

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [ROOT / "bekhedmetkom" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Amman"

STATIC_URL = "static/"
STATIC_ROOT = BOX_HOME / "static"
STATICFILES_DIRS = [("ui", ROOT / "bekhedmetkom" / "interfaces" / "ui" / "static" / "ui")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

WHITENOISE_MAX_AGE = 0  # scripts import each other by unversioned names, so browsers revalidate
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Errors are logged by kind and place only. There is no access log: no addresses, no paths.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {
        "plain": {
            "()": "bekhedmetkom.config.logging_config.PrivacyFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "CRITICAL", "propagate": False},  # its records contain paths
        "django.server": {"handlers": [], "propagate": False},
    },
}
