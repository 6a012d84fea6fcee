// Validates what `evcalc check --format sarif` prints against the published schema of SARIF 2.1.0,
// which the npm package @microsoft/jest-sarif carries, with the validator that it depends on.
//
//   NODE_PATH=…/node_modules node sarif_schema.js BINARY DATA-FOLDER
//
// Without the package the test is skipped (exit status 77).
'use strict';
const {spawnSync} = require('child_process');

let Ajv, schema, draft;
try {
  Ajv = require('ajv');
  draft = require('ajv/lib/refs/json-schema-draft-04.json');
  schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
} catch (error) {
  console.log('skipped: ' + error.message.split('\n')[0]);
  process.exit(77);
}

const [binary, folder] = process.argv.slice(2);
const common = ['check', '--format', 'sarif', '--fields', 'fields.json'];
const type = ['-t', 'test.meter.created'];
const runs = [
  {args: ['notifications.json', 'notifications-shape.json', 'notifications-malformed.json']},
  {args: ['terraform-plan.json', 'terraform-state.json', 'missing.json']},
  {args: ['fixes.json', 'notification.json']},
  {args: [...type, '-e', 'new.count = (5 +', 'long.txt']},
  {args: type, input: 'new.count == new.label \u202E and \u001B'},
  {args: type, input: ''},
  {args: [], input: '[]'},
];

const ajv = new Ajv({schemaId: 'auto', allErrors: true, unknownFormats: 'ignore', logger: false});
ajv.addMetaSchema(draft);
const validate = ajv.compile(schema);
let failed = 0;
for (const run of runs) {
  const words = [...common, ...run.args];
  const {stdout} = spawnSync(binary, words, {cwd: folder, input: run.input || '', encoding: 'utf8'});
  if (validate(JSON.parse(stdout))) continue;
  failed++;
  console.log(words.join(' '));
  for (const error of validate.errors) console.log('  ' + error.dataPath + ' ' + error.message);
}
console.log(`${runs.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
