// The page: every rule it shows is asked of the package.

import {
  AgeSpan, ApiError, BirthDate, MobilePhone, SignInPolicy, Snils,
  parseMark, parseWeight, waysTo, whatIf, worksMet,
} from "./core/index.js";
import { physics } from "./sample.js";

const at = (id) => document.getElementById(id);
const day = (iso) => iso.split("-").reverse().join(".");

function say(id, text, kind = "") {
  const place = at(id);
  place.textContent = text;
  place.className = `said ${kind}`;
}

/** Reads a field: what it holds, or nothing and the reason beside it. */
function read(input, said, parse) {
  try {
    const value = parse(input.value);
    input.removeAttribute("aria-invalid");
    return value;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    input.setAttribute("aria-invalid", "true");
    say(said, error.textRu, "bad");
    return undefined;
  }
}

for (const [id, type] of [["snils", Snils], ["phone", MobilePhone]]) {
  const input = at(id);
  input.addEventListener("input", () => {
    if (input.value.trim() === "") {
      input.removeAttribute("aria-invalid");
      say(`${id}-said`, "");
      return;
    }
    const value = read(input, `${id}-said`, type.parse);
    if (value !== undefined) say(`${id}-said`, `Верно: ${value.formatted}`, "good");
  });
}

function whoSignsIn() {
  const policy = SignInPolicy.preset(at("policy").value);
  at("words").replaceChildren(
    ...policy.inWords().map(({ textRu }) => Object.assign(document.createElement("li"), { textContent: textRu })),
  );
  const today = at("today").value;
  const born = read(at("born"), "born-said", (text) => BirthDate.parse(text).ofSomebodyOn(today));
  if (born === undefined) return;
  const threshold = AgeSpan.reachedOn(policy.rulesOn(today).threshold, born);
  const ends = policy.passwordEnds(born, today);
  const notice = policy.passwordNotice(born, today);
  const told = [];
  if (ends === undefined) told.push("Пароль с карточки не подходит: ученик входит через Госуслуги (ЕСИА).");
  else told.push(`Пароль с карточки действует до ${day(ends)}, с этого дня – только Госуслуги (ЕСИА).`);
  told.push(`Порог возраста – ${day(threshold)}.`);
  if (notice !== undefined) told.push("Семью пора предупредить: день уже близко.");
  say("born-said", told.join(" "), ends === undefined || notice !== undefined ? "" : "good");
}

/** The marks that are tried out beside those of the term. */
const tried = [];

function cell(text, tag = "td") {
  return Object.assign(document.createElement(tag), { textContent: text });
}

function whatIfShown() {
  const rows = physics.marks.map((mark) => {
    const row = document.createElement("tr");
    row.append(cell(day(mark.date)), cell(mark.value), cell(mark.weight), cell(mark.work), cell(""));
    return row;
  });
  for (const [place, mark] of tried.entries()) {
    const row = document.createElement("tr");
    row.className = "tried";
    const remove = Object.assign(document.createElement("button"), { textContent: "×", className: "quiet", type: "button" });
    remove.setAttribute("aria-label", `Убрать отметку ${mark.value}`);
    remove.addEventListener("click", () => {
      tried.splice(place, 1);
      whatIfShown();
    });
    const last = cell("");
    last.append(remove);
    row.append(cell("будет"), cell(mark.value), cell(mark.weight), cell("новая"), last);
    rows.push(row);
  }
  at("rows").replaceChildren(...rows);
  const shown = (mean) => mean?.shown.replace(".", ",") ?? "–";
  const now = shown(whatIf(physics, []));
  const then = shown(whatIf(physics, tried));
  at("mean").replaceChildren("Физика, средний балл: ", cell(then, "strong"), tried.length > 0 ? ` (был ${now})` : "");

  const withTried = {
    ...physics,
    marks: [...physics.marks, ...tried.map((mark) => ({ ...physics.marks[0], ...mark, work: "", title: "" }))],
  };
  const ways = waysTo(withTried, Number(at("target").value), worksMet(physics));
  say("verdict", ways.textRu, ways.verdict === "reached" ? "good" : "");
  at("ways").replaceChildren(
    ...ways.ways.slice(0, 4).map((way) => cell(`${way.textRu}: ${shown(way.mean)}`, "li")),
  );
}

at("add").addEventListener("submit", (event) => {
  event.preventDefault();
  say("add-said", "");
  const value = read(at("value"), "add-said", parseMark);
  const weight = read(at("weight"), "add-said", parseWeight);
  if (value === undefined || weight === undefined) return;
  tried.push({ value, weight });
  whatIfShown();
});

const now = new Date();
at("today").value = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
for (const id of ["policy", "born", "today"]) at(id).addEventListener("input", whoSignsIn);
at("target").addEventListener("input", whatIfShown);
whoSignsIn();
whatIfShown();
document.documentElement.dataset.ready = "yes";
