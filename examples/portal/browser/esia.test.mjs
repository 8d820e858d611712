// The state sign-in as people go through it. The portal is at 127.0.0.1 and the emulator of ЕСИА at
// localhost: to a browser these are two sites.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import {
  chooseAtEsia,
  signIn,
  signInByEsia,
  startBrowser,
  startPortal,
  watchedPage,
} from "./portal.mjs";

const PHONE = { width: 390, height: 844 };
const MOTHER_OF_TWO = /Берестнева Ольга/;
const IN_TWO_SCHOOLS = /Арсланова Динара/;
const TEACHER = /Огурцова Наталья/;
const UNCONFIRMED = /Никитин Олег/;
const STRANGER = /Саблин Геннадий/;

describe("ЕСИА in a browser", () => {
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
    faults = [];
    context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", ...options });
    page = await watchedPage(context, faults);
  };
  beforeEach(() => open());
  afterEach(async () => {
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("is another site than the portal", () => {
    assert.equal(new URL(portal.address).hostname, "127.0.0.1");
    assert.equal(new URL(portal.emulator).hostname, "localhost");
  });

  it("lets a parent in, who chooses a child and reads week and term", async () => {
    await signInByEsia(page, portal.address, MOTHER_OF_TWO);
    await page.waitForURL(`${portal.address}/children`);
    await page.getByRole("heading", { level: 1, name: "Мои дети" }).waitFor();
    const children = page.getByRole("list", { name: "Дети" }).getByRole("heading");
    assert.equal(await children.count(), 2);
    const names = await children.allInnerTexts();

    for (const name of names) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
      assert.equal(await page.locator(".head-name").innerText(), name);
      const thisWeek = await page.innerText("h1");
      await page.getByRole("link", { name: /Назад/ }).click();
      await page.getByRole("link", { name: "Сегодня", exact: true }).waitFor();
      assert.equal(await page.locator(".head-name").innerText(), name, "the same child's week");
      assert.notEqual(await page.innerText("h1"), thisWeek);
      await page.getByLabel(/Другая неделя/).fill("2026-11-09");
      await page.getByRole("button", { name: "Показать" }).click();
      await page.waitForURL(/from=2026-11-09/);
      assert.equal(await page.locator(".head-name").innerText(), name);
      await page.getByRole("link", { name: "Успеваемость" }).click();
      await page.getByRole("heading", { level: 1, name: /четверть|полугодие/ }).waitFor();
      await page.locator(".choice a").first().click();
      await page.getByRole("table", { name: "Отметки по предметам" }).waitFor();
      assert.equal(await page.locator(".head-name").innerText(), name);
      await page.getByRole("link", { name: "Мои дети" }).click();
    }
  });

  it("signs a parent out of ЕСИА too, and somebody else in", async () => {
    await signInByEsia(page, portal.address, MOTHER_OF_TWO);
    await page.waitForURL(`${portal.address}/children`);
    await page.getByRole("button", { name: "Выйти" }).click();
    await page.waitForURL(`${portal.address}/?why=left`);
    await page.getByText("Вы вышли из дневника.").waitFor();
    await page.goto(`${portal.address}/children`);
    await page.getByLabel("Пароль").waitFor();

    await signInByEsia(page, portal.address, TEACHER);
    await page.waitForURL(`${portal.address}/children`);
    assert.match(await page.innerText("main"), /Классный руководитель/);
    assert.match(await page.innerText(".head-name"), /Огурцова/);
  });

  it("goes on as the person ЕСИА knows, until they leave it", async () => {
    await signInByEsia(page, portal.address, MOTHER_OF_TWO);
    await page.waitForURL(`${portal.address}/children`);
    await context.clearCookies({ domain: "127.0.0.1" });
    await page.goto(portal.address);
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await page.waitForURL(`${portal.address}/children`);
  });

  it("refuses an unconfirmed account in the words people know, and leads out", async () => {
    await signInByEsia(page, portal.address, UNCONFIRMED);
    const alert = page.getByRole("alert");
    assert.match(
      await alert.innerText(),
      /Для доступа вам необходимо пройти процедуру проверки своих данных и подтверждения личности\. Если вы только что подтвердили свою личность, то вам нужно войти в систему повторно\./,
    );
    assert.match(await alert.innerText(), /Код обращения: [0-9A-Z]{3}-[0-9A-Z]{3}/);
    await page.getByRole("link", { name: "Отмена" }).click();
    await page.waitForURL(`${portal.address}/`);
    await page.getByLabel("Пароль").waitFor();
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await page.getByRole("heading", { name: "Кто входит?" }).waitFor();
  });

  it("refuses whom no school knows, and lets somebody else sign in", async () => {
    await signInByEsia(page, portal.address, STRANGER);
    assert.match(
      await page.getByRole("alert").innerText(),
      /Указанные Вами при регистрации на портале «Госуслуги» номер телефона\/СНИЛС не найдены в системе «Электронная школа»/,
    );
    await page.getByRole("link", { name: "Войти другим пользователем" }).click();
    await chooseAtEsia(page, MOTHER_OF_TWO);
    await page.waitForURL(`${portal.address}/children`);
  });

  it("takes a no at ЕСИА for a no", async () => {
    await page.goto(portal.address);
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await page.getByRole("button", { name: /Отказаться/ }).click();
    await page.waitForURL(/esia\/callback/);
    assert.match(await page.innerText("main"), /esia_denied/);
    await page.goto(`${portal.address}/children`);
    await page.getByLabel("Пароль").waitFor();
  });

  it("does not mix two windows", async () => {
    const other = await watchedPage(context, faults);
    for (const window of [page, other]) {
      await window.goto(portal.address);
      await window.getByRole("link", { name: "Вход через ЕСИА" }).click();
      await window.getByRole("heading", { name: "Кто входит?" }).waitFor();
    }
    await chooseAtEsia(page, STRANGER);
    await page.getByRole("alert").waitFor();
    await chooseAtEsia(other, MOTHER_OF_TWO);
    await other.waitForURL(`${portal.address}/children`);
    await page.goto(`${portal.address}/children`);
    await page.getByRole("heading", { level: 1, name: "Мои дети" }).waitFor();
  });

  it("lets a parent of two schools choose one, and switch", async () => {
    await signInByEsia(page, portal.address, IN_TWO_SCHOOLS);
    await page.waitForURL(`${portal.address}/school`);
    await page.goto(`${portal.address}/children`);
    await page.waitForURL(`${portal.address}/school`);
    const schools = page.getByRole("list", { name: "Школы" }).getByRole("listitem");
    assert.equal(await schools.count(), 2);
    const child = async () => {
      await page.waitForURL(`${portal.address}/children`);
      const children = page.getByRole("list", { name: "Дети" }).getByRole("heading");
      assert.equal(await children.count(), 1);
      return children.innerText();
    };
    await schools.nth(0).getByRole("button", { name: /Открыть/ }).click();
    const first = await child();
    await page.getByRole("link", { name: "Неделя" }).click();
    await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
    const address = page.url();
    await page.goto(`${portal.address}/school`);
    await schools.nth(1).getByRole("button", { name: /Открыть/ }).click();
    assert.notEqual(await child(), first);
    const closed = await page.goto(address);
    assert.equal(closed.status(), 403, "the other school's diary is closed meanwhile");
  });

  it("leaves who has a password alone", async () => {
    await signIn(page, portal.address, portal.people.young);
    await page.waitForURL("**/week");
    await page.getByRole("button", { name: "Выйти" }).click();
    await page.waitForURL(`${portal.address}/?why=left`);
  });

  it("makes an administrator by a link, once", async () => {
    const link = await portal.invite();
    await page.goto(link);
    await page.getByRole("heading", { name: "Приглашение администратора" }).waitFor();
    await page.getByRole("button", { name: /принять/ }).click();
    await chooseAtEsia(page, TEACHER);
    await page.waitForURL(`${portal.address}/children`);
    assert.match(await page.innerText("main"), /Администратор школы/);
    assert.equal((await page.goto(link)).status(), 410);
  });

  for (const [scheme, viewport] of [
    ["light", PHONE],
    ["dark", PHONE],
    ["light", { width: 1280, height: 900 }],
  ]) {
    it(`fits ${viewport.width} px, ${scheme}, without JavaScript`, async () => {
      await context.close();
      await open({ viewport, colorScheme: scheme, javaScriptEnabled: false });
      const look = async (name) => {
        const box = await page.locator("main").boundingBox();
        assert.ok(box.width <= viewport.width, `${name} is ${box.width} px wide`);
        if (process.env.PORTAL_SHOTS) {
          const file = `${process.env.PORTAL_SHOTS}/${name}-${viewport.width}-${scheme}.png`;
          await page.screenshot({ path: file, fullPage: true });
        }
      };
      await page.goto(portal.address);
      await look("door");
      await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
      await look("esia");
      await chooseAtEsia(page, STRANGER);
      await look("refused");
      await page.getByRole("link", { name: "Войти другим пользователем" }).click();
      await chooseAtEsia(page, IN_TWO_SCHOOLS);
      await look("school");
      await page.getByRole("button", { name: /Открыть/ }).first().click();
      await look("one-child");
      await page.getByRole("button", { name: "Выйти" }).click();
      await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
      await chooseAtEsia(page, MOTHER_OF_TWO);
      await look("children");
      await page.getByRole("link", { name: /^Неделя/ }).first().click();
      await look("week");
    });
  }
});
