export { layout } from "./layout.js";
export { Screen, type ScreenStream } from "./screen.js";
export { cells, clip, paint, terminalStyle } from "./text.js";
export { Trace, type TraceOptions } from "./trace.js";
