// What a program for a terminal makes of answers that no portal gives, or gives rarely: served by a
// server of our own, so that each is what it is.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, it } from "node:test";

import { plain, start } from "./programs.mjs";

const ESCAPE = "\u001b[2J";
const DAY = "2026-09-16";
const CARD = ["--login", "any", "--day", DAY];
const PASSWORD = "Берёза-7";

const granted = { token: "0123456789abcdef" };
const child = {
  pupil: "01941c96-4e00-7000-80ac-550ef0aca4b5",
  name: { family: "Берестнева", given: `Анна${ESCAPE}` },
  class: "7А",
  schoolName: "Школа № 27",
};
const diary = { pupil: child.pupil, range: { from: "2026-09-14", to: "2026-09-20" }, days: [] };
const noTerm = {
  code: "term_not_found",
  textRu: `Сегодня${ESCAPE} каникулы`,
  textEn: "It is vacation",
};

/** A portal whose answers are told by method and path: a value as JSON, or what writes one itself. */
function answering(answers) {
  const asked = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => (body += data));
    request.on("end", () => {
      const { pathname } = new URL(request.url, "http://127.0.0.1");
      const what = `${request.method} ${pathname.replace("/api/v1/", "")}`;
      asked.push({ what, body, access: request.headers.authorization });
      const answer = answers[what] ?? (what === "DELETE token" ? {} : undefined);
      if (typeof answer === "function") return answer(response);
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = `http://127.0.0.1:${server.address().port}`;
      const stop = () => {
        server.closeAllConnections();
        return new Promise((stopped) => server.close(stopped));
      };
      resolve({ address, asked, stop });
    });
  });
}

const refusing = (status, answer) => (response) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer));
};

describe("a program for a terminal", () => {
  let portals;

  const portalOf = async (answers) => {
    const portal = await answering(answers);
    portals.push(portal);
    return portal;
  };
  beforeEach(() => (portals = []));
  afterEach(() => Promise.all(portals.map((portal) => portal.stop())));

  /** Words for people, and nothing of what only programs say to one another. */
  const isTold = ({ said, wrong }) => {
    const all = said + wrong;
    assert.match(wrong, /\p{Script=Cyrillic}/u);
    assert.ok(!all.includes("\u001b"), all);
    assert.doesNotMatch(all, /<html|Exception|\bat [\w.$]+\(|Fatal|0123456789abcdef/, all);
  };

  it("believes no answer that is none of a portal, and leaves nobody signed in", async () => {
    const page = (response) => response.end("<html><title>nginx</title>");
    const whole = {
      "POST token": granted,
      "GET children": [child],
      "GET diary": diary,
      "GET term": refusing(404, noTerm),
    };
    const sound = await start(await portalOf(whole), CARD, `${PASSWORD}\n`).printed;
    assert.equal(sound.code, 0, sound.said + sound.wrong);
    for (const [which, answer] of [
      ["POST token", page],
      ["POST token", { token: 7 }],
      ["POST token", []],
      ["GET children", page],
      ["GET children", { children: [] }],
      ["GET children", [{ ...child, pupil: null }]],
      ["GET children", ["Анна"]],
      ["GET diary", page],
      ["GET diary", { days: "никаких" }],
      ["GET diary", refusing(500, { error: "oops" })],
      ["GET diary", refusing(503, {})],
      ["GET term", refusing(500, {})],
    ]) {
      const portal = await portalOf({ ...whole, [which]: answer });
      const end = await start(portal, CARD, `${PASSWORD}\n`).printed;
      assert.equal(end.code, 1, `${which}: ${end.said}${end.wrong}`);
      isTold(end);
      const asked = portal.asked.map(({ what }) => what);
      assert.equal(JSON.parse(portal.asked[0].body).password, PASSWORD);
      // Nothing is asked by what was answered so, but that this program is no longer let in.
      assert.equal(asked.findLast((what) => what !== "DELETE token"), which, asked.join());
      if (which !== "POST token") {
        assert.equal(asked.at(-1), "DELETE token");
        assert.equal(portal.asked.at(-1).access, `Bearer ${granted.token}`);
      }
    }
  });

  it("gives a password to nobody to whom a portal sends it on", async () => {
    const other = await portalOf({ "POST token": granted });
    for (const status of [301, 302, 307, 308]) {
      const portal = await portalOf({
        "POST token": (response) => {
          response.writeHead(status, { location: `${other.address}/api/v1/token` });
          response.end();
        },
      });
      const end = await start(portal, CARD, `${PASSWORD}\n`).printed;
      assert.equal(end.code, 1, end.said + end.wrong);
      isTold(end);
      assert.equal(portal.asked[0].what, "POST token");
    }
    assert.deepEqual(other.asked, []);
  });

  it("says what a portal says, and what to do, and nothing that a terminal would obey", async () => {
    const refusal = {
      code: "password_wrong",
      textRu: `Пароль не${ESCAPE} подошёл`,
      textEn: "The password is wrong",
      next: [{ textRu: "Посмотрите в карточке", textEn: "Look at the card" }],
    };
    const portal = await portalOf({ "POST token": refusing(403, refusal) });
    const end = await start(portal, CARD, `${PASSWORD}\n`).printed;
    assert.equal(end.code, 1);
    isTold(end);
    assert.match(plain(end.wrong), /^Пароль не\[2J подошёл – Посмотрите в карточке$/);
  });

  it("prints a week between two terms", async () => {
    const portal = await portalOf({
      "POST token": granted,
      "GET children": [child],
      "GET diary": diary,
      "GET term": refusing(404, noTerm),
    });
    const end = await start(portal, CARD, `${PASSWORD}\n`).printed;
    assert.equal(end.code, 0, end.said + end.wrong);
    assert.match(end.said, /Берестнева Анна\[2J, 7А, Школа № 27/);
    assert.match(end.said, /Неделя с 14 сентября по 20 сентября/);
    assert.match(end.said, /Сегодня\[2J каникулы/);
    assert.ok(!end.said.includes("\u001b"), end.said);
  });

  it("tells of a child that a parent does not have", async () => {
    const portal = await portalOf({ "POST token": granted, "GET children": [child] });
    const end = await start(portal, [...CARD, "--child", "Борис"], `${PASSWORD}\n`).printed;
    assert.deepEqual([end.code, plain(end.wrong)], [1, "Ребёнка с таким именем нет"]);
    assert.equal(portal.asked.at(-1).what, "DELETE token");
  });

  it("takes no answer of another portal for this one's", async () => {
    const portal = await portalOf({ "POST token": granted });
    const program = start(portal, []);
    const address = new URL(await program.address);
    const back = new URL(address.searchParams.get("redirect_uri"));
    const state = address.searchParams.get("state");
    // Whoever knows no state is nobody, by whatever way they come.
    for (const [path, init] of [
      ["/favicon.ico", {}],
      [`/callback?code=1&state=wrong&iss=${portal.address}`, {}],
      ["/callback?%", {}],
      [`/callback?code=1&state=${state}&iss=${portal.address}`, { method: "POST" }],
    ]) {
      await fetch(new URL(path, back), init).catch(() => {});
    }
    back.search = new URLSearchParams({ code: "1", state, iss: "https://other.example" });
    await fetch(back);
    const end = await program.printed;
    assert.equal(end.code, 1, end.said + end.wrong);
    isTold({ ...end, said: "" });
    assert.match(end.wrong, /другой портал/i);
    assert.deepEqual(portal.asked, []);
  });

  it("sends nothing to another machine unprotected", async () => {
    for (const address of ["http://dnevnik.example.org", "ftp://127.0.0.1", "dnevnik", ""]) {
      const end = await start({ address }, CARD, `${PASSWORD}\n`).printed;
      assert.equal(end.code, 2, `${address}: ${end.said}${end.wrong}`);
      isTold(end);
    }
  });
});
