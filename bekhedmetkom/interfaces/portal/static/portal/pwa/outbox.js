// The device's outbox: written by pages, sent by a page or by the service worker.
// The idempotency key makes a repeated submission harmless (new_case/offline_submission.py). The platform keeps a key
// for a day; after that the person decides whether to send again.

(() => {
  const SURE = 23 * 3600e3; // uploads are kept as long
  const changed = new BroadcastChannel("outbox");

  function store(mode, act) {
    return new Promise((done, fail) => {
      const opening = indexedDB.open("bekhedmetkom", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: "key" });
      opening.onerror = fail;
      opening.onsuccess = () => {
        const db = opening.result, change = db.transaction("outbox", mode), asked = act(change.objectStore("outbox"));
        change.oncomplete = () => { db.close(); done(asked.result); };
        change.onabort = fail;
      };
    });
  }

  const all = () => store("readonly", (kept) => kept.getAll());
  const get = (key) => store("readonly", (kept) => kept.get(key));

  async function write(act) {
    await store("readwrite", act);
    changed.postMessage("");
  }

  const put = (item) => write((kept) => kept.put(item));
  const drop = (key) => write((kept) => kept.delete(key));

  const later = () => { throw Error("later"); };

  async function upload(item) {
    if (!item.tried && Date.now() - item.uploaded > SURE) item.ids = [];
    for (const file of item.files.slice(item.ids.length)) {
      const form = new FormData();
      form.append("file", file, file.name);
      const answer = await fetch("/api/v1/uploads", {
        method: "POST", body: form, headers: { "Accept-Language": item.lang },
      });
      if (![201, 413, 422].includes(answer.status)) later();
      const said = await answer.json();
      if (answer.status !== 201) {
        item.files = item.files.filter((other) => other !== file);
        return [`${file.name}: ${said.errors?.[0]?.[`message_${item.lang}`] ?? said.detail}`];
      }
      if (!item.ids.length) item.uploaded = Date.now(); // the oldest upload expires first
      item.ids.push(said.id);
      await put(item);
    }
    return null;
  }

  async function send(item) {
    if (item.state !== "waiting") return;
    if (item.tried && Date.now() - item.tried > SURE) return put({ ...item, state: "unsure" });
    const refused = await upload(item);
    if (refused) return put({ ...item, state: "refused", said: refused });
    const answers = Object.fromEntries(item.answers);
    answers.uploads = [answers.uploads, ...item.ids].filter(Boolean).join(" ");
    item.tried ||= Date.now();
    await put(item);
    for (let proof = "", tries = 0; tries < 3; tries++) {
      const answer = await fetch(item.to, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ key: item.key, answers, proof }),
      });
      if (![201, 422, 429].includes(answer.status)) later();
      const said = await answer.json();
      if (answer.status === 201) return put({ key: item.key, at: Date.now(), state: "sent", ...said });
      if (answer.status === 422) {
        const state = said.sort === "reused" ? "unsure" : "refused";
        return put({ ...item, tried: 0, state, said: said.said, box: said.box });
      }
      if (!said.challenge) later();
      proof = await self.proofOfWork(said.challenge, said.bits);
    }
    later();
  }

  async function sendAll() {
    let left = null;
    const turn = async () => {
      for (const item of await all()) await send(item).catch((error) => { left = error; });
    };
    await (navigator.locks?.request("outbox", turn) ?? turn());
    if (left) throw left; // so that the browser syncs again
  }

  function add(item) {
    const lang = item.to.startsWith("/en/") ? "en" : "ar";
    return put({ at: Date.now(), files: [], ids: [], tried: 0, state: "waiting", lang, ...item });
  }

  self.outbox = { all, get, put, drop, add, sendAll };
})();
