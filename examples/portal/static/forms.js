// Tells people of slips while they fill in a form: a field says by `data-check` what it holds, and the
// package judges it as the server does. It never keeps a form from being sent, and where the package
// cannot be had the forms are as they are without it: the server decides.

const CLASSES = {
  snils: "Snils",
  phone: "MobilePhone",
  email: "Email",
  login: "Login",
  "birth-date": "BirthDate",
};

/** Whatever ends a press, or shows that its end was not told. */
const ENDS = ["pointerup", "pointercancel", "contextmenu", "keydown"];

/** When what is being pressed has been released. */
let released = Promise.resolve();

document.addEventListener("pointerdown", () => {
  released = new Promise((resolve) => {
    for (const end of ENDS) document.addEventListener(end, resolve, { capture: true, once: true });
  });
}, { capture: true });

/** Leaving a field by a press on a button: what moved the button away now would lose the click. */
async function clicked() {
  await released;
  // The click follows the release in the same turn.
  await new Promise((resolve) => setTimeout(resolve));
}

/** What is wrong with a text, in the core's words; nothing with an empty one. */
function faultOf(type, text) {
  if (text.trim() === "") return "";
  try {
    type.parse(text);
    return "";
  } catch (error) {
    return error.textRu ?? "";
  }
}

/** Checks a field by a class that is still to come; it comes as nothing where it cannot be had. */
function watch(field, coming, number) {
  // There from the start, and empty: a screen reader tells what changes in it.
  const place = document.createElement("p");
  place.id = `fault-${number}`;
  place.className = "fault";
  place.setAttribute("role", "status");
  field.after(place);

  // What the server says of the field holds until it is asked again.
  const invalid = field.getAttribute("aria-invalid");
  const described = field.getAttribute("aria-describedby");
  const put = (name, value) => {
    if (value === null) field.removeAttribute(name);
    else field.setAttribute(name, value);
  };
  const say = (fault) => {
    if (fault === place.textContent) return;
    place.textContent = fault;
    put("aria-invalid", fault ? "true" : invalid);
    put("aria-describedby", fault ? [place.id, described].filter(Boolean).join(" ") : described);
  };

  let check = () => {};
  coming.then((type) => {
    if (type) check = () => say(faultOf(type, field.value));
  });
  // Nobody is told off in the middle of a word; a fault that was told goes as soon as it is mended.
  field.addEventListener("change", async () => {
    await Promise.all([coming, clicked()]);
    check();
  });
  field.addEventListener("input", () => {
    if (place.textContent !== "") check();
  });
  field.form?.addEventListener("reset", () => say(""));
}

const fields = document.querySelectorAll("input[data-check]");
if (fields.length > 0) {
  const { package: entry } = document.querySelector("script[data-package]").dataset;
  // The fields are watched at once: over a slow line the package comes when one is filled in already.
  const coming = import(entry).catch(() => ({}));
  for (const [number, field] of fields.entries()) {
    watch(field, coming.then((checks) => checks[CLASSES[field.dataset.check]]), number);
  }
}
