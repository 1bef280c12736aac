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

/** A value under a tag; what precedes a slash in the tag groups tags. */
export type SummaryValue =
  | { readonly kind: "scalar"; readonly tag: string; readonly value: number }
  | { readonly kind: "text"; readonly tag: string; readonly markdown: string }
  | { readonly kind: "image"; readonly tag: string; readonly image: PngImage };

/** A point of a curve: any number, rounded to float32. */
export function scalar(tag: string, value: number): SummaryValue {
  return { kind: "scalar", tag, value };
}

/** A text, which TensorBoard renders as Markdown. */
export function text(tag: string, markdown: string): SummaryValue {
  return { kind: "text", tag, markdown };
}

/** An image, such as of `encodePng`. */
export function image(tag: string, png: PngImage): SummaryValue {
  return { kind: "image", tag, image: png };
}

/**
 * Markdown that shows plain text as it is, letter by letter in columns.
 *
 * Every line is indented by four spaces: a fence could be closed by the text itself.
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

/** The fields of a `Summary` message. */
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
      // No dimensions: one text, not a table of texts.
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
