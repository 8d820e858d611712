// What the portal's forms say while they are filled in, with the npm package.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { needed, signIn, startBrowser, startPortal, watchedPage } from "./portal.mjs";

const PHONE = { width: 390, height: 844 };
const LOGIN_FAULT = "Логин – от 3 до 64 латинских букв, цифр и знаков «_», «-», «.»";

describe("forms in a browser", () => {
  let portal, browser, context, page, faults;

  before(async () => {
    needed("ESCHOOL_PACKAGE");
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

  const login = () => page.getByLabel("Логин");
  /** The text beneath the login. */
  const told = () => page.locator("#login + .fault");
  const attributes = (field) =>
    field.evaluate((input) => [input.getAttribute("aria-invalid"), input.getAttribute("aria-describedby")]);

  it("tells of a slip when the field is left, and no more when it is mended", async () => {
    await page.goto(portal.address);
    await told().waitFor({ state: "attached" });
    await login().pressSequentially("пр7");
    assert.equal(await told().innerText(), "", "not in the middle of typing");
    await page.keyboard.press("Tab");
    await page.getByRole("status").getByText(LOGIN_FAULT, { exact: true }).waitFor();
    const id = await told().getAttribute("id");
    assert.deepEqual(await attributes(login()), ["true", id]);

    await login().fill("");
    assert.equal(await told().innerText(), "", "the browser tells what is required");
    await login().pressSequentially("п");
    assert.equal(await told().innerText(), "");
    await page.keyboard.press("Tab");
    await page.getByText(LOGIN_FAULT).waitFor();
    await login().press("Home");
    await login().pressSequentially("pr7_");
    assert.equal(await told().innerText(), LOGIN_FAULT, "still there");
    await login().press("Delete");
    assert.equal(await told().innerText(), "");
    assert.deepEqual(await attributes(login()), [null, null]);
    assert.equal(await login().inputValue(), "pr7_");
  });

  it("leaves to the server what it says, and the form to be sent", async () => {
    await page.goto(portal.address);
    await told().waitFor({ state: "attached" });
    await page.getByLabel("Пароль").fill("неверный");
    await login().fill("проверка");
    // A press takes the focus off the field; what it is on must not move away before it is over.
    const button = page.getByRole("button", { name: "Вход" });
    const box = await button.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + 2);
    await page.mouse.down();
    await page.waitForTimeout(200);
    assert.deepEqual(await button.boundingBox(), box);
    await page.mouse.up();
    await page.getByRole("alert").getByText(/Неверный логин или пароль/).waitFor();

    assert.deepEqual(await attributes(login()), ["true", "refusal"]);
    await told().waitFor({ state: "attached" });
    await login().fill("провер");
    await page.keyboard.press("Tab");
    await page.getByText(LOGIN_FAULT).waitFor();
    const id = await told().getAttribute("id");
    assert.deepEqual(await attributes(login()), ["true", `${id} refusal`]);
    await login().fill("pr7_test");
    await page.getByText(LOGIN_FAULT).waitFor({ state: "detached" });
    assert.deepEqual(await attributes(login()), ["true", "refusal"]);
  });

  it("checks whatever a field says it holds", async () => {
    const kinds = [
      ["snils", "112-233-445 96", /опечатка/, "11223344595"],
      ["phone", "8 912 345", /телефон/i, "8 (912) 345-67-89"],
      ["email", "berestneva@", /почт/, "berestneva@example.org"],
      ["login", "пр7", /Логин/, "PR7_test"],
      ["birth-date", "31.02.2010", /дат/i, "28.02.2010"],
    ];
    const fields = [...kinds.map(([kind]) => kind), "unknown"].map((kind) => `<input name="${kind}" data-check="${kind}">`);
    await page.route(`${portal.address}/`, async (route) => {
      const response = await route.fetch();
      const html = (await response.text()).replace('<div class="actions">', `<div>${fields.join("")}</div>$&`);
      await route.fulfill({ response, body: html });
    });
    await page.goto(portal.address);
    for (const [kind, wrong, text, right] of kinds) {
      const field = page.locator(`[name=${kind}][data-check]`).last();
      const place = field.locator("+ .fault");
      await field.fill(wrong);
      await field.blur();
      await place.getByText(text).or(place.filter({ hasText: text })).waitFor();
      await field.fill(right);
      await place.filter({ hasNotText: /./ }).waitFor({ state: "attached" });
      await field.blur();
      assert.equal(await field.inputValue(), right, "as it was typed");
      assert.deepEqual(await attributes(field), [null, null]);
    }
    const unknown = page.locator("[name=unknown]");
    await unknown.fill("?");
    await unknown.blur();
    await page.waitForTimeout(50);
    assert.equal(await unknown.locator("+ .fault").innerText(), "");
  });

  for (const [how, options] of [["with JavaScript", {}], ["without", { javaScriptEnabled: false }]]) {
    it(`signs in ${how}`, async () => {
      await context.close();
      await open(options);
      const { login, password } = portal.people.young;
      await signIn(page, portal.address, { login: login.toUpperCase(), password });
      await page.waitForURL("**/week");
      await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
    });
  }

  it("goes on in silence where the package cannot be had", async () => {
    let asked = 0;
    await page.route(/checks_bg\.wasm$/, (route) => {
      asked++;
      return route.fulfill({ status: 404, body: "" });
    });
    await page.goto(portal.address);
    await login().fill("проверка");
    await page.getByLabel("Пароль").fill("неверный");
    await page.waitForLoadState("networkidle");
    assert.equal(asked, 1);
    assert.equal(await told().innerText(), "");
    await page.getByRole("button", { name: "Вход" }).click();
    await page.getByText(/Неверный логин или пароль/).waitFor();
  });

  it("asks for every file of the package once, and keeps it", async () => {
    const asked = [];
    page.on("response", (response) => {
      if (response.url().includes("/assets/package/")) asked.push([response.status(), response.url()]);
    });
    await page.goto(portal.address);
    await page.waitForLoadState("networkidle");
    assert.equal(asked.length, 8, asked.join("\n"));
    assert.deepEqual(asked.filter(([status]) => status !== 200), []);

    await page.goto(`${portal.address}/?why=left`);
    await page.waitForLoadState("networkidle");
    const transferred = await page.evaluate(() =>
      performance.getEntriesByType("resource")
        .filter(({ name }) => name.includes("/assets/package/"))
        .map(({ transferSize }) => transferSize));
    assert.deepEqual(transferred, Array(8).fill(0));
  });

  for (const [scheme, viewport] of [
    ["light", PHONE],
    ["dark", PHONE],
    ["light", { width: 1280, height: 900 }],
  ]) {
    it(`fits ${viewport.width} px, ${scheme}, with a fault`, async () => {
      await context.close();
      await open({ viewport, colorScheme: scheme });
      await page.goto(portal.address);
      await login().fill("проверка");
      await login().blur();
      await page.getByText(LOGIN_FAULT).waitFor();
      const [field, text] = [await login().boundingBox(), await told().boundingBox()];
      assert.ok(text.y >= field.y + field.height && text.width <= field.width, "beneath the field");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide`);
      if (process.env.PORTAL_SHOTS) {
        const file = `${process.env.PORTAL_SHOTS}/fault-${viewport.width}-${scheme}.png`;
        await page.screenshot({ path: file, fullPage: true });
      }
    });
  }
});
