"""The order of the house: who may import whom, who may point at whom, what every migration must be."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
LAYERS = [  # as in pyproject.toml, from the ground up; import-linter cannot see a foreign key that is a string
    {"kernel"},
    {"language"},
    {"entities"},
    {"catalogue", "identity"},
    {"routing", "attachments"},
    {"disclosures", "cases"},
    {"ratings", "notifications", "calls", "live", "privacy", "webhooks", "problems"},
    {"analytics"},
    {"transparency", "content"},
    {"assistant"},
]
LEVEL = {app: level for level, layer in enumerate(LAYERS) for app in layer}


def test_contracts_of_imports() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_tables_point_downwards_only() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("bekhedmetkom.")]
    upward = [
        f"{model._meta.label}.{field.name} -> {target}"
        for model in ours
        for field in model._meta.get_fields(include_hidden=True)
        if field.concrete and field.is_relation and field.related_model
        for target in [field.related_model._meta.app_label]
        if target != model._meta.app_label
        and target in LEVEL
        and LEVEL[target] >= LEVEL[model._meta.app_label]
    ]
    assert ours
    assert upward == []


@pytest.mark.django_db
def test_models_are_as_the_migrations_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_have_one_head_each() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
