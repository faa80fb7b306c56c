"""Periodic jobs; Procrastinate defers each once, however many workers run."""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app

from bekhedmetkom.analytics.commands.alerts import send_alert_emails, update_alerts
from bekhedmetkom.analytics.commands.forecast import update_forecasts
from bekhedmetkom.analytics.commands.priorities import update_priorities
from bekhedmetkom.analytics.commands.reports import make_reports
from bekhedmetkom.analytics.commands.usage import sum_page_views
from bekhedmetkom.assistant.commands import erase_expired_conversations
from bekhedmetkom.attachments.commands import delete_expired_uploads
from bekhedmetkom.calls.commands import delete_caller_data
from bekhedmetkom.cases import commands
from bekhedmetkom.identity import rate_limit, throttle
from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.kernel import clock
from bekhedmetkom.messenger.commands import delete_old_events
from bekhedmetkom.notifications.commands import delete_old_arrivals, delete_old_notices, delete_old_receipts
from bekhedmetkom.problems.commands import delete_old_case_vectors
from bekhedmetkom.webhooks.commands import delete_old_deliveries

from .due_jobs import DueJobs

due_jobs = DueJobs()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="due", lock="due")
def run_due_jobs(timestamp: int) -> None:
    """Every minute. A missed minute needs no catching up: the next one finds what is due."""
    due_jobs.run_minute(clock.now())


@app.periodic(cron="* * * * *")
@app.task(pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Retry jobs of killed workers; otherwise they would hold their locks forever."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="files")
def delete_unclaimed_uploads(timestamp: int) -> None:
    """Delete uploads that no case used within a day."""
    while delete_expired_uploads(clock.now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="talks")
def erase_conversations(timestamp: int) -> None:
    """Erase conversations an hour after their case was sent, others after two days of silence."""
    while erase_expired_conversations(clock.now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="visits")
def count_case_visits(timestamp: int) -> None:
    """Sum citizens' visits to case pages."""
    sum_page_views()


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="watch", lock="watch")
def update_forecasts_and_alerts(timestamp: int) -> None:
    """Update forecasts and alerts; they use complete days, so the first run of a day changes them."""
    at = clock.now()
    update_forecasts(at)
    update_alerts(at)
    send_alert_emails(at)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="weigh", lock="weigh")
def compute_priorities_nightly(timestamp: int) -> None:
    """Compute each body's priorities every night."""
    update_priorities(clock.now())


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="reports", lock="reports")
def create_monthly_reports(timestamp: int) -> None:
    """Create reports of past months that are missing; usually there is nothing to do."""
    make_reports(clock.now())


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="forget")
def delete_expired_data(timestamp: int) -> None:
    """Every night: delete expired keys, counters, codes, receipts, inbox lines, deliveries, events and sessions."""
    commands.delete_expired_keys(clock.now())
    commands.delete_stale_presence(clock.now())
    throttle.delete_stale_counters(clock.now())
    rate_limit.delete_stale_counters(clock.now())
    one_time_codes.delete_expired_codes(clock.now())
    delete_old_receipts(clock.now())
    delete_old_arrivals(clock.now())
    delete_old_notices(clock.now())
    delete_old_deliveries(clock.now())
    commands.delete_given_up_pictures(clock.now())
    delete_old_events(clock.now())
    delete_caller_data(clock.now())
    delete_old_case_vectors(clock.now())
    call_command("clearsessions")
