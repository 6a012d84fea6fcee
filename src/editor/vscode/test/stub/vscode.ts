// As much of VS Code as the extension itself uses. `state` is what a test sets up and looks at.
export interface Pick { label: string; [member: string]: unknown }

export class Uri {
  readonly scheme: string;
  readonly fsPath: string;
  constructor(scheme: string, fsPath: string) {
    this.scheme = scheme;
    this.fsPath = fsPath;
  }
}

export interface Document { uri: Uri; languageId: string; version: number }

export const ConfigurationTarget = {Global: 1, Workspace: 2, WorkspaceFolder: 3};

interface Updated { name: string; value: unknown; target: number }

export const state = {
  settings: {} as Record<string, unknown>,
  updated: [] as Updated[],
  folders: undefined as {uri: Uri}[] | undefined,
  documents: [] as Document[],
  active: undefined as {document: Document; options: {tabSize?: number}} | undefined,
  commands: new Map<string, (...args: unknown[]) => unknown>(),
  executed: [] as unknown[][],
  errors: [] as string[],
  infos: [] as string[],
  answers: [] as (string | undefined)[], // to error messages
  picks: [] as ((offered: (string | Pick)[]) => string | Pick | undefined)[],
  applied: [] as WorkspaceEdit[],
  onConfiguration: [] as ((change: {affectsConfiguration(section: string): boolean}) => void)[],
  onOpen: [] as ((document: Document) => void)[],
};

export function reset(): void {
  Object.assign(state, {
    settings: {}, updated: [], folders: undefined, documents: [], active: undefined, commands: new Map(),
    executed: [], errors: [], infos: [], answers: [], picks: [], applied: [], onConfiguration: [], onOpen: [],
  });
}

export class WorkspaceEdit {
  readonly entries: [Uri, unknown[]][] = [];
  set(uri: Uri, edits: unknown[]): void { this.entries.push([uri, edits]); }
}

const disposable = {dispose(): void { /* nothing is held */ }};

export const workspace = {
  get workspaceFolders() { return state.folders; },
  get textDocuments() { return state.documents; },
  getWorkspaceFolder(uri: Uri) { return state.folders?.find((f) => uri.fsPath.startsWith(f.uri.fsPath + '/')); },
  getConfiguration() {
    return {
      get(name: string, otherwise?: unknown) { return state.settings[name] ?? otherwise; },
      inspect(name: string) { return {workspaceValue: state.settings[name], workspaceFolderValue: undefined}; },
      update(name: string, value: unknown, target: number) {
        state.updated.push({name, value, target});
        return Promise.resolve();
      },
    };
  },
  onDidChangeConfiguration(listener: (typeof state.onConfiguration)[number]) {
    state.onConfiguration.push(listener);
    return disposable;
  },
  onDidOpenTextDocument(listener: (typeof state.onOpen)[number]) {
    state.onOpen.push(listener);
    return disposable;
  },
  applyEdit(edit: WorkspaceEdit) {
    state.applied.push(edit);
    return Promise.resolve(true);
  },
};

const log = {info(): void { /* to no one */ }, warn(): void { /* to no one */ }, show(): void { state.executed.push(['show']); }, ...disposable};

export const window = {
  get activeTextEditor() { return state.active; },
  createOutputChannel() { return log; },
  showErrorMessage(message: string) {
    state.errors.push(message);
    return Promise.resolve(state.answers.shift());
  },
  showInformationMessage(message: string) {
    state.infos.push(message);
    return Promise.resolve(undefined);
  },
  showQuickPick(offered: (string | Pick)[]) { return Promise.resolve(state.picks.shift()?.(offered)); },
};

export const commands = {
  registerCommand(name: string, run: (...args: unknown[]) => unknown) {
    state.commands.set(name, run);
    return disposable;
  },
  executeCommand(name: string, ...args: unknown[]) {
    state.executed.push([name, ...args]);
    return Promise.resolve(state.commands.get(name)?.(...args));
  },
};
