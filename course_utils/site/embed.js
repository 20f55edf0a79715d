// A page that is one widget.

import { hostModel, loadModule, unpacked } from "./host.js";

const { modules, models } = JSON.parse(document.getElementById("widgets").textContent);
const { default: widget } = await loadModule(modules[0]);
widget.render({ model: hostModel(await unpacked(models.widget.state)), el: document.querySelector(".widget") });
document.documentElement.dataset.widgets = "ready";
