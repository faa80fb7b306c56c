"""Push notifications: the case page subscribes, the push service is called, the phone shows the notification.

Chromium's own push service cannot be reached from a test: a local one stands in its place, with a browser's real keys.
What it opened is handed to the browser as its service would (`ServiceWorker.deliverPushMessage`).
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Worker, expect
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.queries import count_devices
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from bekhedmetkom.notifications.vapid_key import get_vapid_public_key
from tests.e2e.conftest import Site, open_page
from tests.e2e.page_steps import track
from tests.fakes.push_service import push_service

pytestmark = pytest.mark.e2e

SUBSCRIBE_SCRIPT = """(keys) => { PushManager.prototype.subscribe = async (asked) => ({ toJSON: () => {
  if (!asked.userVisibleOnly || asked.applicationServerKey !== keys.ours) throw new Error("not ours");
  return keys.theirs;
} }); }"""
# Windows open on a user gesture only and there is no app icon here, so the calls are recorded.
RECORD_SCRIPT = """() => {
  self.asked = [];
  navigator.setAppBadge = async (number) => { asked.push(`badge ${number}`); };
  navigator.clearAppBadge = async () => { asked.push("no badge"); };
  clients.openWindow = async (address) => { asked.push(address); };
}"""
CLICK_SCRIPT = """(tag) => registration.getNotifications({ tag }).then(([notification]) => {
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
})"""


def list_notifications(worker: Worker) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = worker.evaluate(
        "() => registration.getNotifications().then((all) => all.map(({ title, body, tag, data, dir }) =>"
        " ({ title, body, tag, url: data, dir })))"
    )
    return found


def list_requests(worker: Worker, number: int) -> list[str]:
    """Return the worker's notification calls once there are so many."""
    found: list[str] = worker.evaluate(
        "async (number) => { while (asked.length < number) await new Promise((done) => setTimeout(done, 20));"
        " return asked; }",
        number,
    )
    return found


def test_push_notification_is_shown_counted_and_opens_the_case(
    site: Site, telephone: BrowserContext, settings: Settings
) -> None:
    with push_service(settings) as service:
        case = site.jordan.submit(at=now())
        page = open_page(telephone, "/track")
        track(page, case.reference, case.access_code)
        page.evaluate(
            "() => { PushManager.prototype.subscribe = async () => { throw new Error('not reached'); }; }"
        )
        page.locator("#push button").click()
        expect(page.locator("#push [role=status]")).to_contain_text("لم يصل المتصفح")
        page.evaluate(
            SUBSCRIBE_SCRIPT,
            {"ours": get_vapid_public_key(), "theirs": service.browser("telephone").subscription},
        )
        page.locator("#push button").click()
        page.wait_for_url("**?done=push")
        assert count_devices(case.case) == 1

        jordan = site.jordan
        seq = commands.assign_case(case=case.case, seen=1, unit=jordan.roads, actor=jordan.main, at=now())
        commands.ask_citizen(case=case.case, seen=seq, text="أي شارع؟", actor=jordan.roads_officer, at=now())
        advance_consumer(NotificationSubscriber(), horizon=2**60)  # other tests run at the same time
        send_due_messages(
            now().replace(hour=9) + timedelta(days=2), [Channel.PUSH]
        )  # by day, whenever this runs
        (_name, said) = service.notifications[-1]

    chromium, registrations = telephone.new_cdp_session(page), list[dict[str, str]]()
    chromium.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"])
    )
    chromium.send("ServiceWorker.enable")
    (worker,) = telephone.service_workers
    worker.evaluate(RECORD_SCRIPT)
    while not registrations:
        page.wait_for_timeout(20)

    def deliver(message: dict[str, Any]) -> None:
        chromium.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": site.address,
                "registrationId": registrations[0]["registrationId"],
                "data": json.dumps(message),
            },
        )

    for number, message in enumerate((said, said, said | {"tag": "of-another-case"}), 1):
        deliver(message)
        list_requests(
            worker, number
        )  # wait until it is shown: simultaneous ones are counted in order of arrival
    assert list_requests(worker, 3) == ["badge 1", "badge 1", "badge 2"]  # a repetition replaces itself
    news = next(one for one in list_notifications(worker) if one["tag"] == said["tag"])
    assert news == {name: said[name] for name in ("title", "body", "tag", "url", "dir")}
    worker.evaluate(CLICK_SCRIPT, said["tag"])
    assert list_requests(worker, 5)[3:] == ["badge 1", f"/c/{case.reference}"]
    page.goto(list_requests(worker, 5)[4])
    expect(page.locator("main")).to_contain_text("أي شارع؟")
    page.wait_for_function(
        "navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => !all.length)"
    )
