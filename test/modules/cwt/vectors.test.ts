import { standardsSuites } from "../../vectors/standards.js";
import { judge } from "./judge.js";

judge(standardsSuites());
