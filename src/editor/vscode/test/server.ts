// The real `evcalc lsp`, spoken to as VS Code does, over its standard input and output.
import {spawn, type ChildProcessWithoutNullStreams} from 'node:child_process';
import {once} from 'node:events';
import {
  CompletionRequest, ConfigurationRequest, createProtocolConnection, DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification, ExitNotification, InitializedNotification, InitializeRequest,
  PublishDiagnosticsNotification, RegistrationRequest, ShutdownRequest, StreamMessageReader, StreamMessageWriter,
  type CompletionItem, type Diagnostic, type InitializeResult, type Position, type ProtocolConnection, type TextEdit,
} from 'vscode-languageserver-protocol/node';
import {program} from './support';

const LIMIT = 20_000; // milliseconds

export class Server {
  readonly connection: ProtocolConnection;
  readonly registered: string[] = [];
  settings: object;
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly told = new Map<string, {version: number | undefined; diagnostics: Diagnostic[]}>();
  private wakers: (() => void)[] = [];

  constructor(settings: object) {
    this.settings = settings;
    this.process = spawn(program('EVCALC'), ['lsp']);
    this.process.stderr.pipe(process.stderr);
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout), new StreamMessageWriter(this.process.stdin));
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({uri, version, diagnostics}) => {
      this.told.set(uri, {version, diagnostics});
      this.wakers.splice(0).forEach((wake) => { wake(); });
    });
    this.connection.onRequest(ConfigurationRequest.type, ({items}) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, ({registrations}) => {
      this.registered.push(...registrations.map((one) => one.method));
    });
    this.connection.listen();
  }

  async initialize(folder: string): Promise<InitializeResult> {
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: `file://${folder}`,
      workspaceFolders: [{uri: `file://${folder}`, name: 'folder'}],
      initializationOptions: this.settings,
      capabilities: {
        general: {positionEncodings: ['utf-16']},
        workspace: {configuration: true, didChangeConfiguration: {dynamicRegistration: true}},
        textDocument: {
          completion: {completionItem: {snippetSupport: true, insertReplaceSupport: true}},
          codeAction: {codeActionLiteralSupport: {codeActionKind: {valueSet: ['quickfix', 'source.fixAll']}}},
          publishDiagnostics: {relatedInformation: true, versionSupport: true},
        },
      },
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(uri: string, languageId: string, text: string): Promise<void> {
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type,
      {textDocument: {uri, languageId, version: 1, text}});
  }

  async change(uri: string, version: number, text: string): Promise<void> {
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type,
      {textDocument: {uri, version}, contentChanges: [{text}]});
  }

  /** The next diagnostics of a document for which `right` holds. */
  async diagnostics(uri: string, right: (diagnostics: Diagnostic[], version: number | undefined) => boolean): Promise<Diagnostic[]> {
    const end = Date.now() + LIMIT;
    for (;;) {
      const told = this.told.get(uri);
      if (told && right(told.diagnostics, told.version)) return told.diagnostics;
      if (Date.now() > end) throw new Error(`waited in vain: ${JSON.stringify(told)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.wakers.push(() => { clearTimeout(timer); resolve(); });
      });
    }
  }

  async complete(uri: string, position: Position): Promise<CompletionItem[]> {
    const answer = await this.connection.sendRequest(CompletionRequest.type, {textDocument: {uri}, position});
    return Array.isArray(answer) ? answer : answer?.items ?? [];
  }

  /** Shut down as the protocol has it; the exit status. */
  async end(): Promise<number | null> {
    const exited = once(this.process, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const [status] = await exited as [number | null];
    this.connection.dispose();
    return status;
  }
}

/** The place of the first such piece in a text, in UTF-16 units; or of its end. */
export function place(text: string, piece: string, end = false): Position {
  const at = text.indexOf(piece) + (end ? piece.length : 0);
  const lines = text.slice(0, at).split('\n');
  return {line: lines.length - 1, character: lines.at(-1)!.length};
}

function offset(text: string, {line, character}: Position): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf('\n', at) + 1;
  return at + character;
}

/** The text after the edits. */
export function apply(text: string, edits: TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => offset(text, b.range.start) - offset(text, a.range.start));
  for (const {range, newText} of sorted)
    text = text.slice(0, offset(text, range.start)) + newText + text.slice(offset(text, range.end));
  return text;
}

export function textAt(text: string, {start, end}: {start: Position; end: Position}): string {
  return text.slice(offset(text, start), offset(text, end));
}
