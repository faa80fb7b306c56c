"""Route of files; the token holds the file and its expiry."""

from django.urls import path

from .views import serve_file

urlpatterns = [path("files/<str:token>", serve_file, name="file")]
