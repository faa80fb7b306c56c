// The portal as an app: service worker, update notice, outbox notice and badge.

async function begin() {
  const registration = await navigator.serviceWorker.register("/sw.js").catch(() => null); // private windows have none
  if (!registration) return;

  const send = () => registration.active?.postMessage({ ask: "send" });
  addEventListener("online", () => { send(); setTimeout(send, 5000); }); // the event often comes before the network works
  send();

  // No update inside a form.
  const notice = document.getElementById("renew");
  const offer = () => {
    notice.hidden = !registration.waiting || !navigator.serviceWorker.controller || Boolean(document.getElementById("answers"));
  };
  notice.querySelector("button").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.assign(location.href));
    registration.waiting.postMessage({ ask: "renew" });
  });
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();

  // Opening the page closes its notifications.
  const news = await registration.getNotifications();
  for (const one of news) if (one.data === location.pathname) one.close();
  const unread = news.filter((one) => one.data !== location.pathname).length;
  await (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.());
}

if ("serviceWorker" in navigator) addEventListener("load", begin);

const note = document.getElementById("waits");
if (note && self.outbox) {
  const show = async () => { note.hidden = (await self.outbox.all()).length === 0; };
  new BroadcastChannel("outbox").addEventListener("message", show);
  show().catch(() => { /* no storage */ });
}
