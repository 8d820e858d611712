// Sign-in for native apps as a person goes through it: the app listens on this machine, and Chromium
// is the system browser. A browser holds a page's policy against where its form leads, so the way
// back to the app is walked here and not only in the tests of the server.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { chooseAtEsia, startBrowser, startPortal, watchedPage } from "./portal.mjs";

const PHONE = { width: 390, height: 844 };
const MOTHER_OF_TWO = /Берестнева Ольга/;
const IN_TWO_SCHOOLS = /Арсланова Динара/;

/** An app that waits for the browser on a port of its own. */
async function startApp(host) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const led = [];
  const server = createServer((request, response) => {
    if (request.url.startsWith("/callback")) led.push(new URL(request.url, "http://app"));
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end("<!doctype html><title>Готово</title><h1>Вернитесь в приложение</h1>");
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, host, resolve);
  });
  const name = host.includes(":") ? `[${host}]` : host;
  const redirect = `http://${name}:${server.address().port}/callback`;
  const state = `${randomBytes(8).toString("hex")} &=я`;
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: "kotlin-diary",
    redirect_uri: redirect,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
    device: "Телефон мамы",
  });
  const token = async (address, form) => {
    const body = new URLSearchParams({ client_id: "kotlin-diary", ...form });
    return fetch(`${address}/api/v1/token`, { method: "POST", body });
  };
  const redeem = async (address, code) => {
    const form = { grant_type: "authorization_code", redirect_uri: redirect, code };
    const answer = await token(address, { ...form, code_verifier: verifier });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  return { path: `/api/v1/authorize?${asked}`, led, state, redeem, stop: () => server.close() };
}

describe("an app in a browser", () => {
  let portal, browser, context, page, faults, app;

  before(async () => {
    portal = await startPortal();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
  beforeEach(async () => {
    faults = [];
    context = await browser.newContext({ viewport: PHONE, locale: "ru-RU" });
    page = await watchedPage(context, faults);
  });
  afterEach(async () => {
    app?.stop();
    assert.deepEqual(faults, []);
    await context.close();
  });

  const byEsia = async (name) => {
    await page.goto(portal.address + app.path);
    await page.getByText("Войдите, чтобы открыть приложению доступ к дневнику.").waitFor();
    await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
    await chooseAtEsia(page, name);
  };
  const agree = async () => {
    await page.getByRole("heading", { name: "Доступ для приложения" }).waitFor();
    await page.getByRole("button", { name: "Разрешить" }).click();
    await page.getByRole("heading", { name: "Вернитесь в приложение" }).waitFor();
    const [led] = app.led;
    assert.equal(led.searchParams.get("state"), app.state);
    assert.equal(led.searchParams.get("iss"), portal.address);
    return app.redeem(portal.address, led.searchParams.get("code"));
  };
  const asked = (tokens, path) =>
    fetch(`${portal.address}/api/v1${path}`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });

  it("is let in by a parent, who sees it on «Устройства» and puts it out", async () => {
    app = await startApp("127.0.0.1");
    await byEsia(MOTHER_OF_TWO);
    const tokens = await agree();
    const children = await (await asked(tokens, "/children")).json();
    assert.equal(children.length, 2);
    const terms = await asked(tokens, `/terms?pupil=${children[0].pupil}`);
    assert.equal(terms.status, 200);

    await page.goto(`${portal.address}/children`);
    await page.getByRole("link", { name: "Устройства" }).click();
    const devices = page.getByRole("list", { name: "Устройства" }).getByRole("listitem");
    assert.equal(await devices.count(), 1);
    assert.match(await devices.innerText(), /Телефон мамы[^]*kotlin-diary/);
    const [width, inner] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ]);
    assert.ok(width <= inner, "nothing sticks out");
    await page.getByRole("button", { name: /Отозвать/ }).click();
    await page.getByText("Ни одного приложения нет.").waitFor();
    assert.equal((await asked(tokens, "/children")).status, 401);
  });

  it("is let in by a pupil who is signed in already, on an address of IPv6", async (t) => {
    app = await startApp("::1").catch(() => undefined);
    if (!app) return t.skip("this machine has no IPv6");
    await page.goto(portal.address);
    await page.getByLabel("Логин").fill(portal.people.young.login);
    await page.getByLabel("Пароль").fill(portal.people.young.password);
    await page.getByRole("button", { name: "Вход" }).click();
    await page.getByRole("heading", { level: 1, name: /^Неделя/ }).waitFor();
    await page.goto(portal.address + app.path);
    const tokens = await agree();
    assert.equal((await asked(tokens, "/terms")).status, 200);
  });

  it("is told when somebody does not agree", async () => {
    app = await startApp("127.0.0.1");
    await byEsia(IN_TWO_SCHOOLS);
    const schools = page.getByRole("list", { name: "Школы" }).getByRole("listitem");
    await schools.first().getByRole("button").click();
    await page.getByRole("heading", { name: "Доступ для приложения" }).waitFor();
    await page.getByRole("link", { name: "Другая школа" }).waitFor();
    await page.getByRole("button", { name: "Отмена" }).click();
    await page.getByRole("heading", { name: "Вернитесь в приложение" }).waitFor();
    const [led] = app.led;
    assert.equal(led.searchParams.get("error"), "access_denied");
    assert.equal(led.searchParams.get("state"), app.state);
    assert.equal(led.searchParams.get("code"), null);
  });
});
