// In the place of vscode-languageclient, whose own business is not tested here.
export const CloseAction = {DoNotRestart: 1, Restart: 2};

export class LanguageClient {
  static readonly made: LanguageClient[] = [];
  static failure: Error | undefined;
  readonly events: string[] = [];
  readonly requests: [string, unknown][] = [];
  answer: unknown = null;
  formatting: unknown; // the selector that formatting is registered for
  readonly server: {command: string; args: string[]; transport?: number};
  readonly options: {documentSelector: {language: string; scheme: string}[]; initializationOptions: () => object; errorHandler: {closed: () => {action: number}}};

  constructor(_id: string, _name: string, server: LanguageClient['server'], options: LanguageClient['options']) {
    this.server = server;
    this.options = options;
    LanguageClient.made.push(this);
  }

  private readonly feature = {
    initialize: (_capabilities: object, selector: unknown): void => { this.formatting = selector; },
  };

  createDefaultErrorHandler(): object {
    return {closed: () => ({action: CloseAction.Restart})};
  }

  getFeature(method: string): object {
    if (method !== 'textDocument/formatting') throw new Error(method);
    return this.feature;
  }

  start(): Promise<void> {
    this.events.push('start');
    if (LanguageClient.failure) return Promise.reject(LanguageClient.failure);
    this.feature.initialize({}, this.options.documentSelector);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.events.push('dispose');
    return Promise.resolve();
  }

  sendRequest(method: string, params: unknown): Promise<unknown> {
    this.requests.push([method, params]);
    return Promise.resolve(this.answer);
  }

  readonly code2ProtocolConverter = {
    asTextDocumentIdentifier: (document: {uri: {fsPath: string}}) => ({uri: `file://${document.uri.fsPath}`}),
  };
  readonly protocol2CodeConverter = {asTextEdits: (edits: unknown) => Promise.resolve(edits ?? undefined)};
}
