// What a pupil and a family see: sign-in, weeks, a term, sign-out, refusals.

import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, it } from "node:test";

import { chooseAtEsia, signIn, startBrowser, startPortal, watchedPage } from "./portal.mjs";

const PHONE = { width: 390, height: 844 };

describe("the portal in a browser", () => {
  let portal, browser, context, page, faults;

  before(async () => {
    portal = await startPortal();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
  const open = async (options = {}) => {
    context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", ...options });
    faults = [];
    page = await watchedPage(context, faults);
  };
  beforeEach(() => open());
  afterEach(async () => {
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("shows the sign-in page in the words people know", async () => {
    await page.goto(portal.address);
    await page.getByRole("heading", { name: "Электронные дневники и журналы" }).waitFor();
    await page.getByRole("heading", { name: /Вход для пользователей старше 14,5 лет/ }).waitFor();
    await page.getByRole("link", { name: "Вход через ЕСИА" }).waitFor();
    await page.getByRole("link", { name: "Забыли пароль?" }).click();
    await page.getByRole("heading", { name: "Забыли пароль?" }).waitFor();
    assert.match(await page.innerText("main"), /классному руководителю/);
  });

  it("signs a pupil in and turns weeks", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
    const thisWeek = await page.innerText("h1");

    await page.getByRole("link", { name: /Назад/ }).click();
    await page.getByRole("link", { name: "Сегодня", exact: true }).waitFor();
    assert.notEqual(await page.innerText("h1"), thisWeek);
    await page.getByRole("link", { name: /Вперёд/ }).click();
    await page.getByRole("link", { name: "Сегодня", exact: true }).waitFor({ state: "detached" });
    assert.equal(await page.innerText("h1"), thisWeek);

    await page.getByRole("link", { name: /Вперёд/ }).click();
    await page.getByRole("link", { name: "Сегодня", exact: true }).click();
    await page.getByRole("link", { name: "Сегодня", exact: true }).waitFor({ state: "detached" });
    assert.equal(await page.innerText("h1"), thisWeek);
  });

  it("shows lessons with homework and its day, and marks with their works", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    // Back to a week that the journal has filled, however near a vacation today is.
    const works = page.locator(".lesson .marks .work");
    const dueDay = /Домашнее задание\s+к\s+\d{1,2}\s+[а-я]+/;
    let seen = await page.innerText("main");
    for (let week = 0; week < 6 && !(dueDay.test(seen) && (await works.count()) > 0); week++) {
      await page.getByRole("link", { name: /Назад/ }).click();
      await page.waitForLoadState();
      seen = await page.innerText("main");
    }
    assert.match(seen, dueDay);
    assert.match(seen, /\d{1,2}:\d{2}/, "lessons have times");
    const work = await works.first().innerText();
    assert.ok(work.trim().length > 3, `a mark tells the work it is for: ${work}`);
  });

  it("shows a week of planned lessons beyond the journal, or a vacation", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    for (let week = 0; week < 3; week++) {
      await page.getByRole("link", { name: /Вперёд/ }).click();
      await page.waitForLoadState();
    }
    assert.match(await page.innerText("main"), /по\s+расписанию|каникул|праздник/i);
  });

  it("shows a term with means, and topics by subject", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    await page.getByRole("link", { name: "Успеваемость" }).click();
    await page.getByRole("heading", { level: 1, name: /четверть/ }).waitFor();
    await page.getByRole("link", { name: "1 четверть" }).click();
    await page.getByRole("heading", { level: 1, name: "1 четверть" }).waitFor();
    const table = page.getByRole("table", { name: "Отметки по предметам" });
    await table.waitFor();
    assert.match(await table.innerText(), /\d,\d\d/, "means have a decimal comma");
    const first = page.locator("details").first();
    await first.locator("summary").click();
    await first.getByRole("heading", { name: "Темы уроков" }).waitFor();
  });

  it("signs out, and the diary is closed behind", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    await page.getByRole("button", { name: "Выйти" }).click();
    await page.getByLabel("Пароль").waitFor();
    await page.goto(`${portal.address}/week`);
    await page.getByLabel("Пароль").waitFor();
    assert.equal(await page.locator(".lesson").count(), 0);
  });

  it("refuses a wrong password with text and next step, and keeps the login", async () => {
    const { login } = portal.people.young;
    await signIn(page, portal.address, { login, password: "неверный" });
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.innerText(), /Неверный логин или пароль/);
    assert.match(await alert.innerText(), /Восстановите пароль/);
    assert.equal(await page.getByLabel("Логин").inputValue(), login);
    assert.equal(await page.getByLabel("Пароль").inputValue(), "");
  });

  it("tells a pupil past the threshold to use ЕСИА", async () => {
    await signIn(page, portal.address, portal.people.older);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.innerText(), /только через ЕСИА/);
    await page.getByRole("link", { name: /ЕСИА/ }).first().click();
    await chooseAtEsia(page, /Жуйков Ярослав/);
    await page.waitForURL(`${portal.address}/week`);
    await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
  });

  it("lets in who turns 14.5 tomorrow and says so", async () => {
    await signIn(page, portal.address, portal.people.tomorrow);
    await page.waitForURL("**/week");
    assert.match(await page.innerText("body"), /только через ЕСИА/);
  });

  it("tells who has left that the account is closed", async () => {
    await signIn(page, portal.address, portal.people.gone);
    assert.match(await page.getByRole("alert").innerText(), /Учётная запись закрыта/);
  });

  it("answers a malformed date and a malformed cookie with a page, not a fault", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    const answer = await page.goto(`${portal.address}/week?from=31.02.2025`);
    assert.equal(answer.status(), 400);
    assert.match(await page.innerText("main"), /даты нет/);
    for (const cookie of await context.cookies()) {
      await context.addCookies([{ ...cookie, value: "%00garbage" }]);
    }
    await page.goto(`${portal.address}/week`);
    await page.getByLabel("Пароль").waitFor();
  });

  for (const [scheme, viewport] of [
    ["light", PHONE],
    ["dark", PHONE],
    ["light", { width: 1280, height: 900 }],
  ]) {
    it(`fits ${viewport.width} px, ${scheme}, without JavaScript`, async () => {
      await context.close();
      await open({ viewport, colorScheme: scheme, javaScriptEnabled: false });
      await signIn(page, portal.address, portal.people.young);
      await page.waitForURL("**/week");
      for (const path of ["/week", "/term"]) {
        await page.goto(portal.address + path);
        // Without scripts a page cannot be asked; its boxes can.
        const box = await page.locator("main").boundingBox();
        assert.ok(box.width <= viewport.width, `${path} is ${box.width} px wide`);
        if (process.env.PORTAL_SHOTS) {
          const name = `${path.slice(1)}-${viewport.width}-${scheme}.png`;
          await page.screenshot({ path: `${process.env.PORTAL_SHOTS}/${name}`, fullPage: true });
        }
      }
    });
  }
});
