// Passkeys: the browser asks for a finger, a face or a PIN, and the answer goes with the form.
// A form with data-passkey stays hidden where the browser cannot do it; everything else works without script.

const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function options(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function ask(form) {
  const { publicKey } = await options(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

for (const form of able ? document.querySelectorAll("[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sorry = form.querySelector("[role=alert][hidden], [data-sorry]");
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      sorry.dataset.sorry = "";
      sorry.hidden = false;
    }
  });
}
if (able) document.querySelector("[data-without-passkey]")?.remove();
