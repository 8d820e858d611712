// A program for a terminal (DIARY_PROGRAM, its command line as JSON) against a portal and a browser: what
// it prints is what the pages show. Run by the steps of `cargo xtask test` that build such a program.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { chooseAtEsia, signIn, startBrowser, startPortal, watchedPage } from "../portal.mjs";
import { plain, start } from "./programs.mjs";

const MOTHER_OF_TWO = /Берестнева Ольга/;

/** What the page of a week shows, text by text. */
async function textsOf(page) {
  const texts = async (selector) =>
    (await page.locator(selector).allInnerTexts()).map(plain).filter(Boolean);
  const marks = await texts(".lessons .marks .chip");
  return {
    subjects: await texts(".lessons h3"),
    topics: (await texts(".lessons .topic")).map((text) => text.replace(/^Тема: /, "")),
    homework: await texts(".lessons .homework-text"),
    marks: marks.filter((text) => /^[1-5]/.test(text)),
  };
}

/** The last day before today in whose week the journal is full: no vacation, and not begun only now. */
async function dayOfAFullWeek(page, portal) {
  await signIn(page, portal.address, portal.people.young);
  await page.waitForURL(/\/week/);
  for (let weeks = 1; weeks <= 20; weeks += 1) {
    const day = new Date(Date.now() - weeks * 7 * 86_400_000).toISOString().slice(0, 10);
    await page.goto(`${portal.address}/week?from=${day}`);
    if ((await page.locator(".lessons .topic").count()) > 15) return day;
  }
  throw new Error("no week of the last twenty has lessons");
}

/** Everything a page shows of a week stands in what was printed, in its order. */
function agree(printed, shown) {
  const said = plain(printed);
  for (const [what, texts] of Object.entries(shown)) {
    let from = 0;
    for (const text of texts) {
      const place = said.indexOf(what === "marks" ? `Отметка: ${text} – ` : text, from);
      assert.ok(place >= 0, `${what}: «${text}» is on the page and not in\n${printed}`);
      from = place + 1;
    }
  }
  assert.ok(shown.topics.length > 15 && shown.homework.length > 3, "a full week is compared");
  const lessons = printed.match(/^ *\d+\. /gm) ?? [];
  assert.equal(lessons.length, shown.subjects.length, "as many lessons as on the page");
}

/** The means that were printed stand on the page of the term. */
async function agreeOnMeans(page, printed) {
  const lines = [...printed.matchAll(/^  (\S.*?) {2,}([1-5],\d\d) /gm)];
  assert.ok(lines.length > 3, printed);
  const term = plain(await page.locator("main").innerText());
  for (const [, subject, mean] of lines) {
    assert.ok(term.includes(subject) && term.includes(mean), `${subject}: ${mean} in ${term}`);
  }
}

describe("a diary in a terminal", () => {
  let portal, browser, context, page, faults, day;

  before(async () => {
    portal = await startPortal();
    browser = await startBrowser();
    const page = await browser.newPage();
    day = await dayOfAFullWeek(page, portal);
    await page.close();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
  beforeEach(async () => {
    faults = [];
    context = await browser.newContext({ locale: "ru-RU" });
    page = await watchedPage(context, faults);
  });
  afterEach(async () => {
    // The program's own last page asks for an icon when nobody listens there any more.
    const portals = faults.filter((fault) => !fault.includes("ERR_CONNECTION_REFUSED"));
    assert.deepEqual(portals, []);
    await context.close();
  });

  it("is a pupil's, who signs in by the card", async () => {
    const { login, password } = portal.people.young;
    const asked = ["--login", login, "--day", day];
    const { code, said, wrong } = await start(portal, asked, `${password}\n`).printed;
    assert.equal(code, 0, wrong);
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL(/\/week/);
    await page.goto(`${portal.address}/week?from=${day}`);
    agree(said, await textsOf(page));
    await page.goto(`${portal.address}/term`);
    await agreeOnMeans(page, said);
  });

  it("is a child's, whose mother signs in at ЕСИА and agrees", async () => {
    const program = start(portal, ["--day", day]);
    await page.goto(await program.address);
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await chooseAtEsia(page, MOTHER_OF_TWO);
    await page.getByRole("button", { name: "Разрешить" }).click();
    const { code, said, wrong } = await program.printed;
    assert.equal(code, 0, wrong);
    const given = said.match(/^\p{L}+ (\p{L}+), /mu)[1];
    await page.goto(`${portal.address}/children`);
    await page.getByRole("link", { name: new RegExp(given) }).first().click();
    await page.waitForURL(/\/week/);
    const pupil = new URL(page.url()).searchParams.get("pupil");
    await page.goto(`${portal.address}/week?from=${day}&pupil=${pupil}`);
    agree(said, await textsOf(page));
  });

  it("says in Russian why it does not open", async () => {
    const wrong = await start(portal, ["--login", portal.people.young.login], "wrong\n").printed;
    assert.equal(wrong.code, 1);
    assert.match(wrong.wrong, /парол/i);
    const declined = start(portal, []);
    await page.goto(await declined.address);
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await chooseAtEsia(page, MOTHER_OF_TWO);
    await page.getByRole("button", { name: "Отмена" }).click();
    const { code, wrong: why } = await declined.printed;
    assert.deepEqual([code, plain(why)], [1, "Вход отменён"]);
    const usage = await start(portal, ["--nothing"]).printed;
    assert.equal(usage.code, 2);
  });
});
