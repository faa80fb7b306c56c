// Subscribes this browser to push notifications of the open case. Without the script nothing is offered.

const place = document.getElementById("push");
const form = place?.querySelector("form");

if (form && "PushManager" in window && "Notification" in window && navigator.serviceWorker) {
  place.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const say = (sentence) => { form.querySelector("[role=status]").textContent = sentence; };
    if (await Notification.requestPermission() !== "granted") {
      say(form.dataset.denied);
      return;
    }
    try {
      const worker = await navigator.serviceWorker.ready;
      const { endpoint, keys } = (await worker.pushManager.subscribe({
        userVisibleOnly: true, applicationServerKey: form.dataset.key,
      })).toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) if (form.elements[name]) form.elements[name].value = value;
      form.submit();
    } catch {
      say(form.dataset.failed);
    }
  });
}
