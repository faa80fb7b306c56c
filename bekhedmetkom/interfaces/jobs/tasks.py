"""The worker's timetable; Procrastinate defers each once, however many workers there are."""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app

from bekhedmetkom.analytics.commands.alerts import send_alert_emails, update_alerts
from bekhedmetkom.analytics.commands.forecast import update_forecasts
from bekhedmetkom.analytics.commands.priorities import update_priorities
from bekhedmetkom.analytics.commands.reports import make_reports
from bekhedmetkom.analytics.commands.usage import sum_page_views
from bekhedmetkom.assistant.commands import erase_expired_conversations as forget_talks
from bekhedmetkom.attachments.commands import expire
from bekhedmetkom.calls.commands import delete_caller_data
from bekhedmetkom.cases import commands
from bekhedmetkom.identity import rate_limit, throttle
from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.kernel import clock
from bekhedmetkom.messages.commands import forget_arrivals, forget_old_news, forget_receipts
from bekhedmetkom.messenger.commands import delete_old_events
from bekhedmetkom.problems.commands import delete_old_case_vectors
from bekhedmetkom.webhooks.commands import forget_taken

from .due import Due

due = Due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="due", lock="due")
def do_what_is_due(timestamp: int) -> None:
    """Each minute. A minute that was missed is made up by the next: what is due says so by itself."""
    due.run(clock.now())


@app.periodic(cron="* * * * *")
@app.task(pass_context=True)
async def take_up_what_a_killed_worker_left(context: JobContext, timestamp: int) -> None:
    """Its jobs would be under way for ever, and whatever waits for the same lock with them."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="files")
def delete_files_that_no_case_took(timestamp: int) -> None:
    """Uploads wait a day for their case."""
    while expire(clock.now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="talks")
def erase_what_was_said(timestamp: int) -> None:
    """Of a talk whose case was sent, an hour later; of any other after two days of silence."""
    while forget_talks(clock.now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="visits")
def add_up_visits(timestamp: int) -> None:
    """Of citizens to their cases' pages."""
    sum_page_views()


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="watch", lock="watch")
def look_at_the_figures(timestamp: int) -> None:
    """What is expected, and what is unusual: by days that are over, so the first hour of a day says something new."""
    at = clock.now()
    update_forecasts(at)
    update_alerts(at)
    send_alert_emails(at)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="weigh", lock="weigh")
def weigh_what_to_plan_for(timestamp: int) -> None:
    """Each night, body by body."""
    update_priorities(clock.now())


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="reports", lock="reports")
def make_the_reports_of_a_month(timestamp: int) -> None:
    """As soon as it is over, and of earlier months whatever is missing; in most hours there is nothing to do."""
    make_reports(clock.now())


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="forget")
def forget_what_has_had_its_time(timestamp: int) -> None:
    """Each night: keys, presence, counters, codes, receipts, old news, webhooks, pictures, callers, sessions."""
    commands.forget_keys(clock.now())
    commands.forget_presence(clock.now())
    throttle.delete_stale_counters(clock.now())
    rate_limit.delete_stale_counters(clock.now())
    one_time_codes.delete_expired_codes(clock.now())
    forget_receipts(clock.now())
    forget_arrivals(clock.now())
    forget_old_news(clock.now())
    forget_taken(clock.now())
    commands.forget_given_up(clock.now())
    delete_old_events(clock.now())
    delete_caller_data(clock.now())
    delete_old_case_vectors(clock.now())
    call_command("clearsessions")
