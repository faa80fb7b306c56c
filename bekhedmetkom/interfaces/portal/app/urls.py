"""What belongs to the app whatever the language."""

from django.urls import path

from . import worker

urlpatterns = [path("sw.js", worker.worker, name="worker")]
