// The extension: starts `evcalc lsp`, and has the commands that an editor needs around it. What is
// right and wrong in a calculation is the server's business alone.
import * as os from 'node:os';
import * as vscode from 'vscode';
import {
  CloseAction, LanguageClient, type DocumentSelector, type ErrorHandler, type LanguageClientOptions, type TextEdit,
} from 'vscode-languageclient/node';
import {listEventTypes, scopesOf} from './eventTypes';
import {findExecutable, whyItCannotServe} from './executable';

export const languageId = 'm3ter-calculation';

const calculations: DocumentSelector = [
  {language: languageId, scheme: 'file'},
  {language: languageId, scheme: 'untitled'},
];
/** Which of them hold Notifications is for the server to say. */
const served: DocumentSelector = [...calculations, {language: 'json', scheme: 'file'}];

let output: vscode.LogOutputChannel;
let client: LanguageClient | undefined;
let executable: string | undefined;
let idle = false; // no server could be started
let told = false; // … and a person knows
let latest: Promise<void> = Promise.resolve(); // starts and stops wait for each other

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('evcalc');
}

function serverOptions(): object {
  const all = settings();
  const names = ['fields', 'eventTypes', 'eventType', 'allow', 'deny'];
  return Object.fromEntries(names.map((name) => [name, all.get(name)]));
}

/**
 * VS Code has a formatter for JSON, and asks which to take where there are two. So this one is for
 * calculations only, whatever the server offers; evcalc.format is for the others.
 */
function formatOnlyCalculations(of: LanguageClient): void {
  const feature = of.getFeature('textDocument/formatting') as unknown as {
    initialize(capabilities: object, selector: DocumentSelector | undefined): void;
  };
  const initialize = feature.initialize.bind(feature);
  feature.initialize = (capabilities) => { initialize(capabilities, calculations); };
}

async function tellWhyNot(reason: string): Promise<void> {
  const open = 'Open Settings', again = 'Try Again';
  const chosen = await vscode.window.showErrorMessage(
    `Calculations are not checked: ${reason}. Install evcalc, or say in the setting evcalc.path where it is.`,
    open, again);
  if (chosen === open) await vscode.commands.executeCommand('workbench.action.openSettings', 'evcalc.path');
  if (chosen === again) await vscode.commands.executeCommand('evcalc.restart');
}

function hasCalculations(): boolean {
  return vscode.workspace.textDocuments.some((d) => d.languageId === languageId);
}

/** Not `asked` for: who only opens some JSON is not to be bothered because evcalc is missing. */
function cannotStart(reason: string, asked: boolean): void {
  idle = true;
  output.warn(`The language server was not started: ${reason}.`);
  if (told || !(asked || hasCalculations())) return;
  told = true;
  void tellWhyNot(reason);
}

async function start(asked: boolean): Promise<void> {
  idle = false;
  const found = await findExecutable(settings().get('path', 'evcalc'), {
    env: process.env,
    platform: process.platform,
    home: os.homedir(),
    workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
  });
  executable = 'path' in found ? found.path : undefined;
  const reason = 'reason' in found ? found.reason : await whyItCannotServe(found.path);
  if (executable === undefined || reason !== undefined) {
    cannotStart(reason ?? '', asked);
    return;
  }
  let answered = false;
  let usual: ErrorHandler | undefined;
  const options: LanguageClientOptions = {
    documentSelector: served,
    initializationOptions: serverOptions,
    outputChannel: output,
    diagnosticCollectionName: 'evcalc',
    // A server that never answered is not started again and again; what is told is told below.
    initializationFailedHandler: () => false,
    errorHandler: {
      error: (error, message, count) => usual!.error(error, message, count),
      closed: () => answered ? usual!.closed() : {action: CloseAction.DoNotRestart, handled: true},
    },
  };
  output.info(`${executable} lsp`);
  // Without a transport: with stdio the client would add an argument of its own.
  client = new LanguageClient('evcalc', 'evcalc', {command: executable, args: ['lsp']}, options);
  usual = client.createDefaultErrorHandler();
  formatOnlyCalculations(client);
  try {
    await client.start();
    answered = true;
  } catch (error) {
    client = undefined;
    cannotStart(`${executable} lsp did not answer (${error instanceof Error ? error.message : String(error)})`, asked);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.dispose();
  } catch (error) {
    output.warn(`The language server did not stop well: ${String(error)}`);
  }
}

function inTurn(what: () => Promise<void>): Promise<void> {
  latest = latest.then(what, what);
  return latest;
}

export function restart(asked: boolean): Promise<void> {
  return inTurn(async () => {
    if (asked) told = false;
    await stop();
    await start(asked);
  });
}

/** Choose the Event type of the calculation in the editor, and keep it in the workspace's settings. */
async function pickEventType(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== languageId) {
    void vscode.window.showInformationMessage(
      document?.languageId === 'json'
        ? 'A Notification names its Event type itself, in "eventName".'
        : 'Open a calculation (*.calc) to choose its Event type.');
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (!folder || document.uri.scheme !== 'file') {
    void vscode.window.showInformationMessage(
      'The choice is kept in the settings of the folder: open the folder that the calculation is in, and save it there.');
    return;
  }
  if (executable === undefined) {
    await restart(true);
    if (executable === undefined) return;
  }
  const config = vscode.workspace.getConfiguration('evcalc', document.uri);
  const listed = await listEventTypes(executable, config.get<string[]>('fields', []), folder.uri.fsPath);
  if ('reason' in listed) {
    void vscode.window.showErrorMessage(`evcalc could not list the Event types: ${listed.reason}`);
    return;
  }
  const eventType = await vscode.window.showQuickPick(listed.names, {
    title: 'Event type of the calculation', placeHolder: 'configuration.commitment.updated', matchOnDetail: true,
  });
  if (eventType === undefined) return;
  const scope = await vscode.window.showQuickPick(
    scopesOf(document.uri.fsPath, folder.uri.fsPath).map(({label, glob}) => ({label, description: glob, glob})),
    {title: `${eventType} is the Event type of`});
  if (!scope) return;
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const target = several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  const inspected = config.inspect<Record<string, string>>('eventTypes');
  const before = (several ? inspected?.workspaceFolderValue : inspected?.workspaceValue) ?? {};
  await config.update('eventTypes', {...before, [scope.glob]: eventType}, target);
}

/** Format every calculation of a document, in a Notification file only those. */
async function format(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client) return;
  const document = editor.document, version = document.version;
  const edits = await client.sendRequest<TextEdit[] | null>('textDocument/formatting', {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    options: {tabSize: Number(editor.options.tabSize ?? 2), insertSpaces: true},
  });
  const converted = await client.protocol2CodeConverter.asTextEdits(edits);
  if (!converted?.length || document.version !== version) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, converted);
  await vscode.workspace.applyEdit(edit);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  told = false;
  output = vscode.window.createOutputChannel('evcalc', {log: true});
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand('evcalc.restart', () => restart(true)),
    vscode.commands.registerCommand('evcalc.showOutput', () => { output.show(); }),
    vscode.commands.registerCommand('evcalc.pickEventType', pickEventType),
    vscode.commands.registerCommand('evcalc.format', format),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('evcalc.path')) void restart(false);
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.languageId === languageId && idle && !told) void restart(false);
    }));
  await restart(false);
}

export async function deactivate(): Promise<void> {
  await inTurn(stop);
}
