// Finds the proof of work that the page asks for, then sends the form: see identity/limits.py.

const AT_ONCE = 512;

function zeroBits(digest) {
  let bits = 0;
  for (const byte of new Uint8Array(digest)) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

async function solve(challenge, wanted) {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const proofs = Array.from({ length: AT_ONCE }, (_, n) => `${challenge}.${(first + n).toString(36)}`);
    const digests = await Promise.all(proofs.map((proof) => crypto.subtle.digest("SHA-256", encoder.encode(proof))));
    const found = digests.findIndex((digest) => zeroBits(digest) >= wanted);
    if (found >= 0) return proofs[found];
  }
}

const form = document.getElementById("proof");

// Without a secure connection browsers do not hash: then the code stays as the way.
if (form?.dataset.challenge && globalThis.crypto?.subtle) {
  form.querySelector("[data-working]").hidden = false;
  form.querySelector("[data-otherwise]").hidden = true;
  form.elements.proof.value = await solve(form.dataset.challenge, Number(form.dataset.bits));
  const go = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: "send" });
  form.append(go);
  form.submit();
}
