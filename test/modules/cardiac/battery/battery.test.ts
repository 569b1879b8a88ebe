import {
  batteryLeft,
  batteryStatus,
  createBattery,
  drainByPulse,
  drainByRadio,
  drainByTime,
  pulseEnergyNj,
} from "../../../../modules/cardiac/battery/index.js";
import { MAGNET_RATES_PPM } from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../../support/assert.js";

const nominal = { amplitudeMv: 3500, widthUs: 400 };
const DAY_MS = 86_400_000;

describe("cardiac/battery", () => {
  it("a pulse takes V² × width / Z: 3.5 V, 0.4 ms and 500 Ω are 9.8 µJ", () => {
    same(pulseEnergyNj(nominal, 500), 9800);
    same(pulseEnergyNj({ ...nominal, amplitudeMv: 7000 }, 500), 4 * 9800);
    same(pulseEnergyNj({ ...nominal, widthUs: 800 }, 500), 2 * 9800);
    same(pulseEnergyNj(nominal, 1000), 4900);
  });

  for (const [percent, status] of [
    [100, "BOL"],
    [10.1, "BOL"],
    [9.9, "ERN"],
    [5.1, "ERN"],
    [4.9, "ERT"],
    [2.1, "ERT"],
    [1.9, "ERP"],
    [0, "ERP"],
  ] as const)
    it(`${percent} % left: ${status}, magnet rate ${MAGNET_RATES_PPM[status]} ppm`, () =>
      same(batteryStatus(createBattery(percent)), status));

  it("lasts years, and fewer at full output", () => {
    const days = (amplitudeMv: number): number => {
      let battery = createBattery();
      for (let day = 0; ; day++) {
        if (batteryStatus(battery) !== "BOL") return day;
        battery = drainByTime(battery, DAY_MS);
        const pulse = { ...nominal, amplitudeMv };
        for (let i = 0; i < 10; i++) battery = drainByPulse(battery, pulse, 750 / (70 * 144));
      }
    };
    const [usual, full] = [days(3500), days(7000)];
    ok(usual > 8 * 365 && usual < 10 * 365, `${usual} days`);
    ok(full < 0.7 * usual && full > 3 * 365, `${full} days`);
  });

  it("an octet on air takes as much as some ten microseconds of work", () => {
    const battery = drainByRadio(createBattery(), 1_000_000);
    ok(batteryLeft(battery) < 1 && batteryLeft(battery) > 0.9999);
  });

  it("never below empty, never fuller, whatever it is told", () => {
    const empty = drainByRadio(createBattery(1), 1e300);
    deep([batteryLeft(empty), batteryStatus(empty)], [0, "ERP"]);
    const battery = createBattery(50);
    for (const wrong of [NaN, -1, 0]) {
      same(drainByRadio(battery, wrong), battery);
      same(drainByTime(battery, wrong), battery);
      same(drainByPulse(battery, nominal, wrong === 0 ? NaN : wrong), battery);
    }
    deep([createBattery(NaN), createBattery(-5), createBattery(900)].map(batteryLeft), [0, 0, 1]);
  });
});
