import type { Plugin } from "vite";

export function versions(): Plugin;
