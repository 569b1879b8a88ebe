import { type EcgSensor, encodeBlock } from "../../cardiac/index.js";
import type { StreamFormat } from "../../reading/index.js";
import type { StreamSource } from "./source.js";

/** Stream 1: the sensor's samples, packed. */
export class EcgSource implements StreamSource {
  private sensor: EcgSensor;

  constructor(sensor: EcgSensor) {
    this.sensor = sensor;
  }

  get format(): StreamFormat {
    const { rateHz, nanovoltsPerStep, channels } = this.sensor.format;
    return { rateHz, nanovoltsPerStep, channels };
  }

  get paced(): boolean {
    return this.sensor.paced;
  }

  get next(): number {
    return this.sensor.nextSample;
  }

  get late(): boolean {
    return this.sensor.nextSample < this.sensor.oldestSample;
  }

  begin(readingMs: number): void {
    const blockSamples = Math.round((readingMs * this.sensor.format.rateHz) / 1000);
    this.sensor.configure({ blockSamples, live: true });
  }

  dueInMs(): number {
    return this.sensor.dueInMs();
  }

  take(): Uint8Array | undefined {
    const block = this.sensor.sample();
    return block && encodeBlock(block.channels);
  }
}
