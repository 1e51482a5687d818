"use strict";
(function () {
  const stored = JSON.parse(document.getElementById("data").textContent);

  // What comes again in the data is written once: {"$": n} stands for piece n.
  function unfold(piece) {
    if (Array.isArray(piece)) return piece.map(unfold);
    if (piece === null || typeof piece !== "object") return piece;
    if ("$" in piece) return unfold(stored.shared[piece.$]);
    return Object.fromEntries(Object.entries(piece).map(([name, value]) => [name, unfold(value)]));
  }

  // A chart is unfolded when it is first looked at.
  const data = unfold(Object.assign({}, stored.whole, { figures: null }));
  const folded = "$" in stored.whole.figures ? stored.shared[stored.whole.figures.$] : stored.whole.figures;
  const unfolded = new Map();
  function figure_of(key) {
    if (!unfolded.has(key)) unfolded.set(key, key in folded ? unfold(folded[key]) : undefined);
    return unfolded.get(key);
  }
  const root = document.documentElement;
  const area = document.getElementById("area");
  const settings = { displayModeBar: false, responsive: true };
  const narrow = 330, broad = 680;

  const language = () => (root.lang === "en" ? "en" : "zh");
  const said = (pair) => pair[language()];
  const words = (name) => said(data.words[name]);

  // A text's place in a figure is written as in Plotly: data[2].name
  function put(figure, path, value) {
    const steps = path.match(/[A-Za-z_]\w*|\d+/g);
    let place = figure;
    for (const step of steps.slice(0, -1)) {
      if (place[step] === undefined) place[step] = {};
      place = place[step];
    }
    place[steps[steps.length - 1]] = value;
  }

  function told(figure) {
    const copy = structuredClone(figure);
    const second = language() === "en" ? 1 : 2;
    for (const row of figure.layout.meta.texts) put(copy, row[0], row[second]);
    copy.layout.showlegend = false;
    copy.layout.margin = { t: 22, r: 12, b: copy.layout.xaxis.title.text ? 46 : 32, l: 50 };
    return copy;
  }

  function look(holder) {
    const key = holder.dataset.chart;
    return figure_of(key + "/" + area.value) || figure_of(key);
  }

  // Swatches of what a chart shows; fans share one key at the top of their section.
  function key(holder, figure) {
    const old = holder.querySelector(".chart-key");
    if (old) old.remove();
    if (holder.dataset.chart.startsWith("fan/")) return;
    const shown = figure.data.filter((trace) => trace.name && trace.showlegend !== false);
    if (shown.length < 2) return;
    const list = document.createElement("ul");
    list.className = "chart-key";
    for (const trace of shown) {
      const marker = trace.marker || {};
      const plain = Array.isArray(marker.color) ? "#57606a" : marker.color || "#57606a";
      const open = String(marker.symbol || "").includes("open");
      const pattern = (marker.pattern || {}).shape;
      const shape = String(marker.symbol || "").startsWith("diamond")
        ? '<path d="M7 1 L13 7 L7 13 L1 7 Z"'
        : marker.symbol ? '<circle cx="7" cy="7" r="5.5"' : '<rect x="1" y="1" width="12" height="12"';
      const item = document.createElement("li");
      if (trace.mode === "lines") {
        const dash = { dash: "6 4", dot: "2 3" }[trace.line.dash] || "";
        item.innerHTML = '<svg width="32" height="14" aria-hidden="true"><line y1="7" y2="7" x2="32" stroke="' +
          trace.line.color + '" stroke-width="2.5" stroke-dasharray="' + dash + '"/></svg>';
        item.append(trace.name);
        list.append(item);
        continue;
      }
      item.innerHTML = '<svg width="14" height="14" aria-hidden="true">' + shape + ' fill="' + (open ? "none" : plain) +
        '" stroke="' + plain + '" stroke-width="1.6"/>' +
        (pattern ? '<path d="M2 12 L12 2" stroke="#fff" stroke-width="1.6"/>' : "") + "</svg>";
      item.append(trace.name);
      list.append(item);
    }
    holder.querySelector("figcaption").append(list);
  }

  function caption(holder, meta) {
    holder.querySelector("h4").textContent = said(meta.title);
    holder.querySelector(".unit").textContent = said(meta.unit);
    const gap = language() === "en" ? ": " : "\uff1a";
    const end = language() === "en" ? ". " : "。";
    holder.querySelector(".about").textContent = ["source", "interval", "status"]
      .map((name) => words(name) + gap + said(meta[name])).join(end) + end.trim();
    holder.querySelector(".plot").setAttribute("aria-label", said(meta.title) + ", " + said(meta.unit));
  }

  function say_instead(holder, text) {
    const plot = holder.querySelector(".plot");
    if (plot.data) Plotly.purge(plot);
    plot.hidden = true;
    holder.querySelector(".numbers").hidden = true;
    const place = holder.querySelector(".absent");
    place.textContent = text;
    place.hidden = false;
  }

  async function draw(holder) {
    const figure = look(holder);
    if (!figure) {
      const any = Object.keys(folded).find((name) => name.startsWith(holder.dataset.chart + "/"));
      const meta = figure_of(any).layout.meta;
      holder.querySelector("h4").textContent = said(meta.title).replace(/[,\uff0c][^,\uff0c]*$/, "");
      holder.querySelector(".unit").textContent = said(meta.unit);
      holder.querySelector(".about").textContent = "";
      const old = holder.querySelector(".chart-key");
      if (old) old.remove();
      say_instead(holder, words("none_here"));
      return;
    }
    const copy = told(figure);
    caption(holder, figure.layout.meta);
    key(holder, copy);
    const plot = holder.querySelector(".plot");
    plot.hidden = false;
    holder.querySelector(".absent").hidden = true;
    const numbers = holder.querySelector(".numbers");
    numbers.hidden = false;
    try {
      await Plotly.react(plot, copy.data, copy.layout, settings);
      if (numbers.open) tabulate(holder);
    } catch (problem) {
      console.error(problem);
      say_instead(holder, words("not_drawn"));
    }
  }

  const number = (value) => (value === null || value === undefined || Number.isNaN(value) ? "–"
    : typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 3 }) : String(value));

  // The numbers of a chart as a table: a row for each place on its axis, a column for each series.
  function tabulate(holder) {
    const plot = holder.querySelector(".plot");
    if (!plot.data) return;
    const series = plot.data.filter((trace) => trace.meta && trace.meta.table);
    const across = series.length && series[0].orientation === "h";
    const layout = across ? plot.layout.yaxis : plot.layout.xaxis;
    const names = new Map((layout.tickvals || []).map((value, place) => [value, layout.ticktext[place]]));
    const columns = [];
    for (const trace of series) {
      const places = across ? trace.y : trace.x, values = across ? trace.x : trace.y;
      const at = new Map(Array.from(places, (place, row) => [place, values[row]]));
      columns.push([trace.name, at]);
      if (trace.customdata) {
        columns.push([trace.name + " ↓", new Map(Array.from(places, (place, row) => [place, trace.customdata[row][0]]))]);
        columns.push([trace.name + " ↑", new Map(Array.from(places, (place, row) => [place, trace.customdata[row][1]]))]);
      }
    }
    const rows = [...new Set(columns.flatMap((column) => [...column[1].keys()]))].sort((a, b) => a - b);
    table(holder, names.size ? "" : words("year"), columns.map((column) => column[0]),
      rows.map((row) => [names.get(row) || String(row), ...columns.map((column) => number(column[1].get(row)))]));
  }

  function table(holder, corner, heads, rows) {
    const made = document.createElement("table");
    const cell = (text, name, scope) => {
      const place = document.createElement(name);
      place.textContent = text;
      if (scope) place.scope = scope;
      else place.className = "n";
      return place;
    };
    const head = made.createTHead().insertRow();
    for (const text of [corner, ...heads]) head.append(cell(text, "th", "col"));
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      line.append(cell(row[0], "th", "row"), ...row.slice(1).map((text) => cell(text, "td")));
    }
    holder.querySelector(".numbers .scroll").replaceChildren(made);
  }

  // ---------------------------------------------------------------- the map

  const map = document.getElementById("county-map");
  const what = document.getElementById("map-what");
  const which = document.getElementById("map-which");
  const year = document.getElementById("map-year");

  function choices() {
    for (const choice of which.options) choice.disabled = !(choice.value in data.map.choices[what.value].series);
    if (which.selectedOptions[0].disabled) which.value = Object.keys(data.map.choices[what.value].series)[0];
    const years = Object.keys(data.map.choices[what.value].series[which.value].values).map(Number);
    year.min = Math.min(...years);
    year.max = Math.max(...years);
  }

  async function draw_map() {
    if (!map) return;
    choices();
    document.getElementById("map-shown").textContent = year.value;
    const choice = data.map.choices[what.value], series = choice.series[which.value];
    const values = series.values[year.value] || data.map.counties.map(() => null);
    const colours = data.map.colours[series.sides], inks = data.map.inks[series.sides];
    const step = (value) => Math.min(colours.length - 1,
      Math.max(0, Math.floor((value - series.low) / (series.high - series.low) * (colours.length - 1) + 0.5)));
    const signed = series.sides === "two";
    const text = (value) => value === null ? "–" : value.toLocaleString("en",
      { minimumFractionDigits: choice.decimals, maximumFractionDigits: choice.decimals, signDisplay: signed ? "exceptZero" : "auto" });
    const copy = told(data.map.figure);
    const names = data.map.counties.map(said);
    values.forEach((value, place) => {
      copy.data[place].fillcolor = value === null ? "#d9d9d9" : colours[step(value)];
      copy.data[place].text = names[place] + ": " + text(value) + " " + said(choice.unit);
    });
    const letters = copy.data[names.length], scale = copy.data[names.length + 1].marker;
    letters.text = names.map((name, place) => name + "<br>" + text(values[place]));
    letters.textfont.color = values.map((value) => value === null ? "#000000" : inks[step(value)]);
    const slim = map.clientWidth < 480;
    letters.textfont.size = slim ? 8 : 12;
    if (slim) Object.assign(scale.colorbar, { orientation: "h", y: 0, yanchor: "top", len: 0.95 });
    scale.cmin = series.low;
    scale.cmax = series.high;
    scale.color = [series.low];
    scale.colorscale = colours.map((colour, place) => [place / (colours.length - 1), colour]);
    copy.layout.margin = { t: 6, r: 6, b: slim ? 40 : 6, l: 6 };
    const seen = which.selectedOptions[0].dataset[language()];
    const meta = Object.assign({}, data.map.figure.layout.meta, { unit: choice.unit });
    const gap = language() === "en" ? ", " : "\uff0c";
    meta.title = { [language()]: [said(choice.name), seen, year.value].join(gap) };
    caption(map, meta);
    try {
      await Plotly.react(map.querySelector(".plot"), copy.data, copy.layout, settings);
    } catch (problem) {
      console.error(problem);
      say_instead(map, words("not_drawn"));
    }
    if (map.querySelector(".numbers").open) {
      const years = Object.keys(series.values);
      table(map, words("year"), names, years.map((row) => [row, ...series.values[row].map(text)]));
    }
  }

  // ---------------------------------------------------------------- the whole page

  let round = 0;

  async function draw_all() {
    const mine = ++round;
    delete document.body.dataset.drawn;
    await draw_map();
    for (const holder of document.querySelectorAll("figure[data-chart]")) {
      await draw(holder);
      // Leave the page alive while many charts are drawn; a newer choice ends this round.
      await new Promise((later) => setTimeout(later));
      if (mine !== round) return;
    }
    document.body.dataset.drawn = language();
  }

  function speak(chosen) {
    root.lang = chosen === "zh" ? "zh-Hans" : "en";
    document.title = words("title");
    for (const choice of document.querySelectorAll("option[data-en]")) choice.textContent = choice.dataset[chosen];
    return draw_all();
  }

  for (const choice of document.querySelectorAll('input[name="language"]')) {
    choice.checked = choice.value === language();
    choice.addEventListener("change", () => speak(choice.value));
  }
  area.addEventListener("change", draw_all);
  for (const control of [what, which, year]) if (control) control.addEventListener("input", draw_map);
  for (const details of document.querySelectorAll(".numbers")) {
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      const holder = details.closest("figure");
      if (holder === map) draw_map();
      else tabulate(holder);
    });
  }
  const contents = document.querySelector(".contents");
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) contents.open = false; });
  contents.addEventListener("keydown", (event) => { if (event.key === "Escape") contents.open = false; });

  const find = document.getElementById("find"), find_status = document.getElementById("find-status");
  function sift() {
    const wanted = find.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(".assumptions tbody tr")) {
      row.hidden = !(row.textContent.toLowerCase().includes(wanted) &&
        (!find_status.value || row.dataset.status === find_status.value));
    }
  }
  if (find) for (const control of [find, find_status]) control.addEventListener("input", sift);

  const find_item = document.getElementById("find-item");
  find_item.addEventListener("input", () => {
    const wanted = find_item.value.trim().toLowerCase();
    for (const push of document.querySelectorAll(".push")) {
      const items = Array.from(push.querySelectorAll(".item"));
      for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
      push.hidden = items.every((item) => item.hidden);
    }
  });

  // On paper a chart is as wide as its column there.
  window.addEventListener("beforeprint", () => {
    for (const plot of document.querySelectorAll(".plot")) {
      if (plot.data) Plotly.relayout(plot, { width: plot.closest(".wide") ? broad : narrow, autosize: false });
    }
  });
  window.addEventListener("afterprint", () => {
    for (const plot of document.querySelectorAll(".plot")) {
      if (plot.data) Plotly.relayout(plot, { width: null, autosize: true });
    }
  });

  speak(language());
})();
