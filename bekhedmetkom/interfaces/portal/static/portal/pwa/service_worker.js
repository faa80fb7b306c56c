// The service worker: offline pages, the outbox and push notifications. It caches no page that a person opens.
// pwa/offline.py puts CACHE, SHELL and the other scripts before this file.

let typed = null; // an unsent form, for the next page; it is not stored before the corruption check

// Keeps the worker alive until the event is handled.
const on = (name, act) => self.addEventListener(name, (event) => event.waitUntil(act(event)));

on("install", async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((url) => new Request(url, { credentials: "omit" })));
});

on("activate", async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
});

self.addEventListener("fetch", (event) => {
  const { request } = event, { pathname } = new URL(request.url);
  if (request.mode !== "navigate") {
    if (pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
    return;
  }
  const [, prefix = "", path] = /^(\/en)?(?=\/|$)(.*)$/.exec(pathname);
  const sends = request.method === "POST" && /^\/new(\/shared)?$/.test(path);
  if (request.method !== "GET" && !sends) return;
  const copy = sends && request.clone();
  event.respondWith(fetch(request).catch(() => withoutNetwork(prefix, path, copy)));
});

async function withoutNetwork(prefix, path, posted) {
  if (!posted) {
    const kept = (page) => caches.match(prefix + page);
    return await kept(path === "/new" ? "/new/offline" : path) ?? kept("/offline");
  }
  const sent = [...await posted.formData()], said = Object.fromEntries(sent);
  if (said.kind === "violation" || said.gate || said.national_number || said.passport) return Response.error();
  const files = sent.map(([, value]) => value).filter((value) => value.size); // a file has a size, a text a length
  const answers = sent.filter(([name, value]) => value.length && !/^(csrf.*|step|go|key|find|found)$/.test(name));
  if (said.go === "send" && said.key) {
    await outbox.add({ key: said.key, to: `${prefix}/new/send`, answers, tried: Date.now() });
    await registration.sync?.register("outbox").catch(() => {});
    return Response.redirect(`${prefix}/new/waiting`, 303);
  }
  typed = { answers, files };
  return Response.redirect(`${prefix}/new/offline`, 303);
}

on("sync", outbox.sendAll);

on("message", async ({ data: { ask, key }, source }) => {
  if (ask === "renew") await skipWaiting();
  if (ask === "send") await outbox.sendAll().catch(() => {});
  if (ask === "drop") await outbox.drop(key);
  if (ask === "typed") {
    const item = key ? await outbox.get(key) : typed;
    typed = null;
    if (item && key && item.ids.length) item.answers.push(["uploads", item.ids.join(" ")]);
    source.postMessage({ typed: item });
  }
});

on("push", async ({ data }) => {
  const { title, url, ...said } = data.json();
  await registration.showNotification(title, {
    ...said, data: url, icon: "/static/ui/icon-192.png", badge: "/static/ui/badge-96.png",
  });
  await badge();
});

on("notificationclick", async ({ notification }) => {
  notification.close();
  await badge();
  await clients.openWindow(notification.data);
});

async function badge() {
  const unread = (await registration.getNotifications()).length;
  await (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.());
}
