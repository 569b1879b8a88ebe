/** The device as it lies on the bench: a titanium can with its header, two leads, a lamp, and the screen that a real one has not. */
import { DeviceScreen } from "DevicePane";

const BEZEL = 22;
const HEADER = 62;
const CAPTION = 34;

const skin = (fill, stroke = fill) => new Skin({ fill, stroke });
const states = (...fills) => new Skin({ fill: fills, stroke: fills });

/** A disc, or a ring with its border. */
const disc = ($, x, y, size, look, more = {}) =>
  RoundContent($, { left: x, top: y, width: size, height: size, radius: size / 2, skin: look, ...more });

/** @param size of the screen */
export function Case($, [width, height]) {
  const outer = { width: width + 2 * BEZEL, height: height + 2 * BEZEL + CAPTION };
  const port = (name, x) => [
    RoundContent($, { left: x, top: 0, width: 14, height: 34, radius: 7, skin: skin("#3b4650") }),
    disc($, x - 8, 20, 30, skin("#dfe6ea", "#aab6bf")),
    disc($, x - 2, 26, 18, states("#2d8f5b", "#d8453c"), { anchor: `PORT_${name}` }),
  ];
  const label = (string, place, style) => Label($, { ...place, string, style });
  const small = new Style({ font: "12px Open Sans", color: "#5b6770" });
  const name = new Style({ font: "semibold 16px Open Sans", color: "#2a333a" });
  return [
    Container($, {
      width: outer.width,
      height: outer.height + HEADER,
      contents: [
        // the header, which the leads go into
        RoundContent($, {
          left: 70,
          top: 18,
          width: outer.width - 140,
          height: HEADER + 30,
          radius: 30,
          skin: skin("#b9d3dc"),
        }),
        ...port("atrium", Math.round(outer.width / 2) - 70),
        ...port("ventricle", Math.round(outer.width / 2) + 56),
        // the can
        RoundContent($, {
          left: 0,
          top: HEADER,
          width: outer.width,
          height: outer.height,
          radius: 46,
          skin: skin("#8d99a2"),
        }),
        RoundContent($, {
          left: 3,
          top: HEADER + 3,
          width: outer.width - 6,
          height: outer.height - 6,
          radius: 44,
          skin: skin("#cfd7dc"),
        }),
        RoundContent($, {
          left: BEZEL - 6,
          top: HEADER + BEZEL - 6,
          width: width + 12,
          height: height + 12,
          radius: 14,
          skin: skin("#0a1018"),
        }),
        DeviceScreen($, { left: BEZEL, width, top: HEADER + BEZEL, height, rotation: 0 }),
        Content($, {
          anchor: "DARK",
          left: BEZEL,
          width,
          top: HEADER + BEZEL,
          height,
          skin: skin("#05080c"),
          visible: false,
        }),
        label("Vagus", { left: BEZEL + 30, top: HEADER + BEZEL + height + 16, width: 90, height: 24 }, name),
        disc($, BEZEL + 6, HEADER + BEZEL + height + 20, 16, states("#9aa5ad", "#ffbe3c"), {
          anchor: "LAMP",
        }),
        label(
          width < 300 ? "not a medical device" : "simulated · not a medical device",
          { right: BEZEL + 6, top: HEADER + BEZEL + height + 16, width: width < 300 ? 130 : 220, height: 24 },
          new Style({ font: "12px Open Sans", color: "#5b6770", horizontal: "right" }),
        ),
        Container($, {
          anchor: "MAGNET_ON",
          right: -30,
          top: HEADER + 70,
          width: 60,
          height: 120,
          visible: false,
          contents: [
            RoundContent($, { left: 0, top: 0, width: 60, height: 120, radius: 12, skin: skin("#c8352c") }),
            Content($, { left: 0, right: 0, top: 60, height: 48, skin: skin("#dfe6ea") }),
            label(
              "N",
              { left: 0, right: 0, top: 16, height: 28 },
              new Style({ font: "semibold 16px Open Sans", color: "white" }),
            ),
            label("S", { left: 0, right: 0, top: 68, height: 28 }, small),
          ],
        }),
      ],
    }),
  ];
}
