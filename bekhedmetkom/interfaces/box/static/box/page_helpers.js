// What the box's scripts share: pieces of the page, its sentences, dates, and talking with the server.
import { fromBase64, verifyManifest } from "./crypto/manifest.js";

/** A copy of the one element in a <template> of this page. */
export const cloneTemplate = (id) => document.getElementById(id).content.cloneNode(true).firstElementChild;

/** A sentence of this page, in its language; `{name}` in it is filled. */
export function getSentence(name, values = {}) {
  const said = document.getElementById("said").content.querySelector(`[data-say="${CSS.escape(name)}"]`);
  return said.textContent.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Puts values into the `data-fill` places of a piece. */
export function fillPlaces(piece, values) {
  for (const place of piece.querySelectorAll("[data-fill]")) {
    if (place.dataset.fill in values) place.textContent = values[place.dataset.fill];
  }
  return piece;
}

export function formatDay(iso) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "ar-JO-u-nu-latn";
  const shown = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, shown).format(new Date(iso));
}

/** How large a file is at most, which is all that its ciphertext tells. */
export function formatMaxSize(size) {
  const [unit, n] = size < 1024 * 1024 ? ["kib", size >> 10] : ["mib", size >> 20];
  return getSentence(unit, { n });
}

export class HttpError extends Error {
  constructor(response) {
    super(String(response.status));
    this.status = response.status;
    this.response = response;
  }
}

/** A request to our own server. `body` is FormData, or something said in JSON. */
export async function sendRequest(path, body, { method = body === undefined ? "GET" : "POST", headers = {} } = {}) {
  const json = body !== undefined && !(body instanceof FormData);
  const response = await fetch(path, {
    method,
    body: json ? JSON.stringify(body) : body,
    headers: json ? { ...headers, "Content-Type": "application/json" } : headers,
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  if (!response.ok) throw new HttpError(response);
  return response;
}

export const readBytes = async (response) => new Uint8Array(await response.arrayBuffer());

/** The manifest, checked anew, as before each encryption. Raises a Refused. */
export async function fetchManifest() {
  const root = document.querySelector('meta[name="box-root"]').content;
  let answer;
  try {
    answer = await sendRequest("/manifest");
  } catch (error) {
    if (error instanceof HttpError) return verifyManifest({}, root);
    throw error;
  }
  return verifyManifest(await answer.json(), root);
}

/** A picture that was to go without what it carries, and that this browser cannot draw. */
export class CleaningFailed extends Error {
  constructor(file) {
    super();
    this.file = file;
  }
}

const isDrawable = (type) => /^image\/(jpeg|png|webp)$/.test(type);

/** Says of each chosen file, before it is sent, what goes with it. */
export function describeFiles(form) {
  const { files, clean } = form.elements;
  const list = form.querySelector("[data-chosen]");
  form.querySelector("[data-clean]").hidden = false;
  const tell = () => {
    const lines = [...files.files].map((file) => {
      const line = document.createElement("li");
      const how = !isDrawable(file.type) ? "goes-as-is" : clean.checked ? "goes-clean" : "goes-photo";
      line.textContent = getSentence(how, { name: file.name });
      line.className = how;
      return line;
    });
    list.replaceChildren(...lines);
    list.hidden = lines.length === 0;
  };
  for (const input of [files, clean]) input.addEventListener("change", tell);
  form.addEventListener("reset", () => setTimeout(tell));
}

/** A file of a form's field, and its name without what cannot be sent; as picture `number` alone if that is asked. */
export async function readFile(file, number = 0) {
  const name = file.name.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
  const body = new Uint8Array(await file.arrayBuffer());
  const whole = { name: name.slice(0, 200), type: file.type.slice(0, 100), body };
  if (!number || !isDrawable(file.type)) return whole;
  const clean = await redrawPicture(whole, `photo-${number}`);
  if (!clean) throw new CleaningFailed(file);
  return clean;
}

/** What a photo shows, drawn anew: without place, time and device. Nothing for what this browser cannot draw. */
export async function redrawPicture({ type, body }, name) {
  if (!isDrawable(type)) return null;
  const drawn = await createImageBitmap(new Blob([body], { type })).catch(() => null);
  if (!drawn) return null;
  const canvas = new OffscreenCanvas(drawn.width, drawn.height);
  canvas.getContext("2d").drawImage(drawn, 0, 0);
  const [kept, ending] = type === "image/png" ? [type, "png"] : ["image/jpeg", "jpg"];
  const blob = await canvas.convertToBlob({ type: kept, quality: 0.92 });
  return { name: `${name}.${ending}`, type: kept, body: new Uint8Array(await blob.arrayBuffer()) };
}

/** Hands an opened file to the browser's downloads; always as something to keep, never to show. */
export function saveFile(name, body) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "application/octet-stream" }));
  link.download = String(name || "file").replace(/[\p{Cc}\p{Cf}/\\]/gu, "_"); // no sign that turns «fdp.exe» round
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Sentences above a form, as the server would have said them, with the focus on them. */
export function showErrors(form, faults) {
  form.querySelector(":scope > .error-summary")?.remove();
  if (!faults.length) return;
  const summary = cloneTemplate("faults");
  for (const fault of faults) {
    const line = document.createElement("li");
    line.textContent = fault;
    summary.querySelector("ul").append(line);
  }
  form.prepend(summary);
  summary.focus();
}

/** Runs what a form does, once at a time, with its button saying so. */
export function handleSubmit(form, act) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = form.querySelector("button:not([type=button])");
    button.setAttribute("aria-busy", "true");
    showErrors(form, []);
    try {
      await act(event);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  });
}
