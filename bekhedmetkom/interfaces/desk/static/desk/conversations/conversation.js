// What is said in a talk comes by itself while somebody looks; what is being typed is not touched. Without it there is a button.

const EVERY = 4_000; // ms
const list = document.querySelector("[data-lines]");
const gone = document.querySelector("[data-gone]");

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(list.dataset.lines, { headers: { "X-By-Itself": "1" } }); // does not keep a session alive
    if (answer.redirected || answer.status === 403) return clearInterval(again); // signed out
    if (answer.status === 409) {
      clearInterval(again);
      gone.hidden = false;
    }
    if (answer.ok) show(await answer.text());
  } catch {
    // The network is away: the next time asks again.
  }
}

function show(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  for (const line of [...made.content.querySelectorAll("li")]) {
    const there = document.getElementById(line.id);
    if (!there) {
      list.append(line);
      line.scrollIntoView({ block: "nearest" });
    } else if (there.outerHTML !== line.outerHTML) there.replaceWith(line); // whether it has arrived
  }
}

const again = list && setInterval(ask, EVERY);
if (list) document.addEventListener("visibilitychange", ask);
