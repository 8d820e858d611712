// The package and the page that uses it, in a headless Chromium.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { chromium } from "playwright-core";

import { server } from "../../../examples/web-diary/serve.mjs";
import { packageFolder, values } from "./shared.mjs";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

let browser;
let site;
let address;
before(async () => {
  browser = await chromium.launch({ executablePath, args });
  site = server(packageFolder);
  await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${site.address().port}`;
});
after(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
});

/** A page that says what goes wrong in it. */
async function page(path, options = {}) {
  const opened = await browser.newPage(options);
  const wrong = [];
  opened.on("pageerror", (error) => wrong.push(String(error)));
  opened.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await opened.goto(address + path);
  return { opened, wrong };
}

for (const entry of ["index.js", "checks.js"]) {
  test(`all cases hold in Chromium: ${entry}`, { timeout: 300_000 }, async () => {
    const source = await readFile(new URL("cases.mjs", import.meta.url), "utf8");
    const { opened } = await page("/");
    await opened.route("**/cases.mjs", (route) => route.fulfill({ contentType: "text/javascript", body: source }));
    const { count, failed } = await opened.evaluate(
      async ([module, values]) => {
        const [core, { all }] = await Promise.all([import(module), import("/cases.mjs")]);
        return all(core, values);
      },
      [`/core/${entry}`, values],
    );
    assert.deepEqual(failed, {});
    assert.ok(count >= 6, `${count} cases`);
    await opened.close();
  });
}

test("a bundler takes the package", { timeout: 120_000 }, async () => {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "eschool-bundle-"));
  let bundled;
  let opened;
  try {
    const source = `import { Snils } from "@eschool/core/checks"; document.title = Snils.parse("11223344595").formatted;`;
    const made = await build({
      stdin: { contents: source, resolveDir: folder }, bundle: true, format: "esm", write: false,
      alias: { "@eschool/core/checks": join(packageFolder, "checks.js") }, target: "es2022",
    });
    const files = {
      "/": ["text/html", "<!doctype html><link rel=icon href=data:,><script type=module src=bundle.js></script>"],
      "/bundle.js": ["text/javascript", made.outputFiles[0].text],
      "/wasm/checks_bg.wasm": ["application/wasm", await readFile(join(packageFolder, "wasm/checks_bg.wasm"))],
    };
    bundled = createServer((request, response) => {
      const [type, body] = files[request.url] ?? ["text/plain", ""];
      response.writeHead(200, { "content-type": type }).end(body);
    });
    await new Promise((ready) => bundled.listen(0, "127.0.0.1", ready));
    opened = await browser.newPage();
    await opened.goto(`http://127.0.0.1:${bundled.address().port}/`);
    await opened.waitForFunction(() => document.title === "112-233-445 95", undefined, { timeout: 30_000 });
  } finally {
    await opened?.close();
    bundled?.closeAllConnections();
    bundled?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the page checks numbers while they are typed", async () => {
  const { opened, wrong } = await page("/");
  await opened.waitForSelector("html[data-ready]");
  await opened.getByLabel("СНИЛС", { exact: true }).pressSequentially("112-233-445 96");
  assert.match(await opened.locator("#snils-said").textContent(), /опечатка/);
  assert.equal(await opened.getByLabel("СНИЛС", { exact: true }).getAttribute("aria-invalid"), "true");
  await opened.getByLabel("СНИЛС", { exact: true }).fill("11223344595");
  assert.equal(await opened.locator("#snils-said").textContent(), "Верно: 112-233-445 95");
  await opened.getByLabel("Мобильный телефон").fill("8 (4912) 25-33-11");
  assert.match(await opened.locator("#phone-said").textContent(), /мобильн/i);
  await opened.getByLabel("Мобильный телефон").fill("89123456789");
  assert.equal(await opened.locator("#phone-said").textContent(), "Верно: +7 912 345-67-89");
  assert.deepEqual(wrong, []);
  await opened.close();
});

test("the page says who signs in, and from which day otherwise", async () => {
  const { opened, wrong } = await page("/");
  await opened.waitForSelector("html[data-ready]");
  await opened.getByLabel("Сегодня").fill("2025-01-29");
  const said = opened.locator("#born-said");
  assert.match(await said.textContent(), /до 28\.02\.2025.*Порог возраста – 28\.02\.2025.*предупредить/);
  await opened.getByLabel("Порядок авторизации").selectOption("ryazan_2024");
  assert.match(await said.textContent(), /не подходит/);
  await opened.getByLabel("Дата рождения ученика").fill("31.02.2010");
  assert.match(await said.textContent(), /Такой даты рождения не бывает/);
  await opened.getByText("Порядок словами").click();
  assert.ok((await opened.locator("#words li").count()) > 3);
  assert.deepEqual(wrong, []);
  await opened.close();
});

test("the page tells what marks to come would make", async () => {
  const { opened, wrong } = await page("/");
  await opened.waitForSelector("html[data-ready]");
  const mean = opened.locator("#mean");
  assert.match(await mean.textContent(), /3,90/);
  await opened.getByLabel("Новая отметка").fill("6");
  await opened.getByRole("button", { name: "Добавить" }).click();
  assert.match(await opened.locator("#add-said").textContent(), /Отметка/);
  await opened.getByLabel("Новая отметка").fill("5");
  await opened.getByRole("textbox", { name: "Вес" }).fill("3");
  await opened.getByRole("button", { name: "Добавить" }).click();
  assert.match(await mean.textContent(), /4,15.*был 3,90/);
  assert.ok((await opened.locator("#ways li").count()) > 0);
  await opened.getByRole("button", { name: "Убрать отметку 5" }).click();
  assert.match(await mean.textContent(), /3,90/);
  assert.deepEqual(wrong, []);
  await opened.close();
});

test("the page fits a phone and a desk, light and dark", async () => {
  for (const [width, height] of [[390, 844], [1200, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      const { opened } = await page("/", { viewport: { width, height }, colorScheme });
      await opened.waitForSelector("html[data-ready]");
      const wide = await opened.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} of ${width}`);
      if (process.env.ESCHOOL_PICTURES) {
        await opened.getByLabel("СНИЛС", { exact: true }).fill("112-233-445 96");
        await opened.getByLabel("Мобильный телефон").fill("89123456789");
        await opened.getByRole("button", { name: "Добавить" }).click();
        mkdirSync(process.env.ESCHOOL_PICTURES, { recursive: true });
        await opened.screenshot({ path: join(process.env.ESCHOOL_PICTURES, `${width}-${colorScheme}.png`), fullPage: true });
      }
      await opened.close();
    }
  }
});
