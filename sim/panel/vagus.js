/**
 * The panel of the desktop simulator: a device in its case, and what a hand at the bench does to it. What is sent are the lines that
 * modules/platform/headless/bench.ts and world.ts read; what the world is like it hears from there, whoever changed it.
 */
import { ButtonsRow, ControlsColumn, PopupRow, SliderRow, SwitchRow } from "ControlsPane";
import { DeviceBehavior, DeviceContainer } from "DevicePane";
import { Case } from "./parts/case.js";
import { FAULTS, MODES, NOISES, noiseOf, RHYTHMS } from "./parts/choices.js";

/** How long it stays dark. */
const DARK_MS = 1500;
const HOLD_MS = 3300;
const RESET_MS = 10_500;

const choose = (row, value) => {
  const { behavior } = row;
  const index = behavior.data.items.findIndex((item) => item.value === value);
  if (index < 0 || behavior.selection === index) return;
  behavior.selection = index;
  behavior.data.value = value;
  row.first.next.string = behavior.data.items[index].title;
};

const set = (row, value) => {
  const { data } = row.behavior;
  if (data.value === value) return;
  data.value = value;
  row.behavior.onDataChanged(row);
  row.defer("onDataChanged"); // the words beside it have moved what it has moved
};

class Bench extends DeviceBehavior {
  onCreate(container, device) {
    super.onCreate(container, device);
    this.ends = undefined;
  }

  onJSON(container, json) {
    if (json.xsbug === "abort") application.defer("doReloadFile");
    if (json.ready) this.onReady(container, json.world);
    else if (json.world) this.show(json.world);
    if ("lamp" in json) this.device.LAMP.state = json.lamp ? 1 : 0;
    if (json.power === "cut") this.goDark(container);
    if (json.power === "reset") application.defer("doReloadFile");
  }

  /** The patient is as before, whatever happened to the device; what its pacer is programmed to is the device's own. */
  onReady(container, world) {
    const { before } = this;
    this.device.DARK.visible = false;
    if (world) this.show(world);
    if (before) {
      const { rhythm, bpm, leads, noise, batteryPercent, magnet, range } = before;
      const lines = [
        { rhythm, ...(bpm !== undefined && { bpm }) },
        { lead: "atrium", fault: leads.atrium },
        { lead: "ventricle", fault: leads.ventricle },
        { noise },
        { battery: batteryPercent },
        { magnet },
        { range },
      ];
      for (const line of lines) this.postJSON(container, line);
    }
    if (this.resetting) this.after(container, RESET_MS, () => this.postJSON(container, { button: "up" }));
    this.resetting = false;
  }

  show(world) {
    this.before = world;
    choose(this.RHYTHM, world.rhythm);
    choose(this.MODE, world.mode);
    choose(this.ATRIUM, world.leads.atrium);
    choose(this.VENTRICLE, world.leads.ventricle);
    choose(this.NOISE, noiseOf(world.noise));
    set(this.BATTERY, world.batteryPercent);
    set(this.MAGNET, world.magnet);
    set(this.RANGE, world.range);
    for (const chamber of ["atrium", "ventricle"]) {
      this.device[`PORT_${chamber}`].state = world.leads[chamber] === "none" ? 0 : 1;
    }
    this.device.MAGNET_ON.visible = world.magnet;
  }

  /** One thing is waited for at a time. */
  after(container, ms, ends) {
    this.ends = ends;
    container.stop();
    container.duration = ms;
    container.time = 0;
    container.start();
  }

  onFinished() {
    const { ends } = this;
    this.ends = undefined;
    ends?.();
  }

  /** The firmware ends when it has said its last word, and comes again. */
  goDark(container) {
    this.device.DARK.visible = true;
    this.device.LAMP.state = 0;
    this.after(container, 1, () => {
      application.behavior.quitScreen();
      this.after(container, DARK_MS, () => application.behavior.launchScreen());
    });
  }

  onRhythm(container, { value }) {
    this.postJSON(container, { rhythm: value });
  }
  onRate(container, { value }) {
    this.postJSON(container, { rhythm: this.before?.rhythm ?? "sinus", bpm: Math.round(value) });
  }
  onMode(container, { value }) {
    this.postJSON(container, { mode: value });
  }
  onAtrium(container, { value }) {
    this.postJSON(container, { lead: "atrium", fault: value });
  }
  onVentricle(container, { value }) {
    this.postJSON(container, { lead: "ventricle", fault: value });
  }
  onNoise(container, { value }) {
    this.postJSON(container, { noise: NOISES.find((noise) => noise.value === value).heights });
  }
  onBattery(container, { value }) {
    this.postJSON(container, { battery: Math.round(value) });
  }
  onMagnet(container, { value }) {
    this.postJSON(container, { magnet: value });
  }
  onRange(container, { value }) {
    this.postJSON(container, { range: value });
  }
  onDown(container) {
    this.postJSON(container, { button: "down" });
  }
  onUp(container) {
    this.postJSON(container, { button: "up" });
  }
  onHold(container) {
    this.onDown(container);
    this.after(container, HOLD_MS, () => this.onUp(container));
  }
  onCut(container) {
    this.postJSON(container, { power: "cut" });
  }
  onCutWrite(container) {
    this.postJSON(container, { power: "write" });
  }
  onReset(container) {
    this.postJSON(container, { power: "reset" });
  }
  /** The button is down while the power comes, and for ten seconds. */
  onFactoryReset(container) {
    this.onDown(container);
    this.resetting = true;
    this.onReset(container);
  }
}

const Controls = ControlsColumn.template(() => ({
  contents: [
    PopupRow({ name: "RHYTHM", label: "Rhythm", event: "onRhythm", value: "sinus", items: RHYTHMS }),
    SliderRow({
      name: "RATE",
      label: "Sinus rate",
      event: "onRate",
      min: 30,
      max: 180,
      step: 1,
      unit: "/min",
      value: 72,
    }),
    PopupRow({ name: "MODE", label: "Pacing mode", event: "onMode", value: "DDD", items: MODES }),
    PopupRow({ name: "ATRIUM", label: "Atrial lead", event: "onAtrium", value: "none", items: FAULTS }),
    PopupRow({
      name: "VENTRICLE",
      label: "Ventricular lead",
      event: "onVentricle",
      value: "none",
      items: FAULTS,
    }),
    PopupRow({ name: "NOISE", label: "Noise", event: "onNoise", value: "none", items: NOISES }),
    SliderRow({
      name: "BATTERY",
      label: "Battery",
      event: "onBattery",
      min: 0,
      max: 100,
      step: 1,
      unit: " %",
      value: 100,
    }),
    SwitchRow({ name: "MAGNET", label: "Magnet", event: "onMagnet", on: "on it", off: "away", value: false }),
    SwitchRow({
      name: "RANGE",
      label: "Radio",
      event: "onRange",
      on: "in range",
      off: "out of range",
      value: true,
    }),
    ButtonsRow({
      label: "Button",
      buttons: [
        { eventDown: "onDown", eventUp: "onUp", label: "Press" },
        { event: "onHold", label: "Hold 3 s" },
      ],
    }),
    ButtonsRow({
      label: "Power",
      buttons: [
        { event: "onCut", label: "Cut" },
        { event: "onCutWrite", label: "In a write" },
      ],
    }),
    ButtonsRow({
      label: "Reset",
      buttons: [
        { event: "onReset", label: "Restart" },
        { event: "onFactoryReset", label: "Factory" },
      ],
    }),
  ],
}));

export default {
  applicationName: "release/.*",
  title: "Vagus",
  Workers: {},
  ControlsTemplate: Controls,
  DeviceTemplates: Object.fromEntries(
    Object.entries({ 0: [480, 320], 90: [320, 240], 180: [480, 320], 270: [240, 320] }).map(
      ([rotation, size]) => [
        rotation,
        DeviceContainer.template(($) => ({ Behavior: Bench, contents: Case($, size) })),
      ],
    ),
  ),
};
