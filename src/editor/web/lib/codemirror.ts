/* The library as a CodeMirror 6 extension: colours, mistakes with their fixes, completion, hover,
 ** signatures, layout and growing selections. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  snippet,
  type Completion as Option,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  HighlightStyle,
  bracketMatching,
  highlightingFor,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter, lintKeymap, type Diagnostic as Lint } from "@codemirror/lint";
import {
  Compartment,
  EditorSelection,
  EditorState,
  Facet,
  Prec,
  StateEffect,
  StateField,
  type Extension,
  type Range,
  type Text,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  drawSelection,
  hoverTooltip,
  keymap,
  placeholder,
  showTooltip,
  type Command,
  type DecorationSet,
  type Tooltip,
  type ViewUpdate,
} from "@codemirror/view";
import { tags, type Tag } from "@lezer/highlight";
import {
  Evcalc,
  type CheckResult,
  type CompileOptions,
  type Completion,
  type Diagnostic,
  type Document,
  type EvaluateResult,
  type Fix,
  type Signature,
  type TokenClass,
} from "./engine.js";
import { renderMarkdown } from "./markdown.js";
import { load } from "./shared.js";

/** A document of the library that follows an editor's text. */
class Follower {
  private text: Text | null = null;
  constructor(private readonly document: Document) {}

  /** The document with this state's text. */
  at(state: EditorState): Document {
    if (state.doc !== this.text) {
      this.document.setText(state.doc.toString());
      this.text = state.doc;
    }
    return this.document;
  }

  close(): void {
    this.document.close();
  }
}

const follower = Facet.define<Follower, Follower | null>({
  combine: (values) => values[0] ?? null,
});

function documentOf(state: EditorState): Document | null {
  return state.facet(follower)?.at(state) ?? null;
}

/* --- Colours --- */

/** What every class of tokens is to a highlighter. */
const tagOf: Record<TokenClass, Tag> = {
  number: tags.number,
  string: tags.string,
  escape: tags.escape,
  keyword: tags.logicOperator,
  constant: tags.atom,
  field: tags.propertyName,
  variable: tags.constant(tags.variableName),
  function: tags.function(tags.variableName),
  operator: tags.operator,
  punctuation: tags.punctuation,
  error: tags.invalid,
};

/** The colours that {@link calculation} brings; any highlight style of the editor's comes first. */
export const calculationHighlightStyle = HighlightStyle.define([
  { tag: tags.number, color: "var(--evcalc-number)" },
  { tag: [tags.string, tags.escape], color: "var(--evcalc-string)" },
  { tag: tags.escape, fontWeight: "bold" },
  { tag: tags.logicOperator, color: "var(--evcalc-keyword)", fontWeight: "bold" },
  { tag: tags.atom, color: "var(--evcalc-constant)" },
  { tag: tags.propertyName, color: "var(--evcalc-field)" },
  {
    tag: [tags.function(tags.variableName), tags.constant(tags.variableName)],
    color: "var(--evcalc-function)",
  },
  { tag: [tags.operator, tags.punctuation], color: "var(--evcalc-operator)" },
  { tag: tags.invalid, color: "var(--evcalc-error)" },
]);

const baseTheme = EditorView.baseTheme({
  "&light": {
    "--evcalc-number": "#0b6e4f",
    "--evcalc-string": "#a1400b",
    "--evcalc-keyword": "#7a1fa2",
    "--evcalc-constant": "#7a1fa2",
    "--evcalc-field": "#0a4fa3",
    "--evcalc-function": "#6b5300",
    "--evcalc-operator": "#4a5160",
    "--evcalc-error": "#b3001b",
    "--evcalc-dim": "#5b6472",
  },
  "&dark": {
    "--evcalc-number": "#7fd8b0",
    "--evcalc-string": "#ffb083",
    "--evcalc-keyword": "#d9a5f5",
    "--evcalc-constant": "#d9a5f5",
    "--evcalc-field": "#8cc2ff",
    "--evcalc-function": "#e9d27a",
    "--evcalc-operator": "#aab3c2",
    "--evcalc-error": "#ff8f97",
    "--evcalc-dim": "#9aa4b2",
  },
  ".cm-evcalc-tip": { padding: "0.4em 0.7em", maxWidth: "34rem", lineHeight: "1.45" },
  ".cm-evcalc-tip p": { margin: "0.25em 0" },
  ".cm-evcalc-tip code, .cm-evcalc-lint code": { fontFamily: "monospace" },
  ".cm-evcalc-active": { fontWeight: "bold", textDecoration: "underline" },
  ".cm-evcalc-dim": { color: "var(--evcalc-dim)" },
  ".cm-evcalc-lint p": { margin: "0 0 0.2em" },
});

/** Decorations are made for what is in sight. */
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = colour(view);
    }
    update(update: ViewUpdate): void {
      const changed = update.startState.facet(follower) !== update.state.facet(follower);
      if (update.docChanged || update.viewportChanged || changed)
        this.decorations = colour(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function colour(view: EditorView): DecorationSet {
  const { from, to } = view.viewport;
  const marks: Range<Decoration>[] = [];
  for (const { start, end, kind } of documentOf(view.state)?.tokens() ?? []) {
    if (end <= from || start >= to) continue;
    const style = highlightingFor(view.state, [tagOf[kind]]) ?? "";
    marks.push(Decoration.mark({ class: `cm-evcalc-${kind} ${style}` }).range(start, end));
  }
  return Decoration.set(marks);
}

/* --- Mistakes --- */

function changesOf(fix: Fix): { from: number; to: number; insert: string }[] {
  return fix.edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text }));
}

/** Apply a fix that was offered for a text. The text may have changed since: then the same fix is
 * looked for at the place where the mistake has gone. */
function applyFix(
  view: EditorView,
  offered: Text,
  diagnostic: Diagnostic,
  fix: Fix,
  from: number,
): void {
  let now: Fix | undefined = fix;
  if (view.state.doc !== offered)
    now = documentOf(view.state)
      ?.check()
      .diagnostics.find(({ code, span }) => code === diagnostic.code && span?.start === from)
      ?.fixes.find(({ title }) => title === fix.title);
  if (now) view.dispatch({ changes: changesOf(now), userEvent: "input.fix" });
}

/** @internal True where a fix says already what its help would. */
export function isOffered({ help, fixes }: Diagnostic): boolean {
  return fixes.some(({ title }) => title === help);
}

function renderDiagnostic(diagnostic: Diagnostic): HTMLElement {
  const out = document.createElement("div");
  out.className = "cm-evcalc-lint";
  const add = (text: string, className = "cm-evcalc-message"): void => {
    const line = out.appendChild(document.createElement("p"));
    line.className = className;
    line.textContent = text;
  };
  add(diagnostic.message);
  if (diagnostic.help && !isOffered(diagnostic)) add(diagnostic.help, "cm-evcalc-dim");
  return out;
}

function lintOf(doc: Text, diagnostic: Diagnostic): Lint {
  const { start, end } = diagnostic.span ?? { start: 0, end: 0 };
  return {
    from: start,
    to: end,
    severity: diagnostic.severity === "error" ? "error" : "warning",
    source: diagnostic.code,
    message: diagnostic.help ? `${diagnostic.message}; ${diagnostic.help}` : diagnostic.message,
    renderMessage: () => renderDiagnostic(diagnostic),
    actions: diagnostic.fixes.map((fix) => ({
      name: fix.title.charAt(0).toUpperCase() + fix.title.slice(1),
      apply: (view, from) => applyFix(view, doc, diagnostic, fix, from),
    })),
  };
}

function lints(view: EditorView): Lint[] {
  const { doc } = view.state;
  return (documentOf(view.state)?.check().diagnostics ?? []).map((found) => lintOf(doc, found));
}

/** Apply every safe fix that there is at once; those that overlap an earlier one are left. */
export const fixAll: Command = (view) => {
  const changes: { from: number; to: number; insert: string }[] = [];
  for (const { fixes } of documentOf(view.state)?.check().diagnostics ?? []) {
    const fix = fixes.find(({ safe }) => safe);
    if (!fix) continue;
    const edits = changesOf(fix);
    const free = edits.every(({ from, to }) => changes.every((c) => to < c.from || from > c.to));
    if (free) changes.push(...edits);
  }
  if (changes.length === 0) return false;
  view.dispatch({ changes, userEvent: "input.fix" });
  return true;
};

/* --- Completion --- */

/** CodeMirror's icons, by kind. */
const icons: Record<Completion["kind"], string> = {
  field: "property",
  value: "text",
  constant: "constant",
  function: "function",
  variable: "variable",
  keyword: "keyword",
  operator: "operator",
};

function optionOf(item: Completion): Option {
  return {
    label: item.label,
    type: icons[item.kind],
    detail: item.detail,
    info: item.documentation
      ? () => renderMarkdown(item.documentation, "cm-evcalc-tip")
      : undefined,
    apply: item.snippet === null ? item.insert : snippet(item.snippet),
  };
}

/** Where the letters that were typed stand in a label, for showing them bold. */
function matched(label: string, typed: string): readonly number[] {
  const at = label.toLowerCase().indexOf(typed.toLowerCase());
  return typed && at >= 0 ? [at, at + typed.length] : [];
}

/** The completion source. It does without a language and may be given to `autocompletion`. */
export function completeCalculation(context: CompletionContext): CompletionResult | null {
  const found = documentOf(context.state)?.complete(context.pos);
  if (!found || found.items.length === 0) return null;
  const before = context.state.sliceDoc(Math.max(0, found.start - 1), found.start);
  const typing = found.start < context.pos || /[.("]/.test(before);
  if (!context.explicit && !typing) return null;
  const typed = context.state.sliceDoc(found.start, context.pos);
  return {
    from: found.start,
    to: found.end,
    options: found.items.map(optionOf),
    filter: false,
    getMatch: (option) => matched(option.label, typed),
  };
}

/* --- Hover and signatures --- */

const hovers = hoverTooltip((view, position) => {
  const found = documentOf(view.state)?.hover(position);
  if (!found) return null;
  return {
    pos: found.start,
    end: found.end,
    above: true,
    create: () => ({ dom: renderMarkdown(found.markdown, "cm-evcalc-tip cm-evcalc-hover") }),
  };
});

const signatureShown = StateEffect.define<boolean>();

function renderSignature(signature: Signature): HTMLElement {
  const out = document.createElement("div");
  out.className = "cm-evcalc-tip cm-evcalc-signature";
  const line = out.appendChild(document.createElement("code"));
  const active = signature.parameters[signature.active];
  if (active) {
    const bold = document.createElement("span");
    bold.className = "cm-evcalc-active";
    bold.textContent = signature.label.slice(active.start, active.end);
    line.append(signature.label.slice(0, active.start), bold, signature.label.slice(active.end));
  } else {
    line.textContent = signature.label;
  }
  const documentation = active?.documentation || signature.documentation;
  if (documentation) out.append(renderMarkdown(documentation, "cm-evcalc-dim"));
  return out;
}

function signatureTip(state: EditorState): Tooltip | null {
  const found = documentOf(state)?.signature(state.selection.main.head);
  if (!found) return null;
  return { pos: found.name.start, above: true, create: () => ({ dom: renderSignature(found) }) };
}

/** Shown from typing inside a call on, until the cursor leaves it or Escape is pressed. */
const signatures = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(signatureShown)) return effect.value ? signatureTip(transaction.state) : null;
    if (transaction.docChanged)
      return shown || transaction.isUserEvent("input") ? signatureTip(transaction.state) : null;
    return shown && transaction.selection ? signatureTip(transaction.state) : shown;
  },
  provide: (field) => showTooltip.from(field),
});

const hideSignature: Command = (view) => {
  if (!view.state.field(signatures, false)) return false;
  view.dispatch({ effects: signatureShown.of(false) });
  return true;
};

/** Show the signature of the call that the cursor is in. */
export const showSignature: Command = (view) => {
  view.dispatch({ effects: signatureShown.of(true) });
  return true;
};

/* --- Layout and selections --- */

/** Bring the text into its canonical layout; says so where it cannot be read. */
export const formatCalculation: Command = (view) => {
  const formatted = documentOf(view.state)?.format();
  if (!formatted) {
    const effects = EditorView.announce.of("The calculation cannot be laid out: it has mistakes.");
    view.dispatch({ effects });
    return true;
  }
  const changes = formatted.edits.map(({ start, end, text }) => ({
    from: start,
    to: end,
    insert: text,
  }));
  if (changes.length) view.dispatch({ changes, userEvent: "input.format" });
  return true;
};

/** Select the next larger part of the calculation. */
export const expandSelection: Command = (view) => {
  const { from, to } = view.state.selection.main;
  const around = documentOf(view.state)
    ?.ranges(from)
    .find(({ start, end }) => start <= from && end >= to && end - start > to - from);
  if (!around) return false;
  view.dispatch({ selection: EditorSelection.single(around.start, around.end) });
  return true;
};

/** The keys that {@link calculation} binds. */
export const calculationKeymap = [
  { key: "Shift-Alt-f", run: formatCalculation },
  { key: "Mod-i", run: expandSelection, preventDefault: true },
  { key: "Mod-Shift-Space", run: showSignature },
  { key: "Escape", run: hideSignature },
];

/**
 * Everything about calculations as one extension, for an editor of your own: colours, mistakes with
 * their fixes, completion, hover, signatures, and {@link calculationKeymap}. To change the Event type,
 * keep it in a `Compartment` and put another one in its place.
 */
export function calculation(evcalc: Evcalc, options: CompileOptions = {}): Extension {
  const following = new Follower(evcalc.open(options));
  return [
    follower.of(following),
    colours,
    syntaxHighlighting(calculationHighlightStyle, { fallback: true }),
    linter(lints, { delay: 200, needsRefresh: refollowed }),
    autocompletion({ override: [completeCalculation], icons: true }),
    hovers,
    signatures,
    Prec.high(keymap.of(calculationKeymap)),
    baseTheme,
    ViewPlugin.define(() => ({ destroy: () => following.close() })),
  ];
}

function refollowed(update: ViewUpdate): boolean {
  return update.startState.facet(follower) !== update.state.facet(follower);
}

/* --- A whole editor --- */

export interface CalculationEditorOptions extends CompileOptions {
  /** Where to put it. */
  parent: Element | DocumentFragment;
  /** An instance of your own; by default the shared one, which {@link load} makes. */
  evcalc?: Evcalc;
  /** The text to start with. */
  text?: string;
  /** The name of the text box for screen readers. */
  label?: string;
  /** Shown while it is empty. */
  placeholder?: string;
  /** Called after every change with what is to be said of the text. */
  onChange?: (text: string, result: CheckResult) => void;
  /** More extensions, e.g. a theme; they come before the editor's own. */
  extensions?: Extension;
}

/** What {@link createCalculationEditor} makes. */
export interface CalculationEditor {
  readonly view: EditorView;
  readonly evcalc: Evcalc;
  /** The text; setting it can be undone. */
  text: string;
  /** The Event type; setting one that is not known throws, with everything as before. */
  eventType: string | null;
  check(): CheckResult;
  /** {@link Document.evaluate} of the text. */
  evaluate(event: unknown): EvaluateResult;
  format(): void;
  /** Read the Event types again, after {@link Evcalc.addFields}. */
  refresh(): void;
  /** Remove it and give its memory back. */
  destroy(): void;
}

/** An editor of calculations. */
export async function createCalculationEditor(
  options: CalculationEditorOptions,
): Promise<CalculationEditor> {
  const evcalc = options.evcalc ?? (await load());
  const { allow, deny, denyWarnings, limits } = options;
  let eventType = options.eventType ?? null;
  const language = new Compartment();
  const make = (): Extension =>
    calculation(evcalc, { eventType, allow, deny, denyWarnings, limits } as CompileOptions);
  const tell = (state: EditorState): void =>
    options.onChange?.(state.doc.toString(), documentOf(state)!.check());
  const view = new EditorView({
    parent: options.parent,
    doc: options.text ?? "",
    extensions: [
      options.extensions ?? [],
      language.of(make()),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      EditorState.languageData.of(() => [{ closeBrackets: { brackets: ["(", '"'] } }]),
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...lintKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": options.label ?? "Calculation",
        spellcheck: "false",
        autocapitalize: "off",
      }),
      placeholder(options.placeholder ?? ""),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) tell(update.state);
      }),
    ],
  });
  const editor: CalculationEditor = {
    view,
    evcalc,
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    get eventType() {
      return eventType;
    },
    set eventType(name) {
      if (name !== null && !evcalc.eventType(name)) evcalc.unknownType(name);
      eventType = name;
      editor.refresh();
    },
    check: () => documentOf(view.state)!.check(),
    evaluate: (event) => documentOf(view.state)!.evaluate(event),
    format: () => void formatCalculation(view),
    refresh: () => {
      view.dispatch({ effects: language.reconfigure(make()) });
      tell(view.state);
    },
    destroy: () => view.destroy(),
  };
  return editor;
}
