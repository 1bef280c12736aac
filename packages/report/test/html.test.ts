import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandCode, html, time } from "../src/html.js";

describe("html", () => {
  it("escapes text, and inserts HTML unchanged", () => {
    const inner = html`<b title="${'"'}">${"<i>&'"}</b>`;
    expect(String(html`<p>${inner}${[1, undefined, "a"]}</p>`)).toBe(
      '<p><b title="&quot;">&lt;i&gt;&amp;&#39;</b>1a</p>',
    );
  });

  it("escapes characters that reverse text or have no width", () => {
    expect(String(html`<p title="${"\u202ea"}">${"\x1b[31m\x07\ttab\n"}</p>`)).toBe(
      '<p title="\\u202ea">\\x1b[31m\\x07\\ttab\n</p>',
    );
  });

  it("leaves no character that ends a text or an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(String(html`${text}`)).toMatch(/^(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)*$/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML does not allow.
        expect(String(html`${text}`)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/);
      }),
      { seed: 1 },
    );
  });

  it("breaks commands between their words", () => {
    expect(String(commandCode("dnc train --a=<b>"))).toBe(
      "<code><span>dnc</span> <span>train</span> <span>--a=&lt;b&gt;</span></code>",
    );
  });

  it("renders times for people and for programs", () => {
    expect(String(time(new Date(Date.UTC(2025, 0, 31, 23, 59, 58))))).toBe(
      '<time datetime="2025-01-31T23:59:58.000Z">2025-01-31 23:59 UTC</time>',
    );
    expect(String(time(new Date(Number.NaN)))).toBe("<time>Invalid Date</time>");
  });
});
