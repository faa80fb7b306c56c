"""The views that an officer has, and what their lists look like: one statement, for it is asked with each list."""

from dataclasses import dataclass

from django.db import connection

from bekhedmetkom.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class SavedViewItem:
    """`own`: the officer's, who may change it; else a colleague shares it. `shared`: their body has it too."""

    id: int
    name: str
    address: str
    own: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class ListPreferences:
    """`columns`: `None` where the officer has never chosen."""

    views: list[SavedViewItem]
    columns: tuple[str, ...] | None
    compact: bool


def get_list_preferences(viewer: Actor) -> ListPreferences:
    """What the officer has kept, and what colleagues of their bodies share, by name."""
    bodies = sorted({grant.entity for grant in viewer.grants if grant.entity is not None})
    with connection.cursor() as cursor:
        cursor.execute(_PREFERENCES_SQL, {"officer": viewer.officer_id, "bodies": bodies})
        views, columns, compact = cursor.fetchone()
    return ListPreferences(
        [SavedViewItem(*view) for view in views],
        tuple(columns) if columns is not None else None,
        bool(compact),
    )


_PREFERENCES_SQL = """
SELECT
    (SELECT coalesce(json_agg(json_build_array(view.id, name, address, officer_id = %(officer)s, entity_id IS NOT NULL)
                              ORDER BY name, view.id), '[]')
        FROM saved_view view JOIN identity_officer owner ON owner.id = officer_id
        WHERE officer_id = %(officer)s OR (entity_id = ANY (%(bodies)s) AND owner.is_active)),
    look.columns, look.compact
FROM (VALUES (1)) AS one LEFT JOIN list_look look ON look.officer_id = %(officer)s
"""
