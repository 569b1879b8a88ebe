/** The firmware: the platform's ports joined to the device. */
import { openPorts } from "platform";
import { Device } from "./modules/device/index.js";

openPorts().then((ports) => Device.start(ports));
