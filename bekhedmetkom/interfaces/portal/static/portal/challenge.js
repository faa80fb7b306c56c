// Finds the proof of work that the page asks for (proof_of_work.js), then sends the form.

const form = document.getElementById("proof");

// Without a secure connection browsers do not hash; the one-time code remains.
if (form?.dataset.challenge && globalThis.crypto?.subtle) {
  form.querySelector("[data-working]").hidden = false;
  form.querySelector("[data-otherwise]").hidden = true;
  form.elements.proof.value = await self.proofOfWork(form.dataset.challenge, Number(form.dataset.bits));
  const go = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: "send" });
  form.append(go);
  form.submit();
}
