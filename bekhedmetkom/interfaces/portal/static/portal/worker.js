// The service worker: the shell and the pages for writing without a network, what waits to be sent, and push.
// No page that somebody opens is ever kept. Above this stand VERSION, SHELL and the scripts (app/worker.py).

const CACHE = `bekhedmetkom-${VERSION}`;
let typed = null; // what a page sent in vain, until the next page has it: nothing is kept before the gate has read it

self.addEventListener("install", (event) => event.waitUntil(
  caches.open(CACHE).then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { credentials: "omit" })))),
));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
    return;
  }
  const [, prefix, path] = /^(\/en)?(?=\/|$)(.*)$/.exec(pathname) ?? [0, "", pathname];
  const sends = request.method === "POST" && /^\/new(\/shared)?$/.test(path);
  if (request.method !== "GET" && !sends) return;
  const copy = sends && request.clone();
  event.respondWith(fetch(request).catch((error) => withoutNetwork(prefix ?? "", path, copy, error)));
});

async function withoutNetwork(prefix, path, posted, error) {
  if (!posted) {
    const page = /^\/new(\/offline)?$/.test(path) ? "/new/offline" : path === "/new/waiting" ? path : "/offline";
    return await caches.match(prefix + page) ?? Promise.reject(error);
  }
  const sent = [...await posted.formData()].filter(([name]) => name !== "csrfmiddlewaretoken");
  const said = Object.fromEntries(sent);
  if (said.kind === "violation" || said.gate || said.national_number || said.passport) throw error;
  const files = sent.map(([, value]) => value).filter((value) => value instanceof File && value.size);
  const answers = sent.filter(([name, value]) => typeof value === "string" && value && !/^(step|go|key|find|found)$/.test(name));
  if (said.go === "send" && said.key) {
    await outbox.add({ key: said.key, to: `${prefix}/new/send`, answers, tried: Date.now() });
    await registration.sync?.register("outbox").catch(() => {});
    return Response.redirect(`${prefix}/new/waiting`, 303);
  }
  typed = { answers, files };
  return Response.redirect(`${prefix}/new/offline`, 303);
}

self.addEventListener("sync", (event) => event.waitUntil(outbox.sendAll()));

self.addEventListener("message", (event) => event.waitUntil((async () => {
  const { ask, key } = event.data;
  if (ask === "renew") await skipWaiting();
  if (ask === "send") await outbox.sendAll().catch(() => {});
  if (ask === "drop") await outbox.drop(key);
  if (ask === "typed") {
    const item = key ? await outbox.get(key) : typed;
    typed = null;
    if (item && key && item.ids.length) item.answers.push(["uploads", item.ids.join(" ")]);
    event.source.postMessage({ typed: item });
  }
})()));

self.addEventListener("push", (event) => event.waitUntil((async () => {
  const { title, url, ...said } = event.data.json();
  await registration.showNotification(title, { ...said, icon: shell("icon-192"), badge: shell("badge-96"), data: url });
  await badge();
})()));

self.addEventListener("notificationclick", (event) => event.waitUntil((async () => {
  event.notification.close();
  await badge();
  await clients.openWindow(event.notification.data);
})()));

function shell(name) {
  return SHELL.find((url) => url.includes(name));
}

async function badge() {
  const unread = (await registration.getNotifications()).length;
  await (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.());
}
