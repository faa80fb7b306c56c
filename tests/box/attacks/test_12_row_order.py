"""Attack 12: the database alone does not reveal the order of a day's reports, or their hour."""

from typing import Any, TypeAlias

import psycopg
from django.test import Client

from bekhedmetkom.disclosures import commands
from bekhedmetkom.disclosures.commands import intake, row_shuffling
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.receipts import derive_keys
from tests.box.support.actors import submit_report
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations

REPORT_COUNT = 7  # by chance in order once in 2,520 runs
Dba: TypeAlias = psycopg.Connection[tuple[Any, ...]]


def is_in_order(dba: Dba, table: str, wanted: list[Any], column: str, by: str) -> bool:
    """Return whether rows sorted by this expression are in the order of arrival or its reverse."""
    rows = dba.execute(f"SELECT {column} FROM disclosures_{table} ORDER BY {by}".encode()).fetchall()
    values = [bytes(value) if isinstance(value, memoryview | bytes) else value for (value,) in rows]
    order = [value for value in values if value in wanted]
    return order in (wanted, wanted[::-1])


def test_row_places_do_not_reveal_the_order(committed_box: Installation, dba: Dba) -> None:
    def promise() -> None:
        for unwrapped in list(list_reports()):
            commands.erase_report(unwrapped.report.id, who="officer-1", today=TODAY)
        came = [derive_keys(submit_report(Client(), f"بلاغ {n}")).lookup_id for n in range(REPORT_COUNT)]
        # At once, for the rows of reports:
        xmins = dba.execute("SELECT DISTINCT xmin::text FROM disclosures_report").fetchall()
        assert len(xmins) == 1
        for by in ("ctid", "id", "pg_column_toast_chunk_id(state)", "pg_column_toast_chunk_id(ring)"):
            assert not is_in_order(dba, "report", came, "lookup", by), by
        # From the next hour on, for the pieces, which name no report:
        texts = {
            bytes(unwrapped.report.lookup): unwrapped.state.turns[0].parts[0].id
            for unwrapped in list_reports()
        }
        parts = [texts[lookup] for lookup in came]
        commands.shuffle_days([TODAY])
        assert len(dba.execute("SELECT DISTINCT xmin::text FROM disclosures_piece").fetchall()) == 1
        for by in ("ctid", "id", "part", "pg_column_toast_chunk_id(sealed)"):
            assert not is_in_order(dba, "piece", parts, "part", by), by

    def skip_shuffling(day: Any) -> None:
        pass

    check_with_mutations(
        promise,
        {
            "rows stay where they came": lambda patch: patch.setattr(
                intake, "shuffle_reports_of_day", skip_shuffling
            ),
            "pieces are not mixed": lambda patch: (
                patch.setattr(row_shuffling, "TABLES", row_shuffling.TABLES[:1])
                or patch.setattr(commands, "shuffle_days", lambda days: None)
            ),
        },
    )


def test_no_time_finer_than_a_day_is_stored(committed_box: Installation, dba: Dba) -> None:
    submit_report(Client())
    columns = dba.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_name LIKE 'disclosures_%' AND data_type ~ 'time'"
    ).fetchall()
    assert columns == []
    counters = dba.execute(
        "SELECT sequencename FROM pg_sequences WHERE sequencename LIKE 'disclosures%'"
    ).fetchall()
    assert counters == []
    for model in (Report, Piece):
        assert all(row.pk.version == 4 for row in model.objects.all())
    file = committed_box.key_folder / f"{TODAY}.json"
    assert file.stat().st_mtime % 3600 == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_pieces_do_not_name_their_report(committed_box: Installation, dba: Dba) -> None:
    """There is no id and no foreign key; only the state, under the outer key, connects them."""
    submit_report(Client())
    links = dba.execute(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
        "AND conrelid::regclass::text ~ 'disclosures'"
    ).fetchall()
    assert links == []
    ids = {str(value) for value in Report.objects.values_list("id", flat=True)}
    assert not ids & {str(value) for value in Piece.objects.values_list("part", flat=True)}
