// Helpers of the box's scripts: templates and sentences of the page, dates, requests, files and forms.
import { verifyManifest } from "./crypto/manifest.js";

/** Returns a copy of the one element in a <template> of this page. */
export const cloneTemplate = (id) => document.getElementById(id).content.cloneNode(true).firstElementChild;

/** Returns a sentence of this page in its language, with values for each `{name}`. */
export function getSentence(name, values = {}) {
  const sentence = document.getElementById("said").content.querySelector(`[data-say="${CSS.escape(name)}"]`);
  return sentence.textContent.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Sets the text of the element's `data-fill` places and returns the element. */
export function fillPlaces(element, values) {
  for (const place of element.querySelectorAll("[data-fill]")) {
    if (place.dataset.fill in values) place.textContent = values[place.dataset.fill];
  }
  return element;
}

export function formatDay(iso) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "ar-JO-u-nu-latn";
  const shown = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, shown).format(new Date(iso));
}

/** Returns a file's maximum size, which is all that its ciphertext reveals. */
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

/** Sends a request to our server. `body` is FormData or is sent as JSON. Throws HttpError. */
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

/** Returns the verified manifest; called before each encryption. Throws a ManifestError. */
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

/** This browser cannot draw a picture whose metadata should be removed. */
export class CleaningFailed extends Error {
  constructor(file) {
    super();
    this.file = file;
  }
}

const isDrawable = (type) => /^image\/(jpeg|png|webp)$/.test(type);

/** Shows for each chosen file which metadata will be sent with it. */
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

/** Returns {name, type, body} of a file; with `number`, a picture redrawn without metadata. Throws CleaningFailed. */
export async function readFile(file, number = 0) {
  const name = file.name.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
  const body = new Uint8Array(await file.arrayBuffer());
  const whole = { name: name.slice(0, 200), type: file.type.slice(0, 100), body };
  if (!number || !isDrawable(file.type)) return whole;
  const clean = await redrawPicture(whole, `photo-${number}`);
  if (!clean) throw new CleaningFailed(file);
  return clean;
}

/** Returns a picture redrawn without its metadata, or null if this browser cannot draw it. */
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

/** Saves a decrypted file by the browser's download; it is never displayed. */
export function saveFile(name, body) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "application/octet-stream" }));
  // without bidirectional control characters, which disguise «fdp.exe»
  link.download = String(name || "file").replace(/[\p{Cc}\p{Cf}/\\]/gu, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Shows errors above a form and moves the focus there; without errors, removes them. */
export function showErrors(form, errors) {
  form.querySelector(":scope > .error-summary")?.remove();
  if (!errors.length) return;
  const summary = cloneTemplate("faults");
  for (const error of errors) {
    const line = document.createElement("li");
    line.textContent = error;
    summary.querySelector("ul").append(line);
  }
  form.prepend(summary);
  summary.focus();
}

/** Runs a form's action, one at a time, with its button marked as busy. */
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
