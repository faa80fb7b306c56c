"""The page stands under `/api/v1` in Arabic and under `/en/api/v1` in English, like every page."""

from django.urls import path, re_path

from ..problems import PROBLEM_TYPES
from . import views

app_name = "api-docs"
urlpatterns = [
    path("docs", views.show_docs, name="docs"),
    re_path(rf"^problems/(?P<slug>{'|'.join(PROBLEM_TYPES)})$", views.show_problem, name="problem"),
]
