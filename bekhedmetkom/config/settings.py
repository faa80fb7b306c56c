"""One file of settings, driven by the environment (`.env.example` lists the names). With none set, all runs."""

import json
import os
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bekhedmetkom.config.database.embedded_server import find_running_url
from bekhedmetkom.config.database.roles import ROLE_BY_PROCESS, WORKER_ROLE, reset_row_security
from bekhedmetkom.config.installation import ROOT, get_home, get_or_create_secret
from bekhedmetkom.config.logging_config import LOGGING as LOGGING


def _split_list(name: str) -> list[str]:
    """What a variable holds with commas between."""
    return [part for each in os.environ.get(name, "").split(",") if (part := each.strip())]


BK_HOME = get_home()
PROCESS = os.environ.get("BK_PROCESS", "command")  # web, live, worker; anything a person types is a command

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DEMO = os.environ.get("DEMO", "0" if DATABASE_URL else "1") == "1"
PORT = int(os.environ.get("PORT", "8000"))
LIVE_PORT = int(os.environ.get("LIVE_PORT", "8002"))
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
LIVE_URL = os.environ.get("LIVE_URL", f"http://localhost:{LIVE_PORT}").rstrip("/")
# The sealed box: pages lead there, and nothing else connects the two
BOX_URL = os.environ.get("BOX_URL", f"http://127.0.0.1:{os.environ.get('BOX_PORT', '8001')}").rstrip("/")
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Messages: without SMTP_URL or SMS_URL they are kept and shown in /manage
SMTP_URL = os.environ.get("SMTP_URL", "")
MAIL_RETURN = os.environ.get("MAIL_RETURN", "")  # where mail comes back to: bounces@HOST
MAIL_REPLY = os.environ.get("MAIL_REPLY", "")  # where people answer our letters: reply@HOST
MAIL_IN_TOKEN = os.environ.get("MAIL_IN_TOKEN", "")
SMS_URL = os.environ.get("SMS_URL", "")  # https://… or smpp://…
SMS_SENDER = os.environ.get("SMS_SENDER", "")
SMS_TOKEN = os.environ.get("SMS_TOKEN", "")
SMS_FIELDS = json.loads(
    os.environ.get("SMS_FIELDS") or '{"to": "$to", "from": "$from", "text": "$text", "id": "$id"}'
)
SMS_ID_FIELD = os.environ.get("SMS_ID_FIELD", "id")
SMS_FORGIVES_REPEATS = os.environ.get("SMS_FORGIVES_REPEATS") == "1"
SMS_RECEIPT_TOKEN = os.environ.get("SMS_RECEIPT_TOKEN", "")
# Messenger (interfaces/messenger): without MESSENGER_APP_SECRET there is no such address
MESSENGER_APP_SECRET = os.environ.get("MESSENGER_APP_SECRET", "")
MESSENGER_VERIFY_TOKEN = os.environ.get("MESSENGER_VERIFY_TOKEN", "")
MESSENGER_PAGE_TOKEN = os.environ.get("MESSENGER_PAGE_TOKEN", "")
MESSENGER_PAGE_ID = os.environ.get("MESSENGER_PAGE_ID", "me")
MESSENGER_API = os.environ.get("MESSENGER_API", "https://graph.facebook.com").rstrip("/")
SMS_REPLIES = os.environ.get("SMS_REPLIES") == "1"  # SMS_SENDER is a number that people can answer
# The apps of the stores (mobile/), which open links to the portal once it names them
ANDROID_APP = os.environ.get("ANDROID_APP", "")
ANDROID_FINGERPRINTS = _split_list("ANDROID_FINGERPRINTS")
APPLE_APP = os.environ.get("APPLE_APP", "")
# Web push: our key towards browsers' push services (messages/vapid.py), and whom they write to about it
VAPID_PRIVATE_KEY = os.environ.get("VAPID_PRIVATE_KEY", "")
VAPID_CONTACT = os.environ.get("VAPID_CONTACT", PUBLIC_URL)
CALLS_TOKEN = os.environ.get("CALLS_TOKEN") or get_or_create_secret(
    BK_HOME, "calls-token"
)  # the telephone exchange's
HTTPS = PUBLIC_URL.startswith("https://")
# Private networks whose servers programs and bodies may name (kernel/outbound_http.py): 10.20.0.0/16,…
OUTWARD_NETWORKS = tuple(map(ip_network, _split_list("OUTWARD_NETWORKS")))
# Sites that may show /embed/new in a page of theirs, beside those that the directory names for a body
EMBED_ORIGINS = _split_list("EMBED_ORIGINS")
CLAMAV_SOCKET = os.environ.get("CLAMAV_SOCKET", "")  # path, or host:port; files are scanned where it is set

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or get_or_create_secret(BK_HOME, "secret-key")
SIGNING_KEY_FILE = BK_HOME / "signing-key"  # Ed25519, for receipts; made at first need
ALLOWED_HOSTS = _split_list("ALLOWED_HOSTS") or [
    urlsplit(PUBLIC_URL).hostname or "localhost",
    *(["localhost", "127.0.0.1", "[::1]"] if DEMO else []),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# From one address, before a submission needs a proof (identity.limits); a demonstration is tried out under load.
ADDRESS_BURST = int(os.environ.get("ADDRESS_BURST", "2000" if DEMO else "200"))
ADDRESS_PER_HOUR = int(os.environ.get("ADDRESS_PER_HOUR", "36000" if DEMO else "600"))
PROOF_BITS = 16  # of work; a browser needs under a second
TRUSTED_PROXIES = _split_list("TRUSTED_PROXIES")

CAPABILITIES = [
    "entities",
    "identity",
    "catalogue",
    "routing",
    "attachments",
    "cases",
    "notifications",
    "webhooks",
    "calls",
    "live",
    "problems",
    "messenger",
    "assistant",
    "analytics",
]
INTERFACES = [
    "ui", "portal", "chat", "desk", "dashboard", "manage", "sign_in", "api", "delivery", "messenger", "calls", "live",
    "jobs", "cli",
]  # fmt: skip

INSTALLED_APPS = [
    *(f"bekhedmetkom.{name}" for name in CAPABILITIES),
    *(f"bekhedmetkom.interfaces.{door}" for door in INTERFACES),
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

if PROCESS == "live":  # knows who people are and what is told: there again in a second, with half the memory
    INSTALLED_APPS = [
        "bekhedmetkom.entities", "bekhedmetkom.identity", "bekhedmetkom.live", "django.contrib.auth",
        "django.contrib.contenttypes",
    ]  # fmt: skip

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bekhedmetkom.config.middleware.content_security_policy_middleware",
    "bekhedmetkom.config.middleware.url_language_middleware",
    "bekhedmetkom.interfaces.api.middleware.problem_details_middleware",
    "bekhedmetkom.interfaces.open311.resource.open311_error_middleware",
    "django.middleware.common.CommonMiddleware",
    "bekhedmetkom.config.middleware.BrowserMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # of people's, too; but allauth looks for it here
]

# Of ForPeople: programs that call the API have no session, and pay for nothing that rests on one.
MIDDLEWARE_FOR_PEOPLE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bekhedmetkom.config.middleware.session_renewal_middleware",
    "bekhedmetkom.interfaces.sign_in.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bekhedmetkom.config.middleware.method_not_allowed_middleware",
]

ROOT_URLCONF = "bekhedmetkom.config.urls"
WSGI_APPLICATION = "bekhedmetkom.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "bekhedmetkom.interfaces.ui.template_folding.FoldingLoader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database

# An open transaction holds every follower back (cases/feed.py): pages and workers may not keep one long.
TRANSACTION_TIMEOUT = "5s"
LOCK_TIMEOUT = "4s"  # for somebody else's lock: shorter, so that who waits is told to try again, not cut off


def _get_database_url() -> str:
    """Where the database is, and as whom this process goes there: what people type, as the owner of the tables."""
    role = ROLE_BY_PROCESS.get(PROCESS)
    if DATABASE_URL and role is None:
        return DATABASE_URL
    if DATABASE_URL:
        own = os.environ.get("WORKER_DATABASE_URL" if role == WORKER_ROLE else "WEB_DATABASE_URL")
        return own or make_conninfo(DATABASE_URL, options=f"-c role={role}")
    ours = find_running_url(BK_HOME / "postgres") or f"postgresql:///bekhedmetkom?host={BK_HOME / 'postgres'}"
    return make_conninfo(ours, user=role) if role else ours


def _build_database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    serves = PROCESS in ("web", "live", "worker")
    limits = f"-c transaction_timeout={TRANSACTION_TIMEOUT} -c lock_timeout={LOCK_TIMEOUT} " if serves else ""
    if serves:
        # Many at once: a statement's own helpers take from others what they save it, and longer to plan.
        limits += "-c max_parallel_workers_per_gather=0 "
    options: dict[str, Any] = {
        name: value for name, value in parts.items() if name not in known and value is not None
    }
    options |= {
        # Values travel apart from the statement: a failed INSERT cannot write a person's text into a log.
        "server_side_binding": True,
        # Statements here take milliseconds; to compile them first took ten times as long.
        "options": f"{parts.get('options', '')} {limits}-c jit=off -c log_parameter_max_length_on_error=0",
        "application_name": f"bekhedmetkom-{PROCESS}",
        "connect_timeout": 5,
        # A statement is planned once a connection from its sixth time on: planning takes longer than most of ours run.
        "prepare_threshold": 5,
    }
    if serves:
        options["pool"] = {
            "min_size": 2,
            "max_size": int(os.environ.get("DATABASE_POOL", "20")),
            "timeout": 5,
            "reset": reset_row_security,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{setting: str(parts.get(name) or "") for name, setting in known.items()},
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": serves,  # a connection that the server has ended is replaced
    }


DATABASES = {"default": _build_database(_get_database_url())}

# People and sessions

AUTH_USER_MODEL = "identity.Officer"
AUTHENTICATION_BACKENDS = ["bekhedmetkom.interfaces.sign_in.backend.OfficersBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "sign-in"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_ADAPTER = "bekhedmetkom.interfaces.sign_in.adapter.AccountAdapter"
# Whoever counts failures by e-mail lets anyone lock an officer out: identity.pace slows down guessing instead.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "bekhedmetkom.interfaces.sign_in.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Bekhedmetkom"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator entered it; there is no sign-up
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
OFFICERS_NEED_SECOND_FACTOR = not DEMO

SESSION_COOKIE_AGE = 45 * 60  # seconds without a request (config.middleware.idle_sessions_end)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

# Citizens' sign-in with the national identity (identity/oidc.py); without an issuer the portal does not offer it

OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_SCOPE = os.environ.get("OIDC_SCOPE", "openid profile phone email")
OIDC_NATIONAL_NUMBER_CLAIM = os.environ.get("OIDC_NATIONAL_NUMBER_CLAIM", "national_number")

# What every answer carries

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, BOX_URL],  # what a citizen carries over to the box
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["bekhedmetkom.attachments.upload_handler.SizeLimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = BK_HOME / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # Django will not start without it
# Of files that no case has taken yet, in all; what is beyond is told to wait.
UPLOADS_WAITING_BYTES = 20 * 1024**3

# Languages: Arabic at /, English at /en/; the address decides, never the browser's preference

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [ROOT / "bekhedmetkom" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Amman"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH: list[str] = []

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BK_HOME / "static"


def _build_file_storage() -> dict[str, Any]:
    """Where what people attach is kept: on disk, or in a bucket where one is named."""
    if bucket := os.environ.get("S3_BUCKET"):
        names = {"endpoint_url": "S3_ENDPOINT", "region_name": "S3_REGION", "access_key": "S3_ACCESS_KEY",
                 "secret_key": "S3_SECRET_KEY"}  # fmt: skip
        given = {option: os.environ[name] for option, name in names.items() if os.environ.get(name)}
        fixed = {
            "bucket_name": bucket,
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": fixed | given}
    on_disk = {
        "location": BK_HOME / "files",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": on_disk}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "files": _build_file_storage(),
}
MEDIA_ROOT = BK_HOME / "media"

# Wagtail runs the administration pages. Its update check and gravatars are off: they call out.

WAGTAIL_SITE_NAME = "بخدمتكم"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = (
    False
)
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

# Followers of the journal, by dotted path, so that nobody imports upward to register one

FOLLOWERS = [
    "bekhedmetkom.cases.projection.SearchProjection",
    "bekhedmetkom.notifications.subscriber.NotificationSubscriber",
    "bekhedmetkom.webhooks.subscriber.WebhookEventSubscriber",
    "bekhedmetkom.calls.subscriber.CallBackSubscriber",
    "bekhedmetkom.live.subscriber.LiveUpdateSubscriber",
    "bekhedmetkom.problems.projection.ProblemsProjection",
    "bekhedmetkom.analytics.projection.AnalyticsProjection",
]
