import type { Place } from "./layout.js";

/** What an edge is to the answer of a network: part of the right answer, missing from it, or wrong in it. */
export type EdgeMark = "right" | "missed" | "wrong";

/** An edge of a graph in a picture. */
export type PictureEdge = {
  /** Index of the node that it leaves. */
  readonly source: number;
  /** Index of the node where it leads. */
  readonly destination: number;
  /** Its label. */
  readonly label: string;
  /** How it is highlighted; default: not at all. */
  readonly mark?: EdgeMark | undefined;
};

/** A graph to draw. */
export type GraphPicture = {
  /** What the picture shows, for those who cannot see it. */
  readonly title: string;
  /** Names of the nodes, at least one. */
  readonly nodes: readonly string[];
  /** The edges, of which several may connect the same nodes. */
  readonly edges: readonly PictureEdge[];
  /** Index of the node where a path begins; default: none is shown as such. */
  readonly start?: number | undefined;
  /** Index of the node where a path is to end; default: none is shown as such. */
  readonly goal?: number | undefined;
  /** Places of the nodes, each from 0 to 1, y downwards; default: neighbours are placed close to each other. */
  readonly places?: readonly Place[] | undefined;
  /** Width in pixels, at least 160; default: 640. */
  readonly width?: number | undefined;
  /** Height in pixels without the legend, at least 160; default: 480. */
  readonly height?: number | undefined;
};
