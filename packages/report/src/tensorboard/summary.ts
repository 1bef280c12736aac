import { bytesField, floatField, integerField, messageField, stringField } from "./protobuf.js";

/** An image as the bytes of a PNG file. */
export interface PngImage {
  /** The file. */
  readonly png: Uint8Array;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * A value of a step, created by `scalar`, `text` or `image`. TensorBoard groups values by the part of the tag before a
 * slash.
 */
export type SummaryValue = ScalarValue | TextValue | ImageValue;

/** A point of a curve. */
export type ScalarValue = {
  /** Kind of the value. */
  readonly kind: "scalar";
  /** Name of the curve. */
  readonly tag: string;
  /** Any number, including NaN and infinities; rounded to float32. */
  readonly value: number;
};

/** A text. */
export type TextValue = {
  /** Kind of the value. */
  readonly kind: "text";
  /** Name of the text. */
  readonly tag: string;
  /** The text, which TensorBoard renders as Markdown. */
  readonly markdown: string;
};

/** An image. */
export type ImageValue = {
  /** Kind of the value. */
  readonly kind: "image";
  /** Name of the image. */
  readonly tag: string;
  /** The image, as the bytes of a PNG file. */
  readonly image: PngImage;
};

/**
 * Creates a point of a curve.
 *
 * @param tag - name of the curve.
 * @param value - any number, including NaN and infinities; rounded to float32.
 * @returns the value for `encodeSummary`.
 */
export function scalar(tag: string, value: number): SummaryValue {
  return { kind: "scalar", tag, value };
}

/**
 * Creates a text.
 *
 * @param tag - name of the text.
 * @param markdown - the text; TensorBoard renders it as Markdown, so pass plain text through `preformatted`.
 * @returns the value for `encodeSummary`.
 */
export function text(tag: string, markdown: string): SummaryValue {
  return { kind: "text", tag, markdown };
}

/**
 * Creates an image.
 *
 * @param tag - name of the image.
 * @param png - the file, for example from `encodePng`, with its size.
 * @returns the value for `encodeSummary`.
 */
export function image(tag: string, png: PngImage): SummaryValue {
  return { kind: "image", tag, image: png };
}

/**
 * Converts plain text to Markdown that displays it unchanged and in a monospaced font. Every line is indented by four
 * spaces, because the text could contain a code fence.
 *
 * @param plain - any text.
 * @returns Markdown.
 */
export function preformatted(plain: string): string {
  return plain
    .split(/\r\n?|\n/)
    .map((line) => `    ${line}`)
    .join("\n");
}

// Field numbers and enums of TensorFlow's summary.proto, tensor.proto and types.proto.
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2, image: 4, tensor: 8, metadata: 9 } as const;
const IMAGE = { height: 1, width: 2, colorspace: 3, encodedImageString: 4 } as const;
const METADATA = { pluginData: 1, dataClass: 4 } as const;
const PLUGIN_DATA = { pluginName: 1 } as const;
const TENSOR = { dtype: 1, tensorShape: 2, stringVal: 8 } as const;
const COLORSPACE_RGB = 3;
const DATA_CLASS_TENSOR = 2;
const DT_STRING = 7;

/** Encodes the fields of a `Summary` message. */
export function summaryFields(values: readonly SummaryValue[]): Uint8Array[] {
  return values.map((value) => messageField(SUMMARY.value, [stringField(VALUE.tag, value.tag), ...contents(value)]));
}

function contents(value: SummaryValue): Uint8Array[] {
  switch (value.kind) {
    case "scalar":
      return [floatField(VALUE.simpleValue, value.value)];
    case "text":
      return textFields(value.markdown);
    case "image":
      return [imageField(value.image)];
  }
}

function textFields(markdown: string): Uint8Array[] {
  return [
    messageField(VALUE.tensor, [
      integerField(TENSOR.dtype, DT_STRING),
      // No dimensions: a single text, not a table.
      messageField(TENSOR.tensorShape, []),
      stringField(TENSOR.stringVal, markdown),
    ]),
    messageField(VALUE.metadata, [
      messageField(METADATA.pluginData, [stringField(PLUGIN_DATA.pluginName, "text")]),
      integerField(METADATA.dataClass, DATA_CLASS_TENSOR),
    ]),
  ];
}

function imageField({ png, width, height }: PngImage): Uint8Array {
  return messageField(VALUE.image, [
    integerField(IMAGE.height, height),
    integerField(IMAGE.width, width),
    integerField(IMAGE.colorspace, COLORSPACE_RGB),
    bytesField(IMAGE.encodedImageString, png),
  ]);
}
