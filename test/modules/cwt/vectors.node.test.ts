/** The status lists' vectors need zlib, which XS has not. */
import { nodeZlib } from "../../../host/cose/zlib.js";
import { statusList } from "../../vectors/status-list.js";
import { judge } from "./judge.js";

judge([statusList(nodeZlib)]);
