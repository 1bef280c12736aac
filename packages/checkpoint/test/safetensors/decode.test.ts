import { describe, expect, it } from "vitest";
import { decodeSafetensors, SafetensorsError } from "../../src/index.js";
import { entry, rawFile, utf8 } from "../files.js";

const DTYPES = "BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64";
const COUNTS = "expected integers from 0 to 2^53 - 1 in plain digits";
const a = entry("a", "[2]", "[0,8]");

describe("decodeSafetensors", () => {
  it("returns views of the file", () => {
    const file = rawFile(`{${a}}`, 8);
    const found = decodeSafetensors(file).tensors.get("a");
    expect(found).toMatchObject({ name: "a", dtype: "F32", shape: [2] });
    expect(found?.bytes.buffer).toBe(file.buffer);
    expect(found?.bytes.byteOffset).toBe(file.length - 8);
  });

  it("reads a view of a larger buffer", () => {
    const file = rawFile(`{${a}}`, 8);
    const buffer = new Uint8Array(file.length + 5);
    buffer.set(file, 3);
    const { tensors } = decodeSafetensors(buffer.subarray(3, 3 + file.length));
    expect(tensors.get("a")?.bytes.byteOffset).toBe(3 + file.length - 8);
  });

  it.each([
    ["no tensors", "{}", 0],
    [
      "white space between tokens, spaces after",
      '{ \n"a" :\t{"shape":[ ],\r"dtype":"F32","data_offsets":[0 , 4]} }  ',
      4,
    ],
    [
      "tensors without values anywhere",
      `{${entry("z", "[0,9007199254740991]", "[8,8]")},${a},${entry("y", "[3,0]", "[0,0]")}}`,
      8,
    ],
    ["any order of the data", `{${entry("b", "[1]", "[8,16]", "I64")},${a}}`, 16],
    ["metadata", `{"__metadata__":{"a":"b","":""},${a}}`, 8],
    ["escapes", `{${entry("\\u0061\\n\\ud83d\\ude00\\\\", "[]", "[0,1]", "BOOL")}}`, 1],
  ])("reads %s", (_, header, data) => {
    expect(() => decodeSafetensors(rawFile(header, data))).not.toThrow();
  });

  it("reads names as they were meant", () => {
    const { tensors } = decodeSafetensors(rawFile(`{${entry("\\u0061\\n\\ud83d\\ude00/", "[0]", "[0,0]")}}`));
    expect([...tensors.keys()]).toEqual(["a\n\u{1f600}/"]);
  });

  it.each([
    ["file: expected at least 8 bytes, got 7", new Uint8Array(7)],
    [`header: expected a length of at most 100000000 bytes, got ${2n ** 64n - 1n}`, rawFile("{}", 0, 2n ** 64n - 1n)],
    [`header: expected a length of at most 100000000 bytes, got ${2n ** 63n}`, rawFile("{}", 0, 2n ** 63n)],
    [`header: expected a length of at most 100000000 bytes, got ${2n ** 53n}`, rawFile("{}", 0, 2n ** 53n)],
    ["header: expected 100000000 bytes, got 2", rawFile("{}", 0, 100_000_000n)],
    ["header: expected 3 bytes, got 2", rawFile("{}", 0, 3n)],
    ["header: expected { as the first byte, got another", rawFile("", 0)],
    ["header: expected { as the first byte, got another", rawFile(" {}")],
    ["header: expected only spaces after the object that ends at byte 2, got others", rawFile("{}\n")],
    ["header: expected only spaces after the object that ends at byte 2, got others", rawFile("{}{}")],
    ["header: expected \" at byte 1, got the header's end", rawFile("{")],
    ['header: expected " at byte 1, got "["', rawFile("{[[[[")],
    [`header: expected , or } at byte ${a.length + 1}, got "x"`, rawFile(`{${a}x}`, 8)],
    [`header: expected " at byte ${a.length + 2}, got "}"`, rawFile(`{${a},}`, 8)],
    ["header: expected the string from byte 2 to end, got no more bytes", rawFile('{"a')],
    ["header: expected no control character in a string, got byte 10 at 3", rawFile('{"a\n"')],
    ["header: expected JSON's escapes in the string from byte 2, got others", rawFile('{"\\x"')],
    ["header: expected whole characters in the string from byte 2, got half a surrogate pair", rawFile('{"\\ud800"')],
    [
      "header: expected UTF-8 in the string from byte 2, got other bytes",
      rawFile(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)),
    ],
    [
      "header: expected UTF-8 in the string from byte 2, got other bytes",
      rawFile(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22)),
    ],
    ['header: expected " at byte 1, got byte 255', rawFile(Uint8Array.of(0x7b, 0xff))],
    ['header: expected each tensor once, got "a" twice', rawFile(`{${a},${a}}`, 8)],
    ['header: expected each tensor once, got "a" twice', rawFile(`{${a},${entry("\\u0061", "[2]", "[0,8]")}}`, 8)],
    ['header: expected other tensor names than "__proto__"', rawFile(`{${entry("__proto__", "[2]", "[0,8]")}}`, 8)],
    [
      'header: expected other tensor names than "constructor"',
      rawFile(`{${entry("constr\\u0075ctor", "[2]", "[0,8]")}}`, 8),
    ],
    ['header: expected other tensor names than "prototype"', rawFile(`{${entry("prototype", "[2]", "[0,8]")}}`, 8)],
    ["header: expected __metadata__ once, got it twice", rawFile('{"__metadata__":{},"__metadata__":{}}')],
    ['header: expected { at byte 16, got "n"', rawFile('{"__metadata__":null}')],
    ['header: expected " at byte 21, got "1"', rawFile('{"__metadata__":{"a":1}}')],
    ['header: __metadata__: expected other keys than "__proto__"', rawFile('{"__metadata__":{"__proto__":"a"}}')],
    ['header: __metadata__: expected each key once, got "a" twice', rawFile('{"__metadata__":{"a":"b","a":"b"}}')],
    ['tensor "a": expected { at byte 5, got "["', rawFile('{"a":[]}')],
    [
      'tensor "a": expected dtype, shape and data_offsets, got not all of them',
      rawFile('{"a":{"dtype":"F32","shape":[]}}'),
    ],
    ['tensor "a": expected dtype, shape and data_offsets, each once, got "x" too', rawFile('{"a":{"x":1}}')],
    [
      'tensor "a": expected dtype, shape and data_offsets, each once, got "__proto__" too',
      rawFile('{"a":{"__proto__":{}}}'),
    ],
    [
      'tensor "a": expected dtype, shape and data_offsets, each once, got "dtype" too',
      rawFile('{"a":{"dtype":"F32","dtype":"F32"}}'),
    ],
    [
      'tensor "a": expected dtype, shape and data_offsets, each once, got "shape" too',
      rawFile('{"a":{"shape":[],"shape":[]}}'),
    ],
    [`tensor "a": dtype: expected one of ${DTYPES}, got "F4"`, rawFile('{"a":{"dtype":"F4"}}')],
    [`tensor "a": shape: ${COUNTS}, got "-1"`, rawFile('{"a":{"shape":[-1]}}')],
    [`tensor "a": shape: ${COUNTS}, got "01"`, rawFile('{"a":{"shape":[01]}}')],
    [`tensor "a": shape: ${COUNTS}, got "1.0"`, rawFile('{"a":{"shape":[1.0]}}')],
    [`tensor "a": shape: ${COUNTS}, got "1e3"`, rawFile('{"a":{"shape":[1e3]}}')],
    [`tensor "a": shape: ${COUNTS}, got ""`, rawFile('{"a":{"shape":[,]}}')],
    [`tensor "a": shape: ${COUNTS}, got "[[[["`, rawFile('{"a":{"shape":[[[[[')],
    [`tensor "a": shape: ${COUNTS}, got "9007199254740992"`, rawFile('{"a":{"shape":[9007199254740992]}}')],
    [`tensor "a": shape: ${COUNTS}, got "${"9".repeat(24)}"`, rawFile(`{"a":{"shape":[${"9".repeat(1000)}]}}`)],
    ['tensor "a": data_offsets: expected 2 integers, got 3', rawFile(`{${entry("a", "[2]", "[0,8,8]")}}`, 8)],
    ['tensor "a": data_offsets: expected 2 integers, got 0', rawFile(`{${entry("a", "[2]", "[]")}}`, 8)],
    [
      'tensor "a": data_offsets: expected begin <= end <= 8, the bytes of data, got [8, 0]',
      rawFile(`{${entry("a", "[2]", "[8,0]")}}`, 8),
    ],
    ['tensor "a": data_offsets: expected begin <= end <= 7, the bytes of data, got [0, 8]', rawFile(`{${a}}`, 7)],
    ["file: expected 8 bytes of data, got 9", rawFile(`{${a}}`, 9)],
    ["file: expected 0 bytes of data, got 1", rawFile("{}", 1)],
    ['tensor "a": expected 12 bytes for F32 [3], got 8', rawFile(`{${entry("a", "[3]", "[0,8]")}}`, 8)],
    [
      'tensor "a": expected over 2^53 bytes for F32 [4294967296, 4294967296], got 0',
      rawFile(`{${entry("a", "[4294967296,4294967296]", "[0,0]")}}`),
    ],
    [
      'tensor "a": expected over 2^53 bytes for U8 [2, 2, 2, 2, 2, 2, 2, 2, ...], got 0',
      rawFile(`{${entry("a", `[${Array(64).fill(2)}]`, "[0,0]", "U8")}}`),
    ],
    [
      'tensor "b": data_offsets: expected to begin at 8, where the one before ends, got 4',
      rawFile(`{${a},${entry("b", "[2]", "[4,12]")}}`, 12),
    ],
    [
      'tensor "b": data_offsets: expected to begin at 8, where the one before ends, got 12',
      rawFile(`{${a},${entry("b", "[1]", "[12,16]")}}`, 16),
    ],
    [
      'tensor "b": data_offsets: expected to begin at 8, where the one before ends, got 4',
      rawFile(`{${entry("b", "[0]", "[4,4]")},${a}}`, 8),
    ],
  ])("reports: %s", (message, file) => {
    expect(() => decodeSafetensors(file)).toThrow(new SafetensorsError(message));
  });

  it("cuts long names in messages and escapes what a terminal would obey", () => {
    const long = rawFile(`{${entry("é".repeat(61), "[1]", "[0,0]")}}`);
    expect(() => decodeSafetensors(long)).toThrow(`tensor "${"é".repeat(60)}...": expected 4 bytes`);
    const control = rawFile(`{${entry("\\u001b[31m\\u009b\u202e", "[1]", "[0,0]")}}`);
    expect(() => decodeSafetensors(control)).toThrow('tensor "\\u001b[31m\\u009b\\u202e": expected 4 bytes');
  });

  it("refuses what is no Uint8Array", () => {
    const decode = decodeSafetensors as (bytes: unknown) => unknown;
    expect(() => decode(new ArrayBuffer(8))).toThrow(new TypeError("bytes: expected a Uint8Array, got ArrayBuffer"));
    expect(() => decode("{}")).toThrow(new TypeError('bytes: expected a Uint8Array, got "{}"'));
  });

  it("takes ten times as long for ten times as many tensors, not a hundred", () => {
    const time = (count: number) => {
      const order = Array.from({ length: count }, (_, index) => (index * 7919) % count);
      const header = order.map((at) => entry(`tensor ${at}`, "[1]", `[${4 * at},${4 * at + 4}]`)).join(",");
      const file = rawFile(utf8(`{${header}}`), 4 * count);
      // CPU time: the machine may be busy. The least of three: the garbage collector may run in one of them.
      const times = [1, 2, 3].map(() => {
        const start = process.cpuUsage();
        expect(decodeSafetensors(file).tensors.size).toBe(count);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...times);
    };
    time(10_000);
    expect(time(100_000)).toBeLessThan(40 * time(10_000));
  });
});
