/* The page: an Event type, a calculation, an event, and what comes out of every part. Its state is in
 ** the address, so that a link brings it back; field lists of one's own stay in the tab. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  HighlightStyle,
  bracketMatching,
  ensureSyntaxTree,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, linter, type Diagnostic as Lint } from "@codemirror/lint";
import {
  Compartment,
  EditorState,
  StateEffect,
  StateField,
  type Extension,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  drawSelection,
  keymap,
  type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import {
  createCalculationEditor,
  fixAll,
  isOffered,
  type CalculationEditor,
} from "../lib/codemirror.js";
import {
  Evcalc,
  type CheckResult,
  type Diagnostic,
  type EvaluateResult,
  type Part,
} from "../lib/engine.js";
import { readFieldList } from "../lib/fields.js";
import { EvcalcError } from "../lib/wire.js";

const startType = "configuration.commitment.updated";
const startText =
  'new.amountSpent >= new.amount * 0.9\nAND old.amountSpent < old.amount * 0.9\nAND new.currency == "USD"';

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as T;
}

function made(tag: string, className: string, text = ""): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/* --- Colours --- */

const dark = new Compartment();
const darkTheme = (on: boolean): Extension => EditorView.theme({}, { dark: on });
const look: Extension = [
  EditorView.theme({
    "&": { fontSize: "0.92rem", backgroundColor: "transparent" },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
    ".cm-content": { padding: "0.7rem 0.35rem", caretColor: "var(--text)" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
      { backgroundColor: "color-mix(in srgb, var(--accent) 26%, transparent)" },
    ".cm-tooltip": {
      backgroundColor: "var(--panel)",
      color: "var(--text)",
      border: "1px solid var(--line)",
      borderRadius: "7px",
      boxShadow: "0 6px 24px rgb(0 0 0 / 18%)",
      overflow: "hidden",
    },
    ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "15rem" },
    ".cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.6rem" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
      backgroundColor: "var(--accent)",
      color: "var(--accent-text)",
    },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
    ".cm-completionDetail": { fontStyle: "normal", opacity: "0.7" },
    ".cm-completionInfo": { padding: "0", maxWidth: "22rem" },
    ".cm-diagnostic": { padding: "0.5rem 0.8rem" },
    ".cm-diagnosticAction": {
      font: "inherit",
      fontSize: "0.85rem",
      backgroundColor: "var(--accent)",
      color: "var(--accent-text)",
      borderRadius: "5px",
      padding: "0.15rem 0.55rem",
      margin: "0.35rem 0.4rem 0 0",
    },
    ".cm-gutters": { backgroundColor: "transparent", border: "0" },
    ".cm-evcalc-part": {
      backgroundColor: "color-mix(in srgb, var(--accent) 20%, transparent)",
      borderRadius: "3px",
    },
    ".cm-placeholder": { color: "var(--dim)" },
  }),
  dark.of(darkTheme(false)),
];
/* The colours that calculations have, for JSON. */
const jsonColours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--warn)" },
  { tag: tags.number, color: "var(--good)" },
  { tag: [tags.bool, tags.null], color: "var(--calm)", fontWeight: "600" },
]);

/* --- JSON that cannot be read --- */

/** The first mistake. JSON.parse says what it is, but only some browsers' say where: that is known
 * from the grammar that colours it. */
function jsonMistakes(state: EditorState): Lint[] {
  const text = state.doc.toString();
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    let place = { from: text.length, to: text.length };
    let found = false;
    ensureSyntaxTree(state, text.length, 200)?.iterate({
      enter: ({ type, from, to }) => {
        if (found || !type.isError) return;
        found = true;
        place = { from, to };
      },
    });
    return [{ ...place, severity: "error", message: (error as Error).message }];
  }
}

/* --- The part that is pointed at --- */

const pointAt = StateEffect.define<{ start: number; end: number } | null>();
const pointed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(pointAt))
        return effect.value
          ? Decoration.set(
              Decoration.mark({ class: "cm-evcalc-part" }).range(
                effect.value.start,
                effect.value.end,
              ),
            )
          : Decoration.none;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/* --- The parts as a tree --- */

interface Branch {
  part: Part;
  operands: Branch[];
}

/** The tree of the parts. A chain, as in a AND b AND c, is one branch with all its operands. */
function treeOf(parts: readonly Part[], text: string): Branch | undefined {
  const branches = parts.map((part): Branch => ({ part, operands: [] }));
  for (const [index, { part }] of branches.entries()) {
    if (part.parent !== index) branches[part.parent]!.operands.push(branches[index]!);
  }
  for (const branch of branches) {
    const [first] = branch.operands;
    const operator = chainOf(branch, text);
    if (
      first &&
      operator &&
      first.part.start === branch.part.start &&
      chainOf(first, text) === operator
    )
      branch.operands.splice(0, 1, ...first.operands);
  }
  return branches.at(-1);
}

/** AND or OR where that is what joins the branch's operands. */
function chainOf({ operands }: Branch, text: string): string | null {
  if (operands.length < 2) return null;
  const [left, right] = operands.slice(-2) as [Branch, Branch];
  const between = text.slice(left.part.end, right.part.start).replace(/[\s()]/g, "");
  return between === "AND" || between === "OR" ? between : null;
}

function shownValue(part: Part, failed: Diagnostic | null): { text: string; kind: string } {
  if (part.evaluated) {
    if (part.value === null) return { text: "null", kind: "null" };
    return { text: JSON.stringify(part.value), kind: String(part.value) };
  }
  const inside = failed?.span && part.start <= failed.span.start && part.end >= failed.span.end;
  return inside ? { text: "failed", kind: "failed" } : { text: "not evaluated", kind: "skipped" };
}

/* --- The page --- */

class Page {
  private readonly typeChoice = element<HTMLSelectElement>("type");
  private readonly dialog = element<HTMLDialogElement>("list");
  private readonly events = new Map<string, string>(); // by Event type, as they were left
  private shownType = "";
  private saving = 0;

  private constructor(
    private readonly evcalc: Evcalc,
    private readonly editor: CalculationEditor,
    private readonly eventEditor: EditorView,
  ) {}

  static async start(): Promise<void> {
    const packed = element("module").textContent ?? "";
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const evcalc = await Evcalc.load({ wasm: await new Response(stream).arrayBuffer() });
    for (const list of keptLists()) evcalc.addFields(list);
    let page: Page | null = null;
    const editor = await createCalculationEditor({
      parent: element("calculation"),
      evcalc,
      label: "Calculation",
      placeholder: 'new.amount > 1000 AND new.currency == "USD"',
      extensions: [look, pointed],
      onChange: () => page?.update(),
    });
    const eventEditor = new EditorView({
      parent: element("event"),
      extensions: [
        look,
        json(),
        linter(({ state }) => jsonMistakes(state), { delay: 200 }),
        lintGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        syntaxHighlighting(jsonColours),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Event", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) page?.update();
        }),
      ],
    });
    page = new Page(evcalc, editor, eventEditor);
    page.listen();
    page.restore();
    addEventListener("hashchange", () => page.restore());
  }

  private listen(): void {
    this.typeChoice.addEventListener("change", () => this.chooseType(this.typeChoice.value));
    element("format").addEventListener("click", () => this.editor.format());
    element("fix").addEventListener("click", () => {
      fixAll(this.editor.view);
      this.editor.view.focus();
    });
    element("sample").addEventListener("click", () => this.setEvent(this.sample()));
    this.listenToLists();
    const media = matchMedia("(prefers-color-scheme: dark)");
    let chosen: boolean | null = null;
    const show = (): void => this.showColours(chosen ?? media.matches);
    media.addEventListener("change", show);
    element("theme").addEventListener("click", () => {
      chosen = document.documentElement.dataset["theme"] !== "dark";
      show();
    });
    show();
  }

  private showColours(on: boolean): void {
    document.documentElement.dataset["theme"] = on ? "dark" : "light";
    element("theme").setAttribute("aria-pressed", String(on));
    for (const view of [this.editor.view, this.eventEditor])
      view.dispatch({ effects: dark.reconfigure(darkTheme(on)) });
  }

  /* Event types */

  private fillTypes(): void {
    const groups = new Map<string, HTMLOptGroupElement>();
    const types = this.evcalc.eventTypes();
    const own = types.filter(({ provenance }) => provenance === "loaded");
    for (const type of [...own, ...types.filter((one) => !own.includes(one))]) {
      const label = own.includes(type) ? "Your own" : type.name.split(".").slice(0, 2).join(".");
      let group = groups.get(label);
      if (!group) groups.set(label, (group = document.createElement("optgroup")));
      group.label = label;
      group.append(new Option(type.name, type.name));
    }
    this.typeChoice.replaceChildren(...groups.values());
  }

  private chooseType(name: string): void {
    if (this.shownType) this.events.set(this.shownType, this.event());
    const type = this.evcalc.eventType(name);
    this.shownType = name;
    this.typeChoice.value = name;
    const count = type?.fields.length ?? 0;
    element("origin").textContent =
      count === 0
        ? "its fields are not known: load your own field list"
        : `${count} fields, ${type?.provenance}`;
    this.editor.eventType = name;
    this.setEvent(this.events.get(name) ?? this.sample());
    this.update();
    this.save();
  }

  private sample(): string {
    return JSON.stringify(this.evcalc.sampleEvent(this.shownType), null, 2);
  }

  private event(): string {
    return this.eventEditor.state.doc.toString();
  }

  private setEvent(text: string): void {
    if (text === this.event()) return;
    this.eventEditor.dispatch({
      changes: { from: 0, to: this.eventEditor.state.doc.length, insert: text },
    });
  }

  /* Field lists of one's own */

  private listenToLists(): void {
    const text = element<HTMLTextAreaElement>("list-text");
    const file = element<HTMLInputElement>("list-file");
    const error = element("list-error");
    element("own").addEventListener("click", () => {
      error.hidden = true;
      this.dialog.showModal();
    });
    element("list-cancel").addEventListener("click", () => this.dialog.close());
    file.addEventListener("change", async () => {
      const [chosen] = file.files ?? [];
      if (chosen) text.value = await chosen.text();
      file.value = "";
    });
    element("list-add").addEventListener("click", (click) => {
      click.preventDefault();
      try {
        this.addList(text.value);
        text.value = "";
        this.dialog.close();
      } catch (problem) {
        if (!(problem instanceof EvcalcError)) throw problem;
        error.textContent = problem.message;
        error.hidden = false;
      }
    });
  }

  private addList(text: string): void {
    const [first] = readFieldList(text);
    this.evcalc.addFields(text);
    keepList(text);
    this.fillTypes();
    this.events.delete(first?.name ?? "");
    this.chooseType(first?.name ?? this.shownType);
  }

  /* What is shown */

  private update(): void {
    const check = this.editor.check();
    const result = this.evaluate();
    this.showValidity(check);
    this.showProblems(check);
    this.showAnswer(result, check);
    clearTimeout(this.saving);
    this.saving = window.setTimeout(() => this.save(), 300);
  }

  /** The answer, or null where there is no event. */
  private evaluate(): EvaluateResult | null {
    const error = element("event-error");
    error.hidden = true;
    try {
      return this.editor.evaluate(this.event());
    } catch (problem) {
      if (!(problem instanceof EvcalcError)) throw problem;
      const [mistake] =
        problem.code === "json-malformed" ? jsonMistakes(this.eventEditor.state) : [];
      const line = mistake && this.eventEditor.state.doc.lineAt(mistake.from).number;
      error.textContent = line ? `Line ${line}: ${problem.message}` : problem.message;
      error.hidden = false;
      return null;
    }
  }

  private showValidity(check: CheckResult): void {
    const badge = element("validity");
    const many = (count: number, what: string): string =>
      `${count} ${what}${count === 1 ? "" : "s"}`;
    const text = !check.valid
      ? `invalid: ${many(check.errors, "error")}`
      : check.warnings
        ? `valid, ${many(check.warnings, "warning")}`
        : "valid";
    if (badge.textContent !== text) badge.textContent = text;
    badge.className = `badge ${check.valid ? (check.warnings ? "warn" : "good") : "bad"}`;
    const safe = check.diagnostics.filter(({ fixes }) => fixes.some((fix) => fix.safe));
    element("fix").hidden = safe.length < 2;
  }

  private showProblems(check: CheckResult): void {
    element("problems").replaceChildren(...check.diagnostics.map((found) => this.problem(found)));
  }

  private problem(found: Diagnostic): HTMLElement {
    const error = found.severity === "error";
    const item = made("li", "");
    item.append(made("span", `badge ${error ? "bad" : "warn"}`, error ? "error" : "warning"));
    item.append(made("span", "what", found.message));
    if (found.help && !isOffered(found)) item.append(made("span", "help dim", found.help));
    const actions = item.appendChild(made("div", "do"));
    const { span } = found;
    if (span) {
      const place = made("button", "place dim", `line ${found.line}, column ${found.column}`);
      place.addEventListener("click", () => this.select(span));
      actions.append(place);
    }
    for (const fix of found.fixes) {
      const button = made("button", "fix", fix.title.charAt(0).toUpperCase() + fix.title.slice(1));
      button.addEventListener("click", () => {
        const changes = fix.edits.map(({ start, end, text }) => ({
          from: start,
          to: end,
          insert: text,
        }));
        this.editor.view.dispatch({ changes, userEvent: "input.fix" });
        this.editor.view.focus();
      });
      actions.append(button);
    }
    return item;
  }

  private select(span: { start: number; end: number }): void {
    this.editor.view.dispatch({
      selection: { anchor: span.start, head: span.end },
      scrollIntoView: true,
    });
    this.editor.view.focus();
  }

  private showAnswer(result: EvaluateResult | null, check: CheckResult): void {
    const badge = element("answer");
    const parts = element("parts");
    const [text, kind, reason] = answerOf(result, check, parts.hasChildNodes());
    if (badge.textContent !== text) badge.textContent = text;
    badge.className = `badge large ${kind}`;
    element("reason").textContent = reason;
    parts.classList.toggle("old", !result || result.status === "invalid");
    if (!result || result.status === "invalid") return;
    const tree = treeOf(result.parts, this.editor.text);
    const list = made("ul", "");
    if (tree) list.append(this.row(tree, result.error));
    parts.replaceChildren(list);
  }

  private row(branch: Branch, failed: Diagnostic | null): HTMLElement {
    const { part } = branch;
    const item = made("li", "");
    const button = item.appendChild(made("button", ""));
    const value = shownValue(part, failed);
    const text = this.editor.text.slice(part.start, part.end).replace(/\s+/g, " ");
    button.append(made("span", "part", text), made("span", `value ${value.kind}`, value.text));
    button.title = `${text}: ${value.text}`;
    const point = (on: boolean) => () =>
      this.editor.view.dispatch({ effects: pointAt.of(on ? part : null) });
    for (const name of ["mouseenter", "focus"]) button.addEventListener(name, point(true));
    for (const name of ["mouseleave", "blur"]) button.addEventListener(name, point(false));
    button.addEventListener("click", () => this.select(part));
    if (branch.operands.length) {
      const below = item.appendChild(made("ul", ""));
      for (const operand of branch.operands) below.append(this.row(operand, failed));
    }
    return item;
  }

  /* The address */

  private save(): void {
    clearTimeout(this.saving);
    const state = new URLSearchParams({ type: this.shownType, calculation: this.editor.text });
    if (this.event() !== this.sample()) state.set("event", this.event());
    replaceAddress(`#${state}`);
  }

  private restore(): void {
    const state = new URLSearchParams(location.hash.slice(1));
    this.fillTypes();
    const wanted = state.get("type") ?? startType;
    const type = this.evcalc.eventType(wanted) ? wanted : startType;
    const event = state.get("event");
    if (event !== null) this.events.set(type, event);
    this.shownType = "";
    this.editor.text = state.get("calculation") ?? startText;
    this.chooseType(type);
  }
}

/** The answer in a word, how it looks, and why. */
function answerOf(
  result: EvaluateResult | null,
  check: CheckResult,
  before: boolean,
): [string, string, string] {
  const last = before ? "; below is the last answer" : "";
  if (!check.valid) return ["none", "bad", `the calculation is invalid${last}`];
  if (!result) return ["none", "bad", `the event cannot be read${last}`];
  if (result.status === "failed")
    return [
      "fails",
      "warn",
      `${result.error.message}${result.error.help ? `; ${result.error.help}` : ""}`,
    ];
  return result.value
    ? ["true", "good", "the Notification would fire"]
    : ["false", "", "the Notification would not fire"];
}

/** Some browsers refuse to change the address of a file, or too often. */
function replaceAddress(hash: string): void {
  try {
    window.history.replaceState(null, "", hash);
  } catch {
    // The address then stays behind, and nothing else does.
  }
}

const listsKey = "evcalc.lists";

function keptLists(): string[] {
  try {
    const lists: unknown = JSON.parse(sessionStorage.getItem(listsKey) ?? "[]");
    return Array.isArray(lists) ? lists.filter((list) => typeof list === "string") : [];
  } catch {
    return []; // a browser that keeps nothing for files
  }
}

function keepList(list: string): void {
  try {
    sessionStorage.setItem(listsKey, JSON.stringify([...keptLists(), list]));
  } catch {
    // As above: it then has to be given again.
  }
}

Page.start().catch((error: unknown) => {
  const main = document.querySelector("main")!;
  main.replaceChildren(made("p", "error", `The page could not start: ${String(error)}`));
});
