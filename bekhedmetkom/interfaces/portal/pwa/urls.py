"""URLs of the app outside the language prefixes."""

from django.urls import path

from . import metadata, offline

urlpatterns = [
    path("sw.js", offline.show_service_worker, name="worker"),
    path(".well-known/assetlinks.json", metadata.show_android_links, name="android-app"),
    path(".well-known/apple-app-site-association", metadata.show_apple_links, name="apple-app"),
]
