// Takes the picture that README shows: a parent's children in a hand, and a child's week on a desk.
//
//     PORTAL_BIN=… CHROMIUM=… node picture.mjs ../../../docs/diary.png

import { signInByEsia, startBrowser, startPortal } from "./portal.mjs";

const [, , file] = process.argv;
if (!file) throw new Error("say where the picture goes: node picture.mjs FILE");

const HAND = { width: 390, height: 640 };
const DESK = { width: 1120, height: 860 };

const portal = await startPortal();
const browser = await startBrowser();
try {
  const context = await browser.newContext({ viewport: HAND, locale: "ru-RU" });
  const page = await context.newPage();
  await signInByEsia(page, portal.address, /Берестнева Ольга/);
  await page.getByRole("heading", { level: 1, name: "Мои дети" }).waitFor();
  const children = await page.screenshot();

  await page.setViewportSize(DESK);
  await page.getByRole("link", { name: /^Неделя/ }).last().click();
  // A week that teachers have filled shows more than one that has just begun.
  for (let week = 0; week < 6 && (await page.locator(".lesson .marks .work").count()) < 6; week++) {
    await page.getByRole("link", { name: /Назад/ }).click();
    await page.waitForLoadState();
  }
  const diary = await page.screenshot();

  const shot = (bytes) => `data:image/png;base64,${bytes.toString("base64")}`;
  const sheet = await browser.newPage({ viewport: { width: 1590, height: 940 } });
  await sheet.setContent(`
    <style>
      body { margin: 0; height: 940px; background: #dfe7e2; position: relative; }
      img { position: absolute; border-radius: 14px; box-shadow: 0 12px 40px rgb(0 40 20 / 28%); }
    </style>
    <img src="${shot(diary)}" style="right: 40px; top: 40px; width: ${DESK.width}px" alt="">
    <img src="${shot(children)}" style="left: 40px; bottom: 40px; width: ${HAND.width}px" alt="">`);
  await sheet.screenshot({ path: file });
} finally {
  await browser.close();
  await portal.stop();
}
