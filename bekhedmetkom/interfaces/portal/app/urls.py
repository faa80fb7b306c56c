"""What belongs to the app whatever the language."""

from django.urls import path

from . import stores, worker

urlpatterns = [
    path("sw.js", worker.worker, name="worker"),
    path(".well-known/assetlinks.json", stores.android, name="android-app"),
    path(".well-known/apple-app-site-association", stores.apple, name="apple-app"),
]
