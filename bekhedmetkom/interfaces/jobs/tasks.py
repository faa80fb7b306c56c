"""The worker's timetable; Procrastinate defers each once, however many workers there are."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from bekhedmetkom.kernel import clock

from . import due


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="due", lock="due")
def do_what_is_due(timestamp: int) -> None:
    """Each minute. A minute that was missed is made up by the next: what is due says so by itself."""
    due.run_due(clock.now())


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="housekeeping")
def clear_ended_sessions(timestamp: int) -> None:
    """Each night."""
    call_command("clearsessions")
