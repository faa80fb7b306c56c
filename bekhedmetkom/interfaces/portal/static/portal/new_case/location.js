// Adds the device's location to the case and suggests the governorate.
// The map is coarse, so the person confirms the suggestion.

const CLOSE = 200; // metres: a location guessed from the network is too vague
const PATIENCE = 15_000;

const box = document.getElementById("here");
const words = box?.dataset;
const [lat, lng, governorate] = ["lat", "lng", "governorate"].map((name) => document.getElementsByName(name)[0]);
const [find, drop, said, guess, seems, yes, no] =
  ["find", "drop", "said", "guess", "seems", "yes", "no"].map((name) => box?.querySelector(`[data-${name}]`));

function say(sentence, point = ["", ""]) {
  [lat.value, lng.value] = point;
  said.textContent = sentence;
  drop.hidden = !lat.value;
  guess.hidden = true;
  lat.dispatchEvent(new Event("change", { bubbles: true }));
}

// Point in polygon, by ray casting.
function goesRound(ring, x, y) {
  return ring.reduce((inside, [x1, y1], number) => {
    const [x2, y2] = ring.at(number - 1);
    return (y1 > y) !== (y2 > y) && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1) ? !inside : inside;
  }, false);
}

async function suggest({ longitude, latitude }) {
  const map = await (await fetch(words.map)).json();
  const option = [...governorate.options].find(({ value }) => map[value] && goesRound(map[value], longitude, latitude));
  if (!option || option.selected) return;
  seems.textContent = words.seems.replace("{name}", option.text);
  yes.textContent = words.yes.replace("{name}", option.text);
  yes.onclick = () => {
    option.selected = true;
    governorate.dispatchEvent(new Event("change", { bubbles: true }));
    guess.hidden = true;
    governorate.focus();
  };
  guess.hidden = false;
}

if (box && isSecureContext && navigator.geolocation) {
  box.hidden = false;
  if (lat.value) say(words.added, [lat.value, lng.value]);
  find.addEventListener("click", () => {
    said.textContent = words.looking;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      if (coords.accuracy > CLOSE) say(words.vague);
      else say(words.added, [coords.latitude.toFixed(5), coords.longitude.toFixed(5)]);
      suggest(coords).catch(() => { /* no network: the list is there */ });
    }, () => say(words.denied), { enableHighAccuracy: true, timeout: PATIENCE });
  });
  drop.addEventListener("click", () => { say(""); find.focus(); });
  no.addEventListener("click", () => { guess.hidden = true; governorate.focus(); });
}
