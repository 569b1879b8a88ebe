/** The canvas of a display that the Moddable SDK drives. */
import Resource from "Resource";
import Poco from "commodetto/Poco";
import parseBMF from "commodetto/parseBMF";
import { type Canvas, type Color, PALETTE, type Size } from "./canvas.js";

/** Bytes for what is drawn between `begin` and `end`. */
const DISPLAY_LIST = 2048;

export function openCanvas(): Canvas {
  const poco = new Poco(screen, { displayListLength: DISPLAY_LIST });
  const fonts = {
    small: parseBMF(new Resource("OpenSans-Semibold-16.bf4")),
    large: parseBMF(new Resource("OpenSans-Semibold-28.bf4")),
  };
  const colors = {} as Record<Color, number>;
  for (const name of Object.keys(PALETTE) as Color[]) {
    const [red, green, blue] = PALETTE[name];
    colors[name] = poco.makeColor(red, green, blue);
  }
  return {
    width: poco.width,
    height: poco.height,
    begin: (x, y, width, height) => poco.begin(x, y, width, height),
    fill: (color, x, y, width, height) => poco.fillRectangle(colors[color], x, y, width, height),
    text: (text: string, size: Size, color, x, y) => poco.drawText(text, fonts[size], colors[color], x, y),
    end: () => poco.end(),
    textWidth: (text, size) => poco.getTextWidth(text, fonts[size]),
    lineHeight: (size) => fonts[size].height,
  };
}
