import { expect, it } from "vitest";
import { startEvent, summaryEvent, versionEvent } from "../../src/tensorboard/event.js";
import { image, scalar, text } from "../../src/tensorboard/summary.js";

/** Encoding of the time 1 s: field 1, eight bytes, 1 as a double. */
const TIME = "09000000000000f03f";

/** Converts an event to hexadecimal digits. */
const bytesOf = (event: Uint8Array) => Buffer.from(event).toString("hex");
const spell = (...parts: string[]) => parts.map((part) => part.replaceAll(" ", "")).join("");
const ascii = (letters: string) => Buffer.from(letters).toString("hex");

it("the version is a string, without a step", () => {
  expect(bytesOf(versionEvent(1))).toBe(spell(TIME, "1a 0d", ascii("brain.Event:2")));
});

it("the start of a session has a step and a status", () => {
  expect(bytesOf(startEvent(1, 201))).toBe(spell(TIME, "10 c901", "3a 02 08 01"));
});

it("a scalar is a tag and a float", () => {
  expect(bytesOf(summaryEvent(1, 1, [scalar("a", 0.5)]))).toBe(
    spell(TIME, "10 01", "2a 0a 0a 08 0a 01 61 15 0000003f"),
  );
});

it("a scalar of zero at step zero is written out", () => {
  expect(bytesOf(summaryEvent(1, 0, [scalar("a", 0)]))).toBe(spell(TIME, "10 00", "2a 0a 0a 08 0a 01 61 15 00000000"));
});

it("a text is a string tensor without dimensions and the name of its plugin", () => {
  const tensor = "42 08 08 07 12 00 42 02 6869"; // DT_STRING, no dimensions, "hi"
  const metadata = spell("4a 0a 0a 06 0a 04", ascii("text"), "20 02"); // plugin, DATA_CLASS_TENSOR
  expect(bytesOf(summaryEvent(1, 1, [text("t", "hi")]))).toBe(
    spell(TIME, "10 01", "2a 1b 0a 19", "0a 01 74", tensor, metadata),
  );
});

it("an image has height, width, colour space and file", () => {
  const picture = { png: Uint8Array.of(1, 2, 3), width: 4, height: 5 };
  expect(bytesOf(summaryEvent(1, 1, [image("i", picture)]))).toBe(
    spell(TIME, "10 01", "2a 12 0a 10", "0a 01 69", "22 0b", "08 05", "10 04", "18 03", "22 03 010203"),
  );
});

it("several values are one event", () => {
  expect(bytesOf(summaryEvent(1, 1, [scalar("a", 0.5), scalar("b", 0.5)]))).toBe(
    spell(TIME, "10 01", "2a 14 0a 08 0a 01 61 15 0000003f 0a 08 0a 01 62 15 0000003f"),
  );
});
