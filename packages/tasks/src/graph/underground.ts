import { type NamedGraph, namedGraph } from "./named-graph.js";

/** Labels forward and backward, and the stations in forward order. */
type Line = readonly [forward: string, backward: string, stations: readonly string[]];

/**
 * Lines between the stations of Zone 1 that two or more lines serve (Circle, District, Hammersmith & City and Metropolitan count as
 * one); stations between them are left out.
 */
const LINES: readonly Line[] = [
  [
    "Bakerloo S",
    "Bakerloo N",
    [
      ...["Paddington", "Baker St", "Oxford Circus", "Piccadilly Circus"],
      ...["Charing Cross", "Embankment", "Waterloo", "Elephant & Castle"],
    ],
  ],
  [
    "Central E",
    "Central W",
    ["Notting Hill Gate", "Bond St", "Oxford Circus", "Tottenham Ct Rd", "Holborn", "Bank", "Liverpool St"],
  ],
  [
    "Circle clockwise",
    "Circle anticlockwise",
    [
      ...["Paddington", "Baker St", "King's Cross", "Moorgate", "Liverpool St", "Embankment", "Westminster"],
      ...["Victoria", "South Kensington", "Gloucester Rd", "Notting Hill Gate", "Paddington"],
    ],
  ],
  ["Jubilee E", "Jubilee W", ["Baker St", "Bond St", "Green Park", "Westminster", "Waterloo", "London Bridge"]],
  [
    "Northern (Bank) S",
    "Northern (Bank) N",
    ["Euston", "King's Cross", "Moorgate", "Bank", "London Bridge", "Elephant & Castle"],
  ],
  [
    "Northern (Charing Cross) S",
    "Northern (Charing Cross) N",
    ["Euston", "Warren St", "Tottenham Ct Rd", "Leicester Sq", "Charing Cross", "Embankment", "Waterloo"],
  ],
  [
    "Piccadilly E",
    "Piccadilly W",
    [
      ...["Earl's Court", "Gloucester Rd", "South Kensington", "Green Park"],
      ...["Piccadilly Circus", "Leicester Sq", "Holborn", "King's Cross"],
    ],
  ],
  ["Victoria N", "Victoria S", ["Victoria", "Green Park", "Oxford Circus", "Warren St", "Euston", "King's Cross"]],
  ["Waterloo & City E", "Waterloo & City W", ["Waterloo", "Bank"]],
];

/**
 * The London Underground's interchange stations of Zone 1, on which traversal and shortest path are tested: 26 stations, 106 edges, 18
 * labels, each a line with a direction.
 *
 * Source: the test of Graves et al. 2016, Figure 3, is such a graph, which the text does not list; this one is made from the
 * stations and lines of the tubemaps package (github.com/nicola/tubemaps).
 */
export const UNDERGROUND: NamedGraph = namedGraph(
  LINES.flatMap(([forward, backward, stations]) =>
    stations.slice(1).flatMap((to, at): [string, string, string][] => {
      const from = stations[at] as string;
      return [
        [from, forward, to],
        [to, backward, from],
      ];
    }),
  ),
);
