import { clip, paint, Screen, terminalStyle } from "../../../host/trace/index.js";
import { deep, same } from "../../support/assert.js";

/** A terminal, or a pipe, that keeps what it is given. */
function stream(options: { isTTY?: boolean; columns?: number; rows?: number }) {
  const written: string[] = [];
  return { ...options, written, write: (text: string) => written.push(text) };
}

describe("host/trace: the screen", () => {
  it("writes a frame once, then the rows that changed", () => {
    const tty = stream({ isTTY: true, columns: 20, rows: 10 });
    const screen = new Screen(tty);
    screen.draw(["one", "two", "three"]);
    screen.draw(["one", "TWO", "three"]);
    screen.draw(["one", "TWO", "three"]);
    screen.draw(["one"]);
    screen.end();
    screen.end();
    screen.draw(["late"]);
    deep(tty.written, [
      "\x1b[?25l\x1b[2J\x1b[1;1H\x1b[2Kone\x1b[2;1H\x1b[2Ktwo\x1b[3;1H\x1b[2Kthree",
      "\x1b[2;1H\x1b[2KTWO",
      "\x1b[2;1H\x1b[J",
      "\x1b[0m\x1b[1;1H\x1b[?25h\n",
    ]);
  });

  it("draws anew after a change of size, and never beyond it", () => {
    const tty = stream({ isTTY: true, columns: 20, rows: 10 });
    const screen = new Screen(tty);
    screen.draw(["a line of 20 columns", "b"]);
    tty.columns = 6;
    tty.rows = 2;
    screen.draw(["a line of 20 columns", "b"]);
    same(tty.written[1], "\x1b[?25l\x1b[2J\x1b[1;1H\x1b[2Ka line");
  });

  it("ends without a word where nothing was drawn", () => {
    const tty = stream({ isTTY: true });
    new Screen(tty).end();
    deep(tty.written, []);
  });

  it("into a pipe: a plain line a second, without colour or cursor", () => {
    let now = 0;
    const pipe = stream({});
    const screen = new Screen(pipe, () => now);
    for (now = 0; now < 3000; now += 100) screen.draw(["drawn"], paint(`at ${now}`, 32, true));
    screen.end();
    deep(pipe.written, ["at 0\n", "at 1000\n", "at 2000\n"]);
  });
});

describe("host/trace: text", () => {
  const clips: readonly (readonly [string, string, number, string])[] = [
    ["short", "abc", 5, "abc"],
    ["long", "abcdef", 3, "abc"],
    ["colour counts nothing and is closed", "\x1b[32mabcdef", 3, "\x1b[32mabc\x1b[0m"],
    ["a cursor's move does not pass", "a\x1b[2Jb", 9, "a?[2Jb"],
    ["nor a title, a bell, a new line", "\x1b]0;x\x07\n", 9, "?]0;x??"],
    ["nor a C1 control", "a\u009b2Jb", 9, "a?2Jb"],
    ["nor what turns the line around", "a\u202eb", 9, "a?b"],
    ["a character of two cells is one question mark", "心💓é", 9, "??é"],
    ["nothing", "abc", 0, ""],
  ];
  for (const [name, text, columns, expected] of clips) it(name, () => same(clip(text, columns), expected));

  const styles: readonly (readonly [Record<string, string>, boolean, boolean, boolean])[] = [
    [{ LANG: "en_GB.UTF-8", TERM: "xterm" }, true, false, true],
    [{ LANG: "en_GB.UTF-8", LC_ALL: "C", TERM: "xterm" }, true, true, true],
    [{ LC_CTYPE: "C.utf8", LANG: "C" }, true, false, true],
    [{}, true, true, true],
    [{ LANG: "C.UTF-8", NO_COLOR: "1" }, true, false, false],
    [{ LANG: "C.UTF-8", NO_COLOR: "" }, true, false, true],
    [{ LANG: "C.UTF-8" }, false, false, false],
    [{ LANG: "C.UTF-8", TERM: "dumb" }, true, false, false],
  ];
  for (const [env, isTTY, ascii, color] of styles)
    it(`${JSON.stringify(env)}${isTTY ? "" : " in a pipe"}: ${ascii ? "ASCII" : "braille"}, ${color ? "" : "no "}colour`, () =>
      deep(terminalStyle(env, { isTTY }), { ascii, color }));
});
